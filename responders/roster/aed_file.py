"""A list of AEDs: GeoJSON with OpenStreetMap's tags, or CSV."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from responders.errors import ImportFileError, InvalidPositionError, ResponderError
from responders.roster.aeds import Access, Aed
from responders.roster.import_report import Line, without_repeats
from responders.roster.opening_hours import check_hours
from responders.roster.responder_file import csv_rows

COLUMNS = frozenset(
    {
        "ref",
        "lon",
        "lat",
        "location",
        "opening_hours",
        "access",
        "indoor",
        "code",
    }
)
_NEEDED = frozenset({"ref", "lon", "lat"})
_YES = frozenset({"yes", "1", "true", "room", "area"})
_MAX_TEXT = 300
_UNNAMED = "AED"


def read_aeds(data: bytes) -> list[Line[Aed]]:
    """Read a list of AEDs.

    Parameters
    ----------
    data : bytes
        GeoJSON (a FeatureCollection of points) if it begins with a brace, else CSV.

    Raises
    ------
    ImportFileError
        If the file cannot be used at all.
    """
    if data.lstrip()[:1] == b"{":
        lines = [
            _line(no, _of_feature(feature))
            for no, feature in enumerate(_features(data), 1)
        ]
    else:
        lines = [_line(no, cells) for no, cells in csv_rows(data, COLUMNS, _NEEDED)]
    return without_repeats(lines, key=lambda aed: aed.ref, column="ref")


def _features(data: bytes) -> list[Mapping[str, Any]]:
    """The features of a GeoJSON file.

    Raises
    ------
    ImportFileError
        If it is none.
    """
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ImportFileError("The file is neither GeoJSON nor CSV.") from error
    features = document.get("features")
    if document.get("type") != "FeatureCollection" or not isinstance(features, list):
        raise ImportFileError("The file is no GeoJSON FeatureCollection.")
    return [one if isinstance(one, dict) else {} for one in features]


def _of_feature(feature: Mapping[str, Any]) -> Mapping[str, str]:
    """The cells that the tags of OpenStreetMap stand for."""
    tags = feature.get("properties") or {}
    geometry = feature.get("geometry") or {}
    at = geometry.get("coordinates") if geometry.get("type") == "Point" else None
    lon, lat = at[:2] if isinstance(at, list) and len(at) > 1 else ("", "")
    identity = feature.get("id") or tags.get("@id") or tags.get("id") or tags.get("ref")
    return {
        "ref": f"osm:{identity}" if identity else "",
        "lon": str(lon),
        "lat": str(lat),
        "location": _first(tags, "defibrillator:location", "description", "name"),
        "opening_hours": _first(tags, "opening_hours"),
        "access": _first(tags, "access"),
        "indoor": _first(tags, "indoor"),
        "code": _first(tags, "defibrillator:code", "access_code"),
    }


def _line(line_no: int, cells: Mapping[str, str]) -> Line[Aed]:
    if not cells.get("ref"):
        return Line(line_no=line_no, column="ref", reason="It has no name or number.")
    column = "lon"
    try:
        lon, lat = _position(cells)
        column = "opening_hours"
        hours = check_hours(cells.get("opening_hours", ""))
        column = "lon"
        aed = Aed(
            ref=cells["ref"][:_MAX_TEXT],
            lon=lon,
            lat=lat,
            location=(cells.get("location") or _UNNAMED)[:_MAX_TEXT],
            opening_hours=hours,
            access=_access(cells.get("access", "")),
            is_indoor=cells.get("indoor", "").lower() in _YES,
            cabinet_code=cells.get("code", "")[:_MAX_TEXT],
        )
    except ResponderError as error:
        return Line(line_no=line_no, column=column, reason=str(error))
    return Line(line_no=line_no, value=aed)


def _position(cells: Mapping[str, str]) -> tuple[float, float]:
    """Longitude and latitude.

    Raises
    ------
    InvalidPositionError
        If they are no numbers.
    """
    try:
        return float(cells["lon"]), float(cells["lat"])
    except ValueError as error:
        raise InvalidPositionError("The position is not two numbers.") from error


def _access(word: str) -> Access:
    """Words that OpenStreetMap has and we do not are unknown, not forbidden."""
    try:
        return Access(word.strip().lower())
    except ValueError:
        return Access.UNKNOWN


def _first(tags: Mapping[str, Any], *names: str) -> str:
    return next((str(tags[name]) for name in names if tags.get(name)), "")
