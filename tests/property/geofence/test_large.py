"""What only many people or many edges bring about."""

import numpy as np
import pytest
import shapely
from shapely.geometry import Polygon, box

from geofence import Field, Mask, PointIndex, from_geojson, reading, rings
from geofence.errors import AreaTooLargeError
from tests.unit.geofence.brute_force import ids_inside

LOW, MIDDLE, WIDE = Field("low", 0, 6), Field("middle", 6, 8), Field("wide", 14, 14)


@pytest.fixture(scope="module")
def crowd():
    """Three hundred thousand people, every fifth with a second place."""
    rng = np.random.default_rng(8)
    ids = np.concatenate([np.arange(250_000), np.arange(50_000) * 5])
    lon, lat = np.round(rng.uniform(0, 1, (2, len(ids))), 7)
    words = rng.integers(0, 2**28, 250_000, dtype=np.uint32)[ids]
    return PointIndex.build(ids, lon, lat, attributes=words), ids, lon, lat, words


def coast(n, seed=4):
    """An outline with very many short edges."""
    rng = np.random.default_rng(seed)
    turn = np.linspace(0, 2 * np.pi, n, endpoint=False)
    reach = 0.4 + 0.02 * rng.random(n)
    return Polygon(
        np.column_stack([0.5 + reach * np.cos(turn), 0.5 + reach * np.sin(turn)])
    )


@pytest.mark.parametrize("n", [100, 3_000, 20_000])
def test_any_number_of_edges_per_page_is_exact(crowd, n):
    """Few and hundreds of edges meet the people of one page: the same as one by one."""
    index, ids, lon, lat, _ = crowd
    area = coast(n)
    expected = np.unique(ids[ids_inside(area, lon, lat)])
    assert np.sort(index.inside(area)).tolist() == expected.tolist()
    assert index.count(area) == len(expected)


@pytest.mark.parametrize("where", [None, Mask(any_of=0b1100, among={LOW: range(40)})])
def test_two_threads_find_what_one_does(crowd, monkeypatch, where):
    """Halves of a large answer are put together without a gap or a repetition."""
    index, *_ = crowd
    area = coast(500)
    alone = np.sort(index.inside(area, where=where))
    monkeypatch.setattr(reading, "WORTH_TWO_THREADS", 1_000)
    monkeypatch.setattr(reading, "DETAILED", 100)
    assert np.sort(index.inside(area, where=where)).tolist() == alone.tolist()
    assert index.count(area, where=where) == len(alone)
    assert len(np.unique(alone)) == len(alone)


def test_fields_that_share_a_table_are_counted_apart(crowd):
    """Wide and narrow fields together: each as counting one by one gives."""
    index, ids, lon, lat, words = crowd
    area = box(0.2, 0.2, 0.6, 0.7)
    once = np.unique(ids[ids_inside(area, lon, lat)])
    word_of = np.zeros(250_000, dtype=np.uint32)
    word_of[ids] = words
    result = index.breakdown(area, [LOW, MIDDLE, WIDE])
    assert result.total == len(once)
    for field in (LOW, MIDDLE, WIDE):
        expected = np.bincount(field.of(word_of[once]), minlength=field.size)
        assert result.counts[field.name].tolist() == expected.tolist()


def test_many_areas_with_people_of_several_places(crowd):
    """Each area has its people once, with a filter and without."""
    index, ids, lon, lat, words = crowd
    areas = [box(k / 50, 0.1, k / 50 + 0.3, 0.5) for k in range(30)]
    for where in (None, Mask(none_of=0b1)):
        keep = np.ones(len(ids), bool) if where is None else where.matches(words)
        counts = index.count_many(areas, where=where)
        found = index.inside_many(areas, where=where)
        for area, some, count in zip(areas, found, counts, strict=True):
            inside = shapely.intersects_xy(area, lon, lat) & keep
            assert np.sort(some).tolist() == np.unique(ids[inside]).tolist()
            assert count == len(some)


def test_ten_million_vertices_are_refused_at_once():
    """Before a single one of them is read."""
    ring = [[0.0, 0.0]] * 10_000_000
    with pytest.raises(AreaTooLargeError, match="more than 1,000,000 points"):
        from_geojson({"type": "Polygon", "coordinates": [ring]})


def test_an_area_too_large_for_the_index_is_refused_by_its_number(crowd, monkeypatch):
    """The area is named by its place in the question; the index answers on."""
    index, *_ = crowd
    monkeypatch.setattr(rings, "MAX_VERTICES", 1_000)
    with pytest.raises(AreaTooLargeError, match=r"Area 1 .* 2,001 points"):
        index.inside_many([box(0, 0, 1, 1), coast(2_000)])
    assert index.count(box(0, 0, 1, 1)) == 250_000
