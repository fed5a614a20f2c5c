"""Outlines as people have them: GeoJSON, coordinates, a circle, CAP, a shapefile."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from accounts.operators import Operator, Role
from geofence.area import (
    Area,
    area_of,
    circle_area,
    from_geojson,
    to_geojson,
    unite,
)
from geofence.cap_text import Circle
from geofence.errors import (
    AreaSyntaxError,
    AreaTooLargeError,
    EmptyGeometryError,
    GeofenceError,
)
from geofence.outline_archive import read_outline_archive
from warning.errors import AlertError
from web.console.alerts.starting import fields_of, read_cap
from web.services import options, services
from web.sessions import signed_in

if TYPE_CHECKING:
    from werkzeug.datastructures import FileStorage

bp = Blueprint("outlines", __name__)

_NUMBER = r"[-+]?\d{1,3}(?:\.\d{1,15})?"
_PAIR = re.compile(rf"({_NUMBER})(?:\s*,\s*|\s+)({_NUMBER})")
_CIRCLE = re.compile(rf"{_PAIR.pattern}(?:\s*,\s*|\s+)(\d{{1,4}}(?:\.\d+)?)\s*km")
_BETWEEN = re.compile(r"[;\n]")
_MIN_CORNERS = 3
_MAX_KM = 1_000.0
#: Shapes that are read one by one; nobody draws more.
_MAX_SHAPES = 200
_ZIP = b"PK\x03\x04"
_BOM = b"\xef\xbb\xbf"


@bp.post("/console/outline")
@signed_in(Role.OPERATOR)
def outline(by: Operator) -> Response:
    """Turn what somebody pasted or uploaded into an outline for the map, as JSON.

    Of a CAP document its words come with it, as fields of the form.
    """
    del by
    upload = request.files.get("file")
    fields: dict[str, str] = {}
    try:
        if upload is None:
            area = area_of_text(request.form.get("area", ""))
        else:
            area, fields = _of_file(upload)
    except (GeofenceError, AlertError) as error:
        return _json({"problem": str(error)})
    repairs = [repair.sentence for repair in area.repairs]
    shown = {"area": to_geojson(area.geometry), "repairs": repairs, "fields": fields}
    return _json(shown)


def area_of_text(text: str) -> Area:
    """Read an outline that was drawn, pasted or typed.

    GeoJSON; or pairs of longitude and latitude, one a line or between semicolons; or
    one pair and ``20 km``: a circle.

    Raises
    ------
    AreaTooLargeError
        If it is too long.
    GeofenceError
        Saying what is wrong, and how to write it.
    """
    limits = options().area_limits
    if len(text) > limits.max_bytes:
        raise AreaTooLargeError(
            _("The outline is too long; simplify it. %(n)s bytes are allowed.")
            % {"n": limits.max_bytes}
        )
    if text.lstrip().startswith("{"):
        return _geojson(text)
    lines = [line.strip(" ,\t\r") for line in _BETWEEN.split(text)]
    written = [line for line in lines if line]
    if len(written) == 1 and (found := _CIRCLE.fullmatch(written[0])):
        return _circle(*map(float, found.groups()))
    return _polygon(written)


def _geojson(text: str) -> Area:
    """Read GeoJSON; shapes that were drawn one over the other are simply united."""
    limits = options().area_limits
    try:
        document = json.loads(text)
        features = document["features"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return from_geojson(text, limits=limits)
    if not isinstance(features, list) or not 1 < len(features) <= _MAX_SHAPES:
        return from_geojson(text, limits=limits)
    return unite([from_geojson(one, limits=limits) for one in features])


def _polygon(lines: list[str]) -> Area:
    """A polygon of pairs.

    Raises
    ------
    AreaSyntaxError
        If a line is no pair.
    EmptyGeometryError
        If there are too few.
    """
    corners = []
    for number, line in enumerate(lines, 1):
        found = _PAIR.fullmatch(line)
        if found is None:
            raise AreaSyntaxError(
                _(
                    "Line %(n)s is no pair of coordinates. Write longitude and "
                    "latitude in degrees, one pair a line, such as: 104.92 11.56"
                )
                % {"n": number}
            )
        corners.append((float(found[1]), float(found[2])))
    if len(corners) < _MIN_CORNERS:
        raise EmptyGeometryError(
            _("An area needs three corners; or write a circle: 104.9 11.5 20 km")
        )
    shape = {"type": "Polygon", "coordinates": [[*corners, corners[0]]]}
    return from_geojson(shape, limits=options().area_limits)


def _circle(lon: float, lat: float, radius_km: float) -> Area:
    """A circle.

    Raises
    ------
    AreaTooLargeError
        If it is larger than a country.
    """
    if not 0 < radius_km <= _MAX_KM:
        raise AreaTooLargeError(
            _("The radius must be above 0 and at most %(n)s km.") % {"n": int(_MAX_KM)}
        )
    # Read as a point first: it says what is wrong with a place that is none.
    corner = 1e-6
    near = [(lon, lat), (lon + corner, lat), (lon, lat - corner if lat > 0 else corner)]
    from_geojson({"type": "Polygon", "coordinates": [[*near, near[0]]]})
    return circle_area(Circle(lon, lat, radius_km))


def _of_file(upload: FileStorage) -> tuple[Area, dict[str, str]]:
    """Read a file by what is in it, whatever it is called.

    Raises
    ------
    AreaSyntaxError
        If it is none of what is read here.
    AreaTooLargeError
        If it is too large.
    """
    limits = options().area_limits
    head = upload.stream.read(len(_ZIP))
    upload.stream.seek(0)
    if head.startswith(_ZIP):
        return read_outline_archive(upload.stream, limits=limits), {}
    data = upload.stream.read(limits.max_bytes + 1)
    if len(data) > limits.max_bytes:
        raise AreaTooLargeError(
            _("The file is too large; %(n)s bytes are allowed. Simplify the outline.")
            % {"n": limits.max_bytes}
        )
    plain = data.removeprefix(_BOM).lstrip()
    if plain.startswith(b"<"):
        cap, geometry = read_cap(data)
        return area_of(geometry), fields_of(cap, geometry, now=services().now())
    if not plain.startswith(b"{"):
        raise AreaSyntaxError(
            _("This file is none of GeoJSON, a zipped shapefile, or a CAP document.")
        )
    return from_geojson(data, limits=limits), {}


def _json(document: object) -> Response:
    text = json.dumps(document, ensure_ascii=False)
    return Response(text, mimetype="application/json")
