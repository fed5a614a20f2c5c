"""Filters, breakdowns, many areas and arrival times agree with plain counting."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Point, Polygon, box

from geofence import Field, Mask, PointIndex
from geofence.errors import EmptyGeometryError, InvalidArrayError
from tests.unit.geofence.brute_force import areas_near, ids_inside, population

LANGUAGE = Field("language", 0, 2)
CHANNEL = Field("channel", 2, 1)
AREA = Field("area", 8, 8)


@pytest.fixture(scope="module")
def people():
    """Ten thousand people with languages, channels and area numbers."""
    n = 10_000
    lon, lat = population(n, seed=5)
    rng = np.random.default_rng(6)
    words = (
        rng.integers(0, 4, n)
        | (rng.integers(0, 2, n) << 2)
        | (rng.integers(0, 200, n) << 8)
    ).astype(np.uint32)
    index = PointIndex.build(np.arange(n), lon, lat, attributes=words)
    return index, lon, lat, words


def somewhere(lon, lat, at, size):
    """An area around one person."""
    return Point(lon[at], lat[at]).buffer(size)


def test_breakdown_counts_by_language_channel_and_area(people):
    """Counts per value of each field, as counting one by one gives."""
    index, lon, lat, words = people
    area = somewhere(lon, lat, 0, 0.4)
    inside = ids_inside(area, lon, lat)
    result = index.breakdown(area, [LANGUAGE, CHANNEL, AREA])
    assert result.total == len(inside)
    for field in (LANGUAGE, CHANNEL, AREA):
        expected = np.bincount(field.of(words[inside]), minlength=field.size)
        assert result.counts[field.name].tolist() == expected.tolist()


def test_breakdown_counts_a_person_with_several_places_once():
    """The place with the least word speaks for the person."""
    index = PointIndex.build(
        [1, 1, 2], [0.1, 0.2, 0.3], [0.1, 0.2, 0.3], attributes=[3, 2, 2]
    )
    result = index.breakdown(box(0, 0, 1, 1), [LANGUAGE])
    assert result.total == 2
    assert result.counts["language"].tolist() == [0, 0, 2, 0]


def test_breakdown_of_several_areas_is_of_their_union(people):
    """Somebody in two areas counts once."""
    index, lon, lat, _ = people
    one, two = somewhere(lon, lat, 0, 0.3), somewhere(lon, lat, 0, 0.4)
    both = index.breakdown([one, two], [CHANNEL])
    assert both.total == index.count(two)


@given(st.integers(0, 15), st.integers(0, 15), st.sets(st.integers(0, 3)))
@settings(deadline=None, max_examples=50)
def test_any_filter_keeps_what_its_mask_matches(people, all_of, none_of, languages):
    """Ids, counts and breakdown with a filter agree with the mask itself."""
    index, lon, lat, words = people
    mask = Mask(all_of=all_of & 4, none_of=none_of & 4, among={LANGUAGE: languages})
    area = somewhere(lon, lat, 7, 0.2)
    inside = ids_inside(area, lon, lat)
    expected = inside[mask.matches(words[inside])]
    assert np.sort(index.inside(area, where=mask)).tolist() == expected.tolist()
    assert index.count(area, where=mask) == len(expected)
    assert index.breakdown(area, [CHANNEL], where=mask).total == len(expected)


def test_many_areas_in_one_call_are_each_answered(people):
    """The answer to many areas is the answers one by one."""
    index, lon, lat, _ = people
    areas = [somewhere(lon, lat, at, 0.01 + 0.02 * at) for at in range(20)]
    areas.append(MultiPolygon([box(0, 0, 1, 1), box(103, 11, 104, 12)]))
    counts = index.count_many(areas)
    for area, ids, count in zip(areas, index.inside_many(areas), counts, strict=True):
        assert np.sort(ids).tolist() == ids_inside(area, lon, lat).tolist()
        assert count == len(ids)
    assert index.inside_many([]) == []
    with pytest.raises(EmptyGeometryError):
        index.inside_many([box(0, 0, 1, 1), Polygon()])


@settings(deadline=None, max_examples=50)
@given(areas_near(), areas_near(), st.integers(0, 99))
def test_overlapping_areas_mean_their_union(one, two, seed):
    """Inside any of several areas is inside their union, without computing it."""
    rng = np.random.default_rng(seed)
    low = np.min([one.bounds[:2], two.bounds[:2]], axis=0)
    high = np.max([one.bounds[2:], two.bounds[2:]], axis=0)
    lon, lat = np.round(rng.uniform(low, high, (800, 2)), 7).T
    index = PointIndex.build(np.arange(800), lon, lat)
    expected = np.union1d(ids_inside(one, lon, lat), ids_inside(two, lon, lat))
    assert np.sort(index.inside_any([one, two])).tolist() == expected.tolist()
    parts = MultiPolygon([*one.geoms, *two.geoms])
    assert np.sort(index.inside(parts)).tolist() == expected.tolist()


def test_earliest_arrival_over_areas_and_places():
    """The first area to reach any place of a person gives their time."""
    index = PointIndex.build([1, 1, 2, 3], [0.5, 5.5, 5.5, 9], [0.5, 5.5, 5.5, 9])
    areas = [box(5, 5, 6, 6), box(0, 0, 1, 1), box(0, 0, 6, 6)]
    ids, arrival_s = index.earliest(areas, [600, 60.0, 900])
    assert ids.tolist() == [1, 2]
    assert arrival_s.tolist() == [60, 600]
    ids, arrival_s = index.earliest([], [])
    assert ids.tolist() == []
    for bad in ([1, 2], [1, 2, np.nan], ["a", "b", "c"]):
        with pytest.raises(InvalidArrayError):
            index.earliest(areas, bad)


def test_longitudes_beyond_180_are_brought_back():
    """An area drawn past the antimeridian holds the people on the other side."""
    index = PointIndex.build([1, 2], [-179.5, 179.5], [0, 0])
    assert sorted(index.inside(box(179, -1, 181, 1))) == [1, 2]


def test_edges_longer_than_doubles_can_take_are_exact():
    """Across the whole earth a point beside or on a diagonal is told apart."""
    shape = Polygon([(-180, -90), (180, 89.9999999), (180, 90), (-180, 90)])
    x = np.array([-1_800_000_000, -1, 0, 1, 1_799_999_999])
    on_line = (x + 1_800_000_000) * 1_799_999_999 // 3_600_000_000 - 900_000_000
    lon = np.repeat(x, 3) / 1e7
    lat = np.maximum(np.repeat(on_line, 3) + np.tile([-1, 0, 1], 5), -9e8) / 1e7
    index = PointIndex.build(np.arange(15), lon, lat)
    expected = ids_inside(shape, lon, lat).tolist()
    assert np.sort(index.inside(shape)).tolist() == expected


def test_invalid_outlines_never_lose_a_lobe():
    """A bow tie given raw holds both of its halves."""
    index = PointIndex.build([1, 2], [0.1, 0.9], [0.5, 0.5])
    bow = Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    assert not shapely.is_valid(bow)
    assert sorted(index.inside(bow)) == [1, 2]
