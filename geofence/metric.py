"""Metres on the earth: distances, circles and buffers on the WGS 84 ellipsoid.

Shapes made here are supersets: rounding, straight edges and projection always err
outward, so that nobody within the radius is lost. Loads PROJ, hence imported late.
"""

import math
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import Geod
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from geofence.cap_text import Circle
from geofence.errors import InvalidCircleError
from geofence.repair import AreaGeometry, repaired, require_area

WGS84 = Geod(ellps="WGS84")

#: Circles and buffers above this are no local hazard and are refused.
MAX_RADIUS_KM = 5_000.0
MAX_BUFFER_M = 1_000_000.0

#: Where the map is cut, and where it ends.
CUT_DEG, POLE_DEG = 180.0, 90.0
CIRCLE_CORNERS = 128
SAMPLES_PER_EDGE = 8
QUARTER_ARCS = 32
#: GEOS rounds the number of chords of an arc: one may be half as long again.
LONGEST_CHORD = 1.5
#: Longest straight piece of an outline when it is bent onto another plane.
PIECE_M = 1_000.0
#: Extent of a stretch of outline projected around its own centre.
STRETCH_DEG = 1.0
#: What bending pieces of `PIECE_M` can cost, with room to spare.
ALLOWANCE_M = 0.5
DISTORTION = 1.0005


def distance_m(
    lon_a: ArrayLike, lat_a: ArrayLike, lon_b: ArrayLike, lat_b: ArrayLike
) -> NDArray[np.float64]:
    """Geodesic distance (Karney 2013) between points, element by element.

    Parameters
    ----------
    lon_a, lat_a, lon_b, lat_b : array_like of float
        Degrees, WGS 84; shapes must broadcast.

    Returns
    -------
    ndarray of float64
        Metres, of the broadcast shape.
    """
    lon_a, lat_a, lon_b, lat_b = np.broadcast_arrays(lon_a, lat_a, lon_b, lat_b)
    _, _, metres = WGS84.inv(lon_a, lat_a, lon_b, lat_b)
    return np.asarray(metres, dtype=np.float64)


def area_km2(geometry: AreaGeometry) -> float:
    """Size of an area on the ellipsoid, holes subtracted.

    Parameters
    ----------
    geometry : shapely Polygon or MultiPolygon
        Degrees, x = longitude.

    Returns
    -------
    float
        Square kilometres, >= 0.
    """
    total = 0.0
    for part in shapely.get_parts(geometry):
        total += abs(WGS84.geometry_area_perimeter(Polygon(part.exterior))[0])
        for hole in part.interiors:
            total -= abs(WGS84.geometry_area_perimeter(Polygon(hole))[0])
    return float(total / 1e6)


def circle_polygon(circle: Circle) -> AreaGeometry:
    """Return the smallest handy polygon that holds a whole circle.

    Parameters
    ----------
    circle : Circle
        Radius in kilometres, > 0 and at most `MAX_RADIUS_KM`.

    Returns
    -------
    shapely Polygon or MultiPolygon
        128 corners outside the circle, so that its straight edges stay outside too;
        valid, split at the antimeridian, round the pole where it holds one.

    Raises
    ------
    InvalidCircleError
        If the radius is 0 (a place, not a target) or too large.
    """
    if not 0 < circle.radius_km <= MAX_RADIUS_KM:
        msg = (
            f"A circle of {circle.radius_km:g} km cannot be warned: the radius must be "
            f"more than 0 and at most {MAX_RADIUS_KM:g} km."
        )
        raise InvalidCircleError(msg)
    radius_m = circle.radius_km * 1000.0
    reach_m = radius_m / math.cos(math.pi / CIRCLE_CORNERS)
    ring = _circle_ring(circle, reach_m)
    while (nearest_m := _nearest_on_ring_m(circle, ring)) < radius_m:
        reach_m *= 1.0 + max(2e-6, 1.05 * (1.0 - nearest_m / radius_m))
        ring = _circle_ring(circle, reach_m)
    geometry, _ = repaired(Polygon(ring), weighed=True)
    return geometry


def buffer_m(geometry: AreaGeometry, metres: float) -> AreaGeometry:
    """Grow an area by a distance on the ground.

    Parameters
    ----------
    geometry : shapely Polygon or MultiPolygon
        Valid, degrees, x = longitude.
    metres : float
        0 to `MAX_BUFFER_M`; 0 returns the geometry itself.

    Returns
    -------
    shapely Polygon or MultiPolygon
        Holds every point within the distance, and hardly more (0.6 m + 0.2 %).

    Raises
    ------
    InvalidCircleError
        If the distance is negative, not finite or too large.

    Notes
    -----
    The outline is cut into stretches of at most `STRETCH_DEG`; each is grown in the
    azimuthal equidistant projection around its own centre, where distances are true
    to 1 in 10,000, and all are united with the area itself.
    """
    require_area(geometry)
    if not 0 <= metres <= MAX_BUFFER_M:
        msg = (
            f"An area cannot be grown by {metres:g} m: give 0 to {MAX_BUFFER_M:,.0f} m."
        )
        raise InvalidCircleError(msg)
    if metres == 0:
        return geometry
    grown: list[BaseGeometry] = [geometry]
    for ring in shapely.get_rings(geometry):
        coords = _densified(shapely.get_coordinates(ring))
        grown += [_grown_stretch(part, metres) for part in _stretches(coords)]
    area, _ = repaired(_only_polygons(shapely.union_all(grown)), weighed=True)
    return area


