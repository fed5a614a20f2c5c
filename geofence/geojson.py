"""GeoJSON (RFC 7946) to raw polygons and back, within limits.

Reads shapes exactly as given, closes rings, drops heights and repeated points, and
refuses what encloses nobody. Validity is the business of `geofence.repair`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import MultiPolygon, Polygon, mapping
from shapely.geometry.polygon import orient

from geofence.errors import (
    AreaSyntaxError,
    AreaTooLargeError,
    EmptyGeometryError,
    InvalidCoordinateError,
    SwappedAxesError,
    UnsupportedGeometryError,
)
from geofence.repair import AreaGeometry, Repair

MAX_LAT = 90.0
MAX_LON = 540.0
MIN_RING = 4
DECIMALS = 7
#: Numbers of a position that are read, and axes of a table of them.
_LON_LAT, _TABLE = 2, 2


@dataclass(frozen=True, slots=True)
class Limits:
    """How large an area from outside may be.

    Parameters
    ----------
    max_bytes : int
        Of the GeoJSON text.
    max_parts : int
        Polygons over all collections.
    max_vertices : int
        Positions over all rings.
    max_nesting : int
        Collections within collections.
    """

    max_bytes: int = 32 * 1024 * 1024
    max_parts: int = 20_000
    max_vertices: int = 1_000_000
    max_nesting: int = 8


def read_polygons(
    document: Mapping[str, Any], limits: Limits
) -> tuple[MultiPolygon, tuple[Repair, ...]]:
    """Collect every polygon of a GeoJSON document.

    Parameters
    ----------
    document : mapping
        Geometry, Feature or FeatureCollection; ``[lon, lat]`` degrees.
    limits : Limits
        Refuses what is larger.

    Returns
    -------
    geometry : shapely MultiPolygon
        All polygons as given; may be invalid, and parts may overlap.
    repairs : tuple of Repair
        Rings closed, heights and repeated points dropped.

    Raises
    ------
    EmptyGeometryError
        If there is no polygon; others as listed at `geofence.area.from_geojson`.
    """
    reader = _Reader(limits)
    reader.read(document, "the area", 0)
    if not reader.polygons:
        msg = "The area is empty: it holds no polygon. Draw at least one."
        raise EmptyGeometryError(msg)
    return MultiPolygon(reader.polygons), reader.repairs()


def geojson_of(geometry: AreaGeometry) -> dict[str, Any]:
    """Write a polygon or multi-polygon as a GeoJSON mapping.

    Parameters
    ----------
    geometry : shapely Polygon or MultiPolygon
        Degrees, x = longitude.

    Returns
    -------
    dict
        Lists only (ready for JSON), 7 decimals, shells counter-clockwise.
    """
    if isinstance(geometry, MultiPolygon):
        geometry = MultiPolygon([orient(part) for part in geometry.geoms])
    else:
        geometry = orient(geometry)
    shape = shapely.transform(geometry, lambda xy: np.round(xy, DECIMALS))
    document = mapping(shape)
    return {"type": document["type"], "coordinates": _lists(document["coordinates"])}


def _lists(value: Any) -> Any:
    """Tuples to lists, all the way down."""
    return [_lists(item) for item in value] if isinstance(value, tuple) else value


@dataclass
class _Reader:
    """One pass over a document, counting against the limits."""

    limits: Limits
    polygons: list[Polygon] = field(default_factory=list)
    n_vertices: int = 0
    n_closed: int = 0
    n_heights: int = 0
    n_repeated: int = 0
    n_collapsed: int = 0

    def read(self, node: Any, where: str, depth: int) -> None:
        """Dispatch on the GeoJSON type; a null geometry is an empty one.

        Raises
        ------
        AreaSyntaxError
            If it cannot be read; says where.
        AreaTooLargeError
            If a limit is exceeded.
        """
        if depth > self.limits.max_nesting:
            msg = f"Collections are nested more than {self.limits.max_nesting} deep."
            raise AreaTooLargeError(msg)
        if not isinstance(node, Mapping):
            msg = f"{where} must be a GeoJSON object, not {_kind(node)}."
            raise AreaSyntaxError(msg)
        kind = node.get("type")
        if kind == "Feature":
            if node.get("geometry") is not None:
                self.read(node["geometry"], f"{where}.geometry", depth)
        elif kind in {"FeatureCollection", "GeometryCollection"}:
            name = "features" if kind == "FeatureCollection" else "geometries"
            for number, child in enumerate(_list(node.get(name), f"{where}.{name}")):
                self.read(child, f"{where}.{name}[{number}]", depth + 1)
        elif kind in {"Polygon", "MultiPolygon"}:
            coords = _list(node.get("coordinates"), f"{where}.coordinates")
            parts = [coords] if kind == "Polygon" else coords
            for number, rings in enumerate(parts):
                self._polygon(rings, f"{where}, polygon {number + 1}")
        else:
            _refuse_type(kind, where)

    def _polygon(self, rings: Any, where: str) -> None:
        """Shell and holes of one polygon; an empty one adds nothing.

        Raises
        ------
        AreaTooLargeError
            If a limit is exceeded.
        """
        loops = []
        for number, ring in enumerate(_list(rings, where)):
            loop = self._ring(ring, f"{where}, ring {number + 1}", is_shell=number == 0)
            if loop is not None:
                loops.append(loop)
        if not loops:
            return
        if len(self.polygons) >= self.limits.max_parts:
            msg = f"The area has more than {self.limits.max_parts:,} parts."
            raise AreaTooLargeError(msg)
        self.polygons.append(Polygon(loops[0], loops[1:]))

    def _ring(
        self, ring: Any, where: str, *, is_shell: bool
    ) -> NDArray[np.float64] | None:
        """One closed ring of at least three corners; None for a collapsed hole.

        Raises
        ------
        AreaTooLargeError
            If a limit is exceeded.
        EmptyGeometryError
            If nothing is enclosed.
        """
        positions = _list(ring, where)
        self.n_vertices += len(positions)
        if self.n_vertices > self.limits.max_vertices:
            msg = f"The area has more than {self.limits.max_vertices:,} points."
            raise AreaTooLargeError(msg)
        if not positions and is_shell:
            msg = f"{where} is empty. Draw the polygon again."
            raise EmptyGeometryError(msg)
        xy = self._positions(positions, where)
        keep = np.ones(len(xy), dtype=bool)
        keep[1:] = (xy[1:] != xy[:-1]).any(axis=1)
        self.n_repeated += int((~keep).sum())
        xy = xy[keep]
        if len(xy) and (xy[0] != xy[-1]).any():
            xy = np.vstack([xy, xy[:1]])
            self.n_closed += 1
        if len(xy) >= MIN_RING:
            return xy
        if is_shell:
            msg = (
                f"{where} has fewer than three different points and encloses nobody. "
                "Draw it again."
            )
            raise EmptyGeometryError(msg)
        self.n_collapsed += 1
        return None

    def _positions(self, positions: Sequence[Any], where: str) -> NDArray[np.float64]:
        """``[lon, lat(, height)]`` lists to an ``(n, 2)`` float array, checked."""
        try:
            array = np.array(positions)
        except ValueError:
            array = np.array(())
        is_table = array.ndim == _TABLE and array.shape[1] >= _LON_LAT
        if not is_table or array.dtype.kind not in "iuf":
            array = _position_by_position(positions, where)
        if array.shape[1] > _LON_LAT:
            self.n_heights += len(array)
        xy = np.ascontiguousarray(array[:, :2], dtype=np.float64)
        _check_range(xy, where)
        return xy

    def repairs(self) -> tuple[Repair, ...]:
        """What was put right while reading, as sentences."""
        notes = (
            ("ring-closed", self.n_closed, "{} unclosed ring(s) were closed."),
            ("height-dropped", self.n_heights, "Heights of {} point(s) were dropped."),
            ("repeated-point", self.n_repeated, "{} repeated point(s) were dropped."),
            ("hole-dropped", self.n_collapsed, "{} hole(s) without size were dropped."),
        )
        return tuple(Repair(code, text.format(n)) for code, n, text in notes if n)


def _position_by_position(positions: Sequence[Any], where: str) -> NDArray[np.float64]:
    """Read mixed positions one by one, so that an error can name the index.

    Raises
    ------
    AreaSyntaxError
        If it cannot be read; says where.
    InvalidCoordinateError
        If a number is not finite or out of range.
    """
    rows = []
    for index, position in enumerate(positions):
        ok = isinstance(position, list | tuple) and len(position) >= _LON_LAT
        if not ok or not all(
            isinstance(value, int | float) and not isinstance(value, bool)
            for value in position[:2]
        ):
            msg = (
                f"{where}, point {index}: {str(position)[:60]!r} is not "
                "a [longitude, latitude] pair of numbers."
            )
            raise AreaSyntaxError(msg)
        try:
            rows.append((float(position[0]), float(position[1])))
        except OverflowError as error:
            msg = f"{where}, point {index}: the number is out of range."
            raise InvalidCoordinateError(msg) from error
    return np.array(rows, dtype=np.float64).reshape(-1, 2)


def _check_range(xy: NDArray[np.float64], where: str) -> None:
    """Refuse the first position that is not finite or not on the earth.

    Raises
    ------
    InvalidCoordinateError
        If a number is not finite or out of range.
    SwappedAxesError
        If only the other order of axes makes sense.
    """
    good = (np.abs(xy[:, 0]) <= MAX_LON) & (np.abs(xy[:, 1]) <= MAX_LAT)
    if good.all():
        return
    index = int(np.argmin(good))
    lon, lat = xy[index]
    place = f"{where}, point {index} ([{lon:g}, {lat:g}])"
    if not (np.isfinite(lon) and np.isfinite(lat)):
        msg = f"{place} is not finite."
        raise InvalidCoordinateError(msg)
    if (np.abs(xy[:, 0]) <= MAX_LAT).all() and (np.abs(xy[:, 1]) <= MAX_LON).all():
        msg = (
            f"{place} has a latitude beyond 90. The axes are most likely exchanged: "
            "GeoJSON wants [longitude, latitude]. Check, and send it the other way "
            "round."
        )
        ring = xy[:, ::-1].tolist()
        raise SwappedAxesError(msg, swapped={"type": "Polygon", "coordinates": [ring]})
    msg = f"{place} is out of range: longitude is -180 to 180, latitude -90 to 90."
    raise InvalidCoordinateError(msg)


def _list(value: Any, where: str) -> Sequence[Any]:
    """Return the value if it is a list, refuse it otherwise.

    Raises
    ------
    AreaSyntaxError
        If it cannot be read; says where.
    """
    if not isinstance(value, list | tuple):
        msg = f"{where} must be a list, not {_kind(value)}."
        raise AreaSyntaxError(msg)
    return value


def _refuse_type(kind: object, where: str) -> NoReturn:
    """Raise for a type that is not an area.

    Raises
    ------
    AreaSyntaxError
        If it cannot be read; says where.
    UnsupportedGeometryError
        If it is not an area.
    """
    if kind in {"Point", "MultiPoint", "LineString", "MultiLineString"}:
        msg = (
            f"{where} is a {kind}, which encloses nobody. Draw a polygon, or give a "
            "point or line a distance first."
        )
        raise UnsupportedGeometryError(msg)
    msg = f"{where} has the type {str(kind)[:40]!r}, which GeoJSON does not know."
    raise AreaSyntaxError(msg)


def _kind(value: object) -> str:
    """Name the type of a JSON value, for an error message."""
    return "missing" if value is None else type(value).__name__
