"""Make an area valid and put it on the map: -180 to 180, split at the antimeridian.

Nothing is repaired silently: each change is a `Repair` the operator is shown. Where
a repair could be read two ways the larger area wins, because a missed family is
worse than a needless warning.
"""

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.affinity import translate
from shapely.geometry import MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry

from geofence.errors import (
    EmptyGeometryError,
    InvalidCoordinateError,
    SwappedAxesError,
    TangledAreaError,
    UnsupportedGeometryError,
)
from geofence.tangle import is_tangled

AreaGeometry: TypeAlias = Polygon | MultiPolygon

HALF_TURN = 180.0
TURN = 360.0
MAX_LAT = 90.0
MAX_LON = 540.0
NO_CHANGE = 1e-12


@dataclass(frozen=True, slots=True)
class Repair:
    """One thing that was changed to make an area usable.

    Parameters
    ----------
    code : str
        ``ring-closed``, ``height-dropped``, ``repeated-point``, ``hole-dropped``,
        ``made-valid``, ``longitude-normalised`` or ``antimeridian-split``.
    sentence : str
        The same for a reader.
    """

    code: str
    sentence: str


def repaired(
    geometry: BaseGeometry, *, weighed: bool = False
) -> tuple[AreaGeometry, tuple[Repair, ...]]:
    """Return a valid area in range, and what was done for it.

    Parameters
    ----------
    geometry : shapely Polygon or MultiPolygon
        Degrees, x = longitude, at most one turn beyond 180.
    weighed : bool
        True if `geofence.tangle.is_tangled` has been asked already.

    Returns
    -------
    geometry : shapely Polygon or MultiPolygon
        Valid, longitudes in [-180, 180]; a single part comes as a Polygon.
    repairs : tuple of Repair
        Empty if nothing had to change.

    Raises
    ------
    EmptyGeometryError
        If nothing is enclosed.
    InvalidCoordinateError
        If a coordinate is not finite or out of range.
    TangledAreaError
        If checking and mending it would take for ever.
    UnsupportedGeometryError
        If it is not a polygon, or encloses a pole.
    """
    area = require_area(geometry)
    if not weighed and is_tangled([area]):
        msg = (
            "The outline crosses itself so often that no place can be meant. Check "
            "where it comes from, or draw the area."
        )
        raise TangledAreaError(msg)
    repairs: list[Repair] = []
    if shapely.has_z(area):
        area = shapely.force_2d(area)
        repairs.append(Repair("height-dropped", "Heights were dropped."))
    area = _on_one_turn(area, repairs)
    area = _valid(area, repairs)
    area = _in_range(area, repairs)
    return area, tuple(repairs)


def require_area(geometry: object) -> AreaGeometry:
    """Return the geometry if it is a non-empty area in range, refuse it otherwise.

    Parameters
    ----------
    geometry : object
        Hopefully a shapely Polygon or MultiPolygon.

    Returns
    -------
    shapely Polygon or MultiPolygon
        The same object.

    Raises
    ------
    InvalidCoordinateError
        If a coordinate is not finite or not on the earth; names it and its index.
    SwappedAxesError
        If the coordinates make sense only the other way round.

    Notes
    -----
    Refuses what `require_polygon` refuses, too.
    """
    area = require_polygon(geometry)
    xy = shapely.get_coordinates(area)
    good = (np.abs(xy[:, 0]) <= MAX_LON) & (np.abs(xy[:, 1]) <= MAX_LAT)
    if not good.all():
        index = int(np.argmin(good))
        lon, lat = xy[index]
        msg = (
            f"Point {index} of the area ({lon:g}, {lat:g}) is not a longitude of "
            "-180 to 180 and a latitude of -90 to 90."
        )
        lons_fit = bool((np.abs(xy[:, 0]) <= MAX_LAT).all())
        if lons_fit and MAX_LAT < abs(lat) <= HALF_TURN:
            raise SwappedAxesError(
                msg + " The axes are most likely exchanged: x is the longitude.",
                swapped=shapely.transform(area, lambda pairs: pairs[:, ::-1]),
            )
        raise InvalidCoordinateError(msg)
    return area


def require_polygon(geometry: object) -> AreaGeometry:
    """Return the geometry if it is a non-empty polygon, whatever its coordinates.

    Parameters
    ----------
    geometry : object
        Hopefully a shapely Polygon or MultiPolygon.

    Returns
    -------
    shapely Polygon or MultiPolygon
        The same object.

    Raises
    ------
    EmptyGeometryError
        If it is empty.
    UnsupportedGeometryError
        If it is anything else than a polygon.
    """
    if not isinstance(geometry, Polygon | MultiPolygon):
        kind = getattr(geometry, "geom_type", type(geometry).__name__)
        msg = f"A {kind} encloses nobody. Give a polygon or a multi-part polygon."
        raise UnsupportedGeometryError(msg)
    if geometry.is_empty:
        msg = "The area is empty. Draw at least one polygon."
        raise EmptyGeometryError(msg)
    return geometry