def _circle_ring(circle: Circle, reach_m: float) -> NDArray[np.float64]:
    """Corners at a distance, with continuous longitudes; round the pole if need be."""
    azimuth = np.linspace(0.0, 360.0, CIRCLE_CORNERS, endpoint=False)
    n = len(azimuth)
    lon, lat, _ = WGS84.fwd(
        np.full(n, circle.lon), np.full(n, circle.lat), azimuth, np.full(n, reach_m)
    )
    lon = circle.lon + (np.asarray(lon) - circle.lon + 180.0) % 360.0 - 180.0
    lat = np.asarray(lat)
    for pole in (90.0, -90.0):
        if distance_m(circle.lon, circle.lat, circle.lon, pole) <= reach_m:
            return _polar_cap(lon, lat, pole)
    return np.column_stack([lon, lat])


def _polar_cap(
    lon: NDArray[np.float64], lat: NDArray[np.float64], pole: float
) -> NDArray[np.float64]:
    """Everything between a ring of corners and the pole it goes round."""
    lon = (lon + 180.0) % 360.0 - 180.0
    order = np.argsort(lon)
    lon, lat = lon[order], lat[order]
    edge = min(lat[0], lat[-1]) if pole > 0 else max(lat[0], lat[-1])
    lon = np.concatenate([[-180.0], lon, [180.0, 180.0, -180.0]])
    lat = np.concatenate([[edge], lat, [edge, pole, pole]])
    return np.column_stack([lon, lat])


def _nearest_on_ring_m(circle: Circle, ring: NDArray[np.float64]) -> float:
    """Distance from the centre to the nearest sampled point of the straight edges."""
    closed = np.vstack([ring, ring[:1]])
    share = np.arange(SAMPLES_PER_EDGE)[:, None, None] / SAMPLES_PER_EDGE
    points = (closed[:-1] * (1 - share) + closed[1:] * share).reshape(-1, 2)
    # The two sides of a cap that run along the cut are not its boundary.
    holds_pole = np.abs(closed[:-1, 1]).max() == POLE_DEG
    on_cut = (np.abs(points[:, 0]) == CUT_DEG) & holds_pole
    points = points[~on_cut & (np.abs(points[:, 1]) < POLE_DEG)]
    metres = distance_m(circle.lon, circle.lat, points[:, 0], points[:, 1])
    return float(metres.min()) * (1.0 - 1e-6)


def _densified(coords: NDArray[np.float64]) -> NDArray[np.float64]:
    """Insert points so that no piece is longer than `PIECE_M` on the ground."""
    start, end = coords[:-1], coords[1:]
    # A degree is at most 111.7 km along a meridian and along the equator.
    length_m = np.hypot(*(end - start).T) * 111_700.0
    n = np.maximum(1, np.ceil(length_m / PIECE_M)).astype(np.int64)
    edge = np.repeat(np.arange(len(n)), n)
    first = np.cumsum(n) - n
    share = ((np.arange(n.sum()) - first[edge]) / n[edge])[:, None]
    points = start[edge] + (end - start)[edge] * share
    return np.vstack([points, coords[-1:]])


def _stretches(coords: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Cut a line into stretches of limited extent that share their end points."""
    cell = np.floor(coords / STRETCH_DEG)
    cuts = np.flatnonzero((cell[1:] != cell[:-1]).any(axis=1)) + 1
    edges = [0, *cuts.tolist(), len(coords) - 1]
    return [coords[a : b + 1] for a, b in pairwise(edges) if a < b]


def _grown_stretch(coords: NDArray[np.float64], metres: float) -> BaseGeometry:
    """Buffer one stretch of outline around its own centre."""
    lon_0, lat_0 = (coords.min(axis=0) + coords.max(axis=0)) / 2
    n = len(coords)
    azimuth, _, length = WGS84.inv(
        np.full(n, lon_0), np.full(n, lat_0), coords[:, 0], coords[:, 1]
    )
    turn = np.radians(np.asarray(azimuth))
    flat = np.column_stack([length * np.sin(turn), length * np.cos(turn)])
    outset = 1.0 / math.cos(LONGEST_CHORD * math.pi / (4 * QUARTER_ARCS))
    # Distances around the centre stretch with the square of how far out they are.
    far_m = float(np.max(length)) + metres
    stretch = DISTORTION + (far_m / 6_371_000.0) ** 2 / 4
    reach_m = (metres * outset + ALLOWANCE_M) * stretch
    grown = shapely.LineString(flat).buffer(reach_m, quad_segs=QUARTER_ARCS)
    grown = shapely.segmentize(grown, PIECE_M)

    def onto_earth(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        m = len(xy)
        azimuth = np.degrees(np.arctan2(xy[:, 0], xy[:, 1]))
        lon, lat, _ = WGS84.fwd(
            np.full(m, lon_0), np.full(m, lat_0), azimuth, np.hypot(xy[:, 0], xy[:, 1])
        )
        lon = lon_0 + (np.asarray(lon) - lon_0 + 180.0) % 360.0 - 180.0
        return np.column_stack([lon, np.asarray(lat)])

    area, _ = repaired(shapely.transform(grown, onto_earth), weighed=True)
    return area


def _only_polygons(geometry: BaseGeometry) -> BaseGeometry:
    """Drop the lines a union may leave behind."""
    parts = [
        p
        for p in shapely.get_parts(shapely.get_parts(geometry))
        if isinstance(p, Polygon)
    ]
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)
