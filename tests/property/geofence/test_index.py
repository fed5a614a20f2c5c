"""PointIndex answers exactly what testing every point would answer."""

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Point, Polygon, box

from geofence import Field, Mask, PointIndex, area_of
from geofence.errors import (
    EmptyGeometryError,
    GeofenceError,
    InvalidArrayError,
    InvalidCoordinateError,
    InvalidIdError,
    InvalidQueryError,
    UnsupportedGeometryError,
)
from tests.unit.geofence.brute_force import (
    areas_near,
    grid_points,
    ids_inside,
    population,
)

DISTRICTS = Path(__file__).parents[4] / "shared/data/boundaries/khm-districts.geojson"
NOT_FINITE = shapely.transform(
    box(0, 0, 2, 1), lambda xy: np.where(xy == 2, np.inf, xy)
)


@pytest.fixture(scope="module")
def districts():
    """Real district outlines, where the shared data is at hand."""
    if not DISTRICTS.exists():
        pytest.skip(f"boundary data is not here: {DISTRICTS.name}")
    features = json.loads(DISTRICTS.read_text())["features"]
    return [shapely.geometry.shape(feature["geometry"]) for feature in features]


def test_real_districts_hold_exactly_the_points_shapely_says(districts):
    """On real boundaries, vertices and edge midpoints included, nothing differs."""
    lon, lat = population(20_000, seed=1)
    vertices = shapely.get_coordinates(districts[::7])
    middle = (vertices[:-1] + vertices[1:]) / 2
    lon = np.concatenate([lon, vertices[:, 0], middle[:, 0]])
    lat = np.concatenate([lat, vertices[:, 1], middle[:, 1]])
    index = PointIndex.build(np.arange(len(lon)), lon, lat)
    for district in districts:
        expected = ids_inside(district, lon, lat)
        assert np.sort(index.inside(district)).tolist() == expected.tolist()
        assert index.count(district) == len(expected)


@settings(deadline=None, max_examples=200)
@given(areas_near(), st.integers(0, 2**32 - 1))
def test_random_areas_hold_exactly_the_points_shapely_says(area, seed):
    """Holes, slivers, points on vertices and on edges: the same as brute force."""
    lon, lat = grid_points(area, seed)
    index = PointIndex.build(np.arange(len(lon)), lon, lat)
    expected = ids_inside(area, lon, lat)
    assert np.sort(index.inside(area)).tolist() == expected.tolist()
    assert index.count(area) == len(expected)


def test_the_boundary_is_inside_and_a_hole_is_not():
    """Points on the shell and on the rim of a hole are inside, in the hole not."""
    shape = Polygon(box(0, 0, 4, 4).exterior, [box(1, 1, 3, 3).exterior])
    lon, lat = [0, 2, 1, 2, 3, 4, 5], [0, 0, 2, 2, 3, 4, 5]
    index = PointIndex.build(np.arange(7) + 100, lon, lat)
    assert sorted(index.inside(shape)) == [100, 101, 102, 104, 105]


def test_several_places_of_one_person_are_returned_once():
    """An id with many points inside comes once, and counts once."""
    index = PointIndex.build([7, 7, 7, 9], [0.1, 0.2, 5, 0.3], [0.1, 0.2, 5, 0.3])
    assert sorted(index.inside(box(0, 0, 1, 1))) == [7, 9]
    assert index.count(box(0, 0, 1, 1)) == 2
    assert len(index) == 4


def test_ids_are_int64_and_an_area_may_be_given():
    """The answer is a fresh int64 array, also for an `Area`."""
    index = PointIndex.build(np.array([2**40], dtype=np.uint64), [0.5], [0.5])
    ids = index.inside(area_of(box(0, 0, 1, 1)))
    assert ids.dtype == np.int64
    assert ids.tolist() == [2**40]


def test_an_empty_index_answers():
    """No points: nobody is inside."""
    index = PointIndex.build([], [], [])
    assert len(index) == 0
    assert index.inside(box(0, 0, 1, 1)).tolist() == []
    assert index.count(box(0, 0, 1, 1)) == 0
    assert index.nearest(0, 0, within_m=1e6, limit=3) == []


def test_a_filter_keeps_only_matching_words():
    """Only points whose attribute word satisfies the mask are returned."""
    language = Field("language", 0, 3)
    words = [1, 2, 3, 1 | 8]
    index = PointIndex.build([0, 1, 2, 3], [0.5] * 4, [0.5] * 4, attributes=words)
    mask = Mask(none_of=8, among={language: {1, 3}})
    assert sorted(index.inside(box(0, 0, 1, 1), where=mask)) == [0, 2]
    assert index.count(box(0, 0, 1, 1), where=mask) == 2


