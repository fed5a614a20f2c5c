"""The reverse questions: which live areas."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point, Polygon, box

from geofence import area_of
from geofence.errors import EmptyGeometryError, InvalidCoordinateError
from geofence.overlap import AreaTree


def test_overlaps_are_found_and_mere_neighbours_of_the_box_are_not():
    """Only areas that truly share a point are named, also at a mere corner."""
    tree = AreaTree(
        {
            3: Polygon([(0, 0), (4, 0), (0, 4)]),
            5: area_of(box(5, 5, 6, 6)),
            9: box(3, 3, 5, 5),
        }
    )
    assert tree.overlapping(box(3.5, 3.5, 4, 4)) == [9]
    assert tree.overlapping(box(1, 1, 4, 4)) == [3, 9]
    assert tree.overlapping(Point(5, 5).buffer(0.1)) == [5, 9]


def test_areas_come_and_go():
    """An ended alert is no longer found; a new version replaces the old."""
    tree = AreaTree({1: box(0, 0, 1, 1)})
    tree.put(1, box(5, 5, 6, 6))
    assert tree.holding(0.5, 0.5) == []
    assert tree.holding(5.5, 5.5) == [1]
    tree.drop(1)
    tree.drop(1)
    assert len(tree) == 0
    assert tree.overlapping(box(-180, -90, 180, 90)) == []


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_holding_many_is_holding_one_by_one(seed):
    """Pairs of point and area, as asking for each point gives."""
    rng = np.random.default_rng(seed)
    corners = rng.uniform(0, 9, (12, 2))
    areas = {i: box(x, y, x + 1, y + 2) for i, (x, y) in enumerate(corners)}
    tree = AreaTree(areas)
    lon, lat = rng.uniform(0, 10, (2, 30))
    expected = [
        [at, key]
        for at in range(30)
        for key in areas
        if areas[key].covers(Point(lon[at], lat[at]))
    ]
    assert tree.holding_many(lon, lat).tolist() == expected


def test_bad_questions_are_refused():
    """No area, no point on the earth."""
    tree = AreaTree({})
    assert tree.holding_many([], []).tolist() == []
    with pytest.raises(EmptyGeometryError):
        tree.put(1, Polygon())
    with pytest.raises(InvalidCoordinateError):
        tree.holding(200, 0)
