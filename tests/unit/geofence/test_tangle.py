"""Shapes that would take the geometry engine for ever are told from real ones."""

import json
import math
from pathlib import Path

import pytest
from shapely.geometry import MultiPolygon, Polygon, box

from geofence.area import area_of, from_geojson
from geofence.boundaries import read_areas
from geofence.boundary_errors import BoundaryFileError
from geofence.errors import TangledAreaError
from geofence.tangle import is_tangled


def circle(n: int, radius: float = 1.0) -> list[tuple[float, float]]:
    """Return the corners of a regular polygon."""
    turns = (2 * math.pi * k / n for k in range(n))
    return [(radius * math.cos(turn), radius * math.sin(turn)) for turn in turns]


def star(n: int) -> Polygon:
    """Return a polygon whose edges nearly all cross each other."""
    return Polygon([(math.cos(3 * k), math.sin(3 * k)) for k in range(n)])


def comb(n: int) -> Polygon:
    """Return a valid polygon of slanted teeth: no crossing, and every edge is close."""
    teeth = [(k / n + k % 2, float(k % 2)) for k in range(n)]
    return Polygon([*teeth, (3, -1), (0, -1)])


@pytest.mark.parametrize(
    ("name", "shapes"),
    [
        ("nothing", []),
        ("a square", [box(0, 0, 1, 1)]),
        ("a real outline's number of points", [Polygon(circle(20_000))]),
        ("with a hole", [Polygon(circle(500), [circle(400, 0.5)])]),
        ("neighbours with a shared border", [box(k, 0, k + 1, 1) for k in range(900)]),
        ("two parts", [MultiPolygon([box(0, 0, 1, 1), box(2, 0, 3, 1)])]),
        ("a bow tie", [Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])]),
        ("the same shape in four languages", [Polygon(circle(3_000))] * 4),
    ],
)
def test_real_shapes_pass(name: str, shapes: list[Polygon]) -> None:
    """Large, many, invalid, repeated: all still places."""
    assert not is_tangled(shapes), name


@pytest.mark.parametrize(
    ("name", "shapes"),
    [
        ("one that crosses itself everywhere", [star(400)]),
        ("one with every edge beside every other", [comb(1_600)]),
        ("many that are harmless alone", [star(60)] * 12),
        ("many parts of one", [MultiPolygon([star(60)] * 12)]),
    ],
)
def test_tangles_do_not(name: str, shapes: list[Polygon]) -> None:
    """Too many crossings or too many close pairs, alone or together."""
    assert is_tangled(shapes), name


def test_no_intake_works_on_a_tangle() -> None:
    """GeoJSON and any other outline are refused before they are checked or mended."""
    hostile = star(2_000)
    with pytest.raises(TangledAreaError, match="no place can be meant"):
        area_of(hostile)
    with pytest.raises(TangledAreaError):
        from_geojson(hostile.__geo_interface__)
    many = MultiPolygon([star(60)] * 12)
    with pytest.raises(TangledAreaError):
        from_geojson(many.__geo_interface__)


def test_a_boundary_file_with_a_tangle_is_refused_by_its_row(tmp_path: Path) -> None:
    """A file is read row by row, and the row is named."""
    path = tmp_path / "a.geojson"
    outline = star(2_000).__geo_interface__
    row = {"type": "Feature", "properties": {"code": "x", "name": "X"}}
    rows = {"type": "FeatureCollection", "features": [row | {"geometry": outline}]}
    path.write_text(json.dumps(rows))
    with pytest.raises(BoundaryFileError, match=r"Row 1 .* no place can be meant"):
        read_areas(path)