@pytest.mark.parametrize(
    ("ids", "lon", "lat", "error", "says"),
    [
        ([1, 2], [0.0, np.nan], [0.0, 0.0], InvalidCoordinateError, r"lon\[1\]"),
        ([1, 2], [0.0, 0.0], [np.inf, 0.0], InvalidCoordinateError, r"lat\[0\] = inf"),
        ([1, 2], [0.0, 0.0], [0.0, 104.9], InvalidCoordinateError, "104.9"),
        ([1, 2], [0.0], [0.0, 0.0], InvalidArrayError, "1 values"),
        ([1], [0.0, 1.0], [0.0, 0.0], InvalidArrayError, "1 ids for 2"),
        ([1.5], [0.0], [0.0], InvalidArrayError, "float64"),
        (["a"], [0.0], [0.0], InvalidArrayError, "whole numbers"),
        ([1], ["a"], [0.0], InvalidArrayError, "lon"),
        ([[1]], [[0.0]], [[0.0]], InvalidArrayError, "shape"),
        ([3, -4], [0.0, 0.0], [0.0, 0.0], InvalidIdError, r"ids\[1\] = -4"),
        ([2**62], [0.0], [0.0], InvalidIdError, "ids"),
    ],
)
def test_bad_points_are_refused_by_value_and_index(ids, lon, lat, error, says):
    """The refusal names the array, the value and its index."""
    with pytest.raises(error, match=says):
        PointIndex.build(ids, lon, lat)


def test_a_refused_change_leaves_the_index_as_it_was():
    """Nothing of a refused upsert is kept."""
    index = PointIndex.build([1, 2], [0.1, 0.2], [0.1, 0.2])
    with pytest.raises(InvalidCoordinateError):
        index.upsert([1, 3], [5, np.nan], [5, 5])
    with pytest.raises(InvalidArrayError):
        index.upsert([1], [5.0], [5.0], attributes=[-1])
    assert sorted(index.inside(box(0, 0, 1, 1))) == [1, 2]
    assert len(index) == 2


@pytest.mark.parametrize(
    ("shape", "error"),
    [
        (Polygon(), EmptyGeometryError),
        (MultiPolygon(), EmptyGeometryError),
        (Point(0, 0), UnsupportedGeometryError),
        (shapely.LineString([(0, 0), (1, 1)]), UnsupportedGeometryError),
        ("POLYGON", UnsupportedGeometryError),
        (NOT_FINITE, InvalidCoordinateError),
        (box(0, 0, 1000, 1), InvalidCoordinateError),
    ],
)
def test_what_is_no_area_is_refused(shape, error):
    """Points, lines, nothing, and what is not on the earth enclose nobody."""
    index = PointIndex.build([1], [0], [0])
    with pytest.raises(error):
        index.inside(shape)
    assert issubclass(error, GeofenceError)


def test_upsert_moves_adds_and_remove_takes_away():
    """An upsert replaces every place of an id; a remove takes all of them."""
    index = PointIndex.build([1, 1, 2], [0.1, 5, 0.2], [0.1, 5, 0.2])
    index.upsert([1, 3], [6, 0.3], [6, 0.3], revision=12)
    assert sorted(index.inside(box(0, 0, 1, 1))) == [2, 3]
    assert index.inside(box(4, 4, 5.5, 5.5)).tolist() == []
    assert index.inside(box(5.5, 5.5, 7, 7)).tolist() == [1]
    assert index.revision == 12
    assert index.remove([2, 99]) == 1
    assert index.inside(box(0, 0, 1, 1)).tolist() == [3]


def test_saved_and_opened_is_the_same_index(tmp_path):
    """A saved index answers as before, and keeps its revision."""
    lon, lat = population(3_000, seed=2)
    index = PointIndex.build(np.arange(3_000), lon, lat, revision=5)
    index.save(tmp_path / "points.index")
    again = PointIndex.open(tmp_path / "points.index")
    area = Point(lon[0], lat[0]).buffer(0.5)
    assert np.sort(again.inside(area)).tolist() == ids_inside(area, lon, lat).tolist()
    assert again.revision == 5


def test_nearest_refuses_senseless_questions():
    """Limit and radius are positive, the place is on the earth."""
    index = PointIndex.build([1], [0], [0])
    with pytest.raises(InvalidQueryError):
        index.nearest(0, 0, within_m=0, limit=1)
    with pytest.raises(InvalidQueryError):
        index.nearest(0, 0, within_m=10, limit=0)
    with pytest.raises(InvalidCoordinateError):
        index.nearest(0, 95, within_m=10, limit=1)
