"""Areas in and out: GeoJSON and CAP text to valid polygons, and back.

The only place where axis order turns: CAP writes ``lat,lon``, GeoJSON and everything
inside this project ``lon, lat``. Knows nothing of alerts, people or files.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import shapely
from shapely.geometry import MultiPolygon, Polygon

from geofence.cap_text import (
    Circle,
    format_circle,
    format_polygon,
    parse_circle,
    parse_polygon,
)
from geofence.errors import AreaSyntaxError, AreaTooLargeError, EmptyGeometryError
from geofence.geojson import Limits, geojson_of, read_polygons
from geofence.repair import AreaGeometry, Repair, repaired

__all__ = [
    "DEFAULT_LIMITS",
    "Area",
    "Circle",
    "Limits",
    "Repair",
    "area_of",
    "circle_area",
    "format_circle",
    "format_polygon",
    "from_geojson",
    "parse_circle",
    "parse_polygon",
    "to_geojson",
    "unite",
]

GeoJson: TypeAlias = Mapping[str, Any] | str | bytes

#: What is accepted from outside unless the settings say otherwise.
DEFAULT_LIMITS = Limits()


@dataclass(frozen=True)
class Area:
    """A valid area on the earth, with what was done to make it so.

    Parameters
    ----------
    geometry : shapely Polygon or MultiPolygon
        Valid, WGS 84 degrees, x = longitude in [-180, 180], y = latitude; split where
        it crosses the antimeridian.
    repairs : tuple of Repair
        What was changed on the way in, in order; empty if nothing was.
    """

    geometry: AreaGeometry
    repairs: tuple[Repair, ...] = ()

    @cached_property
    def area_km2(self) -> float:
        """Size on the WGS 84 ellipsoid, square kilometres, holes subtracted."""
        from geofence.metric import area_km2  # noqa: PLC0415 - loads PROJ

        return area_km2(self.geometry)

    @property
    def n_vertices(self) -> int:
        """Vertices over all rings, closing vertices included."""
        return int(shapely.get_num_coordinates(self.geometry))


def area_of(geometry: Polygon | MultiPolygon, *, weighed: bool = False) -> Area:
    """Repair and normalise a polygon that did not come as GeoJSON.

    Parameters
    ----------
    geometry : shapely Polygon or MultiPolygon
        Degrees, x = longitude; may be invalid or cross the antimeridian.
    weighed : bool
        True if `geofence.tangle.is_tangled` has been asked already.

    Returns
    -------
    Area
        With every repair reported.

    Raises
    ------
    EmptyGeometryError
        If nothing is enclosed.
    InvalidCoordinateError
        If a coordinate is not finite or out of range.
    TangledAreaError
        If it crosses itself so often that no place can be meant.
    UnsupportedGeometryError
        If it is not a polygon, or encloses a pole.
    """
    geometry, repairs = repaired(geometry, weighed=weighed)
    return Area(geometry, repairs)


def circle_area(circle: Circle) -> Area:
    """Return the area of a circle, a little larger than it.

    Parameters
    ----------
    circle : Circle
        Radius in kilometres, > 0.

    Returns
    -------
    Area
        The polygon of `geofence.metric.circle_polygon`; no repairs.

    Raises
    ------
    InvalidCircleError
        If the radius is 0 (a place, not a target) or too large.
    """
    from geofence.metric import circle_polygon  # noqa: PLC0415 - loads PROJ

    return Area(circle_polygon(circle))


def from_geojson(obj: GeoJson, *, limits: Limits = DEFAULT_LIMITS) -> Area:
    """Read a geometry, Feature or FeatureCollection (RFC 7946) as one area.

    Parameters
    ----------
    obj : mapping, str or bytes
        GeoJSON, as a mapping or as text; positions are ``[lon, lat]``. Several
        polygons mean their union; collections may nest.
    limits : Limits
        Refuses what is larger.

    Returns
    -------
    Area
        Valid geometry and the list of repairs (unclosed rings, heights dropped,
        duplicate points, self-crossings, longitudes beyond 180, ...).

    Raises
    ------
    AreaSyntaxError
        If it is not JSON or not GeoJSON; says where.
    AreaTooLargeError
        If a limit is exceeded.
    EmptyGeometryError
        If nothing is enclosed.
    InvalidCoordinateError
        If a coordinate is not finite or out of range; `SwappedAxesError` if the
        axes are most likely exchanged, offering the other reading.
    TangledAreaError
        If it crosses itself so often that no place can be meant.
    UnsupportedGeometryError
        If it holds points or lines: those enclose nobody.

    Examples
    --------
    >>> area = from_geojson(
    ...     '{"type": "Polygon", "coordinates": [[[104, 11], [105, 11], [105, 12]]]}'
    ... )
    >>> [repair.code for repair in area.repairs]
    ['ring-closed']
    """
    document = _document(obj, limits)
    drawn, notes = read_polygons(document, limits)
    geometry, repairs = repaired(drawn)
    return Area(geometry, notes + repairs)


def to_geojson(geometry: AreaGeometry) -> dict[str, Any]:
    """Write a geometry as a GeoJSON mapping, ``[lon, lat]``, 7 decimals.

    Parameters
    ----------
    geometry : shapely Polygon or MultiPolygon
        Degrees, x = longitude.

    Returns
    -------
    dict
        ``{"type": ..., "coordinates": ...}``; shells counter-clockwise (RFC 7946,
        3.1.6).
    """
    return geojson_of(geometry)


def unite(areas: Iterable[Area]) -> Area:
    """Join areas into one that holds everybody any of them holds.

    Parameters
    ----------
    areas : iterable of Area
        At least one.

    Returns
    -------
    Area
        The union; repairs of all, in order.

    Raises
    ------
    EmptyGeometryError
        If there is no area to unite.
    """
    several = list(areas)
    if not several:
        msg = "There is no area to unite. Give at least one polygon or circle."
        raise EmptyGeometryError(msg)
    if len(several) == 1:
        return several[0]
    union, repairs = repaired(shapely.union_all([area.geometry for area in several]))
    return Area(union, sum((area.repairs for area in several), ()) + repairs)


def _document(obj: GeoJson, limits: Limits) -> Mapping[str, Any]:
    """GeoJSON text to a mapping, with the limit in bytes applied first.

    Raises
    ------
    AreaSyntaxError
        If it cannot be read; says where.
    AreaTooLargeError
        If a limit is exceeded.
    """
    if isinstance(obj, Mapping):
        return obj
    if len(obj) > limits.max_bytes:
        msg = (
            f"The area is {len(obj):,} bytes long, more than the {limits.max_bytes:,} "
            "allowed. Simplify it or raise the limit in the settings."
        )
        raise AreaTooLargeError(msg)
    # Each position has a bracket of its own, and a ring at least four positions: far
    # too many are told before they become a million lists.
    n_brackets = obj.count("[") if isinstance(obj, str) else obj.count(b"[")
    if n_brackets > 2 * limits.max_vertices:
        msg = f"The area has more than {limits.max_vertices:,} points."
        raise AreaTooLargeError(msg)
    try:
        document = json.loads(obj)
    except RecursionError as error:
        msg = "The GeoJSON is nested too deeply to be an area."
        raise AreaTooLargeError(msg) from error
    except ValueError as error:
        msg = f"This is not JSON: {error}. Check that the file is complete."
        raise AreaSyntaxError(msg) from error
    if not isinstance(document, Mapping):
        msg = f"GeoJSON must be an object, not {type(document).__name__}."
        raise AreaSyntaxError(msg)
    return document
