"""From shapely areas to the arrays of rings the kernels take."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geofence.area import Area, area_of
from geofence.errors import AreaTooLargeError
from geofence.repair import AreaGeometry, require_area, require_polygon

MAX_LON = 180.0
MAX_LAT = 90.0
#: Of one area; what comes from outside is held to far less (`geofence.area.Limits`).
MAX_VERTICES = 5_000_000


class Rings(NamedTuple):
    """Rings of one or several areas.

    Parameters
    ----------
    coords : ndarray of float64, shape (n, 2)
        Degrees, x = longitude; every ring closed.
    ring_start : ndarray of int64, shape (n_rings + 1,)
        Where each ring starts.
    is_shell : ndarray of bool, shape (n_rings,)
        False for holes.
    shape_start : ndarray of int64, shape (n_areas + 1,)
        Where the rings of each area start.
    """

    coords: NDArray[np.float64]
    ring_start: NDArray[np.int64]
    is_shell: NDArray[np.bool_]
    shape_start: NDArray[np.int64]


def rings_of(areas: Sequence[AreaGeometry | Area]) -> Rings:
    """Take areas apart into rings.

    Parameters
    ----------
    areas : sequence of shapely Polygon, MultiPolygon or Area
        Longitudes beyond 180 are brought back first.

    Returns
    -------
    Rings

    Raises
    ------
    AreaTooLargeError
        If one has more than `MAX_VERTICES` points.
    EmptyGeometryError
        If an area is empty.
    InvalidCoordinateError
        If a coordinate is not finite or out of range.
    UnsupportedGeometryError
        If one is not an area.
    """
    shapes = [area.geometry if isinstance(area, Area) else area for area in areas]
    for shape in shapes:
        require_polygon(shape)
    sizes = shapely.get_num_coordinates(shapes)
    if len(sizes) and sizes.max() > MAX_VERTICES:
        number = int(sizes.argmax())
        msg = (
            f"Area {number} has {sizes[number]:,} points, more than the "
            f"{MAX_VERTICES:,} that one question may have. Simplify it."
        )
        raise AreaTooLargeError(msg)
    rings = _taken_apart(shapes)
    size = np.abs(rings.coords)
    # Written so that NaN fails too.
    if len(size) and not (size[:, 0].max() <= MAX_LON and size[:, 1].max() <= MAX_LAT):
        rings = _taken_apart([_in_range(shape) for shape in shapes])
    return rings


def united(rings: Rings) -> Rings:
    """Read several areas as one; what any of them holds is inside.

    Parameters
    ----------
    rings : Rings
        Of any number of areas, which may overlap.

    Returns
    -------
    Rings
        Of one area.
    """
    return rings._replace(shape_start=np.array([0, len(rings.is_shell)]))


def _taken_apart(shapes: list[AreaGeometry]) -> Rings:
    """Rings of checked areas."""
    parts, shape_of = shapely.get_parts(shapes, return_index=True)
    rings, part_of = shapely.get_rings(parts, return_index=True)
    is_shell = np.ones(len(rings), dtype=np.bool_)
    is_shell[1:] = part_of[1:] != part_of[:-1]
    ring_start = np.zeros(len(rings) + 1, dtype=np.int64)
    np.cumsum(shapely.get_num_coordinates(rings), out=ring_start[1:])
    shape_start = np.zeros(len(shapes) + 1, dtype=np.int64)
    np.cumsum(
        np.bincount(shape_of[part_of], minlength=len(shapes)), out=shape_start[1:]
    )
    return Rings(shapely.get_coordinates(rings), ring_start, is_shell, shape_start)


def _in_range(shape: AreaGeometry) -> AreaGeometry:
    """Refuse what is not on the earth, turn back what is a turn too far."""
    require_area(shape)
    west, _, east, _ = shape.bounds
    if west >= -MAX_LON and east <= MAX_LON:
        return shape
    return area_of(shape).geometry