def _polygons(geometry: BaseGeometry) -> list[Polygon]:
    """Parts with size of any geometry."""
    parts = shapely.get_parts(geometry)
    flat = [part for part in parts if isinstance(part, Polygon) and part.area > 0]
    for part in parts:
        if isinstance(part, MultiPolygon):
            flat.extend(_polygons(part))
    return flat


def _one(polygons: list[Polygon]) -> AreaGeometry:
    """Polygon for one part, MultiPolygon for several; refuses none.

    Raises
    ------
    EmptyGeometryError
        If nothing is enclosed.
    """
    if not polygons:
        msg = "The area encloses nobody: its outline has no size. Draw it again."
        raise EmptyGeometryError(msg)
    return polygons[0] if len(polygons) == 1 else MultiPolygon(polygons)


def _on_one_turn(area: AreaGeometry, repairs: list[Repair]) -> AreaGeometry:
    """Draw rings that jump across the antimeridian without the jump."""
    parts = list(shapely.get_parts(area))
    done = [_unwrapped(part) for part in parts]
    if all(new is old for new, old in zip(done, parts, strict=True)):
        return area
    repairs.append(
        Repair(
            "longitude-normalised",
            "An outline that jumps across the antimeridian was read the short way.",
        )
    )
    return _one(done)


def _unwrapped(polygon: Polygon) -> Polygon:
    """Return a polygon with continuous longitudes; the same object if it had them."""
    rings = [np.asarray(polygon.exterior.coords)[:, :2]]
    rings += [np.asarray(ring.coords)[:, :2] for ring in polygon.interiors]
    # A jump of a whole turn joins -180 to 180 on purpose (maps of the whole world).
    jumps = [np.abs(np.diff(ring[:, 0])) for ring in rings]
    if not any(((j > HALF_TURN) & (j < TURN)).any() for j in jumps):
        return polygon
    smooth = [_unwrapped_ring(ring) for ring in rings]
    west = smooth[0][:, 0].min()
    for hole in smooth[1:]:
        hole[:, 0] += TURN * math.ceil((west - hole[:, 0].min()) / TURN)
    return Polygon(smooth[0], smooth[1:])


def _unwrapped_ring(ring: NDArray[np.float64]) -> NDArray[np.float64]:
    """Continuous longitudes along one ring; refuses one that goes round a pole.

    Raises
    ------
    UnsupportedGeometryError
        If it is not an area.
    """
    step = np.diff(ring[:, 0])
    step -= TURN * np.round(step / TURN)
    lon = ring[0, 0] + np.concatenate([[0.0], np.cumsum(step)])
    if abs(lon[-1] - lon[0]) > HALF_TURN:
        msg = "The outline goes round a pole. Cut it at the 180 degree meridian."
        raise UnsupportedGeometryError(msg)
    lon[-1] = lon[0]
    # Keep untouched vertices bit for bit: only whole turns may be added.
    lon = ring[:, 0] + TURN * np.round((lon - ring[:, 0]) / TURN)
    return np.column_stack([lon, ring[:, 1]])


def _valid(area: AreaGeometry, repairs: list[Repair]) -> AreaGeometry:
    """Repair crossings so that everything enclosed once or more stays enclosed."""
    if area.is_valid:
        return _one(_polygons(area))
    where = shapely.is_valid_reason(area)
    # "structure" keeps what is covered twice; "linework" would cut it out.
    fixed = shapely.make_valid(area, method="structure", keep_collapsed=False)
    valid = _one(_polygons(fixed))
    before = sum(abs(Polygon(part.exterior).area) for part in shapely.get_parts(area))
    change = 100.0 * (valid.area - before) / before if before > NO_CHANGE else 0.0
    repairs.append(
        Repair(
            "made-valid",
            f"The outline crosses or touches itself ({where}): all that it goes round "
            f"counts as inside, which changes its size by {change:+.2f} %. Look at the "
            "area before it is used; if it is not what was meant, correct the outline.",
        )
    )
    return valid


def _in_range(area: AreaGeometry, repairs: list[Repair]) -> AreaGeometry:
    """Bring longitudes into -180 to 180, cutting at the antimeridian."""
    west, _, east, _ = area.bounds
    if west >= -HALF_TURN and east <= HALF_TURN:
        return area
    pieces: list[Polygon] = []
    first = math.floor((west + HALF_TURN) / TURN)
    last = math.ceil((east - HALF_TURN) / TURN)
    for turn in range(first, last + 1):
        frame = box(TURN * turn - HALF_TURN, -90, TURN * turn + HALF_TURN, 90)
        # The whole area where it fits: no vertex is touched by a cut.
        piece = area if frame.covers(area) else shapely.intersection(area, frame)
        pieces += _polygons(translate(piece, -TURN * turn))
    repairs.append(
        Repair("longitude-normalised", "Longitudes beyond 180 were brought back.")
    )
    if first != last:
        repairs.append(
            Repair("antimeridian-split", "The area was cut at the antimeridian.")
        )
    return _one(_polygons(shapely.union_all(pieces)))
