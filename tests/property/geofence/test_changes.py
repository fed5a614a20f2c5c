"""An index that was changed answers like one built afresh."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point, box

from geofence import Field, Mask, PointIndex
from geofence.checksum import body_sum
from geofence.pages import BODY_SUM, PAGE
from tests.unit.geofence.brute_force import population

WORLD = box(-180, -90, 180, 90)


class Ledger:
    """The plain truth: a list of places per id."""

    def __init__(self):
        self.places = {}

    def upsert(self, ids, lon, lat, words):
        for identity in set(ids):
            self.places[identity] = []
        for identity, x, y, word in zip(ids, lon, lat, words, strict=True):
            self.places[identity].append((x, y, word))

    def remove(self, ids):
        for identity in ids:
            self.places.pop(identity, None)

    def inside(self, area, where=None):
        rows = [(i, *place) for i, some in self.places.items() for place in some]
        if not rows:
            return []
        ids, lon, lat, words = map(np.array, zip(*rows, strict=True))
        good = shapely.intersects_xy(area, lon, lat)
        if where is not None:
            good &= where.matches(words)
        return sorted(set(ids[good].tolist()))


def assert_sound(index):
    """Checksum, totals, boxes and words hold for every page."""
    snapshot = index._snapshot
    store = snapshot.store
    kept = int(store.header[BODY_SUM]) % 2**64
    assert body_sum(snapshot.block, snapshot.layout.n_bytes) == kept
    assert store.total[-1] == len(index)
    for page in range(len(store.keys)):
        slots = slice(page * PAGE, page * PAGE + store.total[page])
        if store.total[page]:
            left, bottom, right, top = store.boxes[page]
            assert left <= store.x[slots].min() <= store.x[slots].max() <= right
            assert bottom <= store.y[slots].min() <= store.y[slots].max() <= top
            used = np.bitwise_or.reduce(store.words[slots])
            assert used & ~store.any_word[page] == 0


places = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 9), st.integers(0, 9)), max_size=40
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("upsert"), places),
        st.tuples(st.just("remove"), st.lists(st.integers(0, 45), max_size=9)),
        st.tuples(st.just("repack"), st.none()),
    ),
    max_size=8,
)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 700), steps, st.sampled_from([0, 2**40]))
def test_after_any_changes_it_answers_like_the_plain_truth(n, changes, offset):
    """Random upserts, removals and re-packs leave a sound and exact index."""
    rng = np.random.default_rng(n)
    ids = rng.integers(0, 300, n) + offset
    lon, lat = rng.integers(0, 10, (2, n)).astype(float)
    words = rng.integers(0, 4, n)
    truth = Ledger()
    truth.upsert(ids.tolist(), lon, lat, words)
    index = PointIndex.build(ids, lon, lat, attributes=words)
    for kind, detail in changes:
        if kind == "upsert":
            some = [row[0] + offset for row in detail]
            xs, ys = [float(r[1]) for r in detail], [float(r[2]) for r in detail]
            marks = [row[0] % 4 for row in detail]
            index.upsert(some, xs, ys, attributes=marks)
            truth.upsert(some, xs, ys, marks)
        elif kind == "remove":
            index.remove([identity + offset for identity in detail])
            truth.remove([identity + offset for identity in detail])
        else:
            index.repack()
    area, mask = box(2, 2, 6, 7), Mask(any_of=1)
    assert sorted(index.inside(area)) == truth.inside(area)
    assert index.count(area) == len(truth.inside(area))
    assert sorted(index.inside(area, where=mask)) == truth.inside(area, mask)
    assert index.count(area, where=mask) == len(truth.inside(area, mask))
    assert_sound(index)


def test_a_mass_move_into_one_village_makes_room():
    """Everybody moving to one town overflows its pages, and nobody is lost."""
    n = 20_000
    lon, lat = population(n, seed=3)
    index = PointIndex.build(np.arange(n), lon, lat)
    rng = np.random.default_rng(4)
    goers = rng.permutation(n)[:9_000]
    for some in np.array_split(goers, 7):
        lon[some] = 104.9 + rng.normal(0, 0.001, len(some))
        lat[some] = 11.5 + rng.normal(0, 0.001, len(some))
        index.upsert(some, lon[some], lat[some])
    village = Point(104.9, 11.5).buffer(0.002)
    lon, lat = np.rint(lon * 1e7) / 1e7, np.rint(lat * 1e7) / 1e7
    expected = np.flatnonzero(shapely.intersects_xy(village, lon, lat))
    assert np.sort(index.inside(village)).tolist() == expected.tolist()
    assert index.count(WORLD) == n
    assert_sound(index)


def test_many_people_at_exactly_one_place_fit():
    """A default position shared by thousands spans many pages."""
    n = 5_000
    index = PointIndex.build(np.arange(n), np.full(n, 1.0), np.full(n, 2.0))
    index.upsert(np.arange(n, n + 300), np.full(300, 1.0), np.full(300, 2.0))
    assert index.count(Point(1, 2).buffer(1e-6)) == n + 300
    assert_sound(index)


def test_a_full_index_is_packed_anew_and_ids_may_outgrow_their_width():
    """Growing beyond the free slots, or beyond 32-bit ids, loses nobody."""
    index = PointIndex.build([1], [0.5], [0.5], revision=3)
    index.upsert(np.arange(1_000), np.full(1_000, 0.5), np.full(1_000, 0.5))
    assert index.count(WORLD) == 1_000
    index.upsert([2**50], [0.5], [0.5], revision=4)
    assert 2**50 in index.inside(WORLD)
    assert index.count(WORLD) == 1_001
    assert index.revision == 4
    assert_sound(index)


def test_the_same_change_twice_is_one_change():
    """An upsert is idempotent."""
    index = PointIndex.build([1, 2], [0.1, 0.2], [0.1, 0.2])
    for _ in range(2):
        index.upsert([2, 2], [0.3, 0.4], [0.3, 0.4], revision=9)
    assert len(index) == 3
    assert sorted(index.inside(WORLD)) == [1, 2]
    assert_sound(index)


def test_changes_of_nothing_change_nothing():
    """Empty upserts and removals are allowed."""
    index = PointIndex.build([1], [0.1], [0.1])
    index.upsert([], [], [])
    assert index.remove([]) == 0
    assert index.remove([77]) == 0
    assert index.count(WORLD) == 1


def test_the_attribute_word_follows_the_point():
    """After a move the new word counts, for filters and for the nearest."""
    skill = Field("skill", 0, 2)
    index = PointIndex.build([1, 2], [0.1, 0.2], [0.1, 0.2], attributes=[1, 1])
    index.upsert([2], [0.2], [0.2], attributes=[2])
    wanted = Mask(among={skill: [2]})
    assert index.inside(WORLD, where=wanted).tolist() == [2]
    assert [hit.id for hit in index.nearest(0, 0, within_m=1e6, limit=5, where=wanted)]


@pytest.mark.parametrize("n_places", [1, 2, 20])
def test_any_number_of_places_per_person(n_places):
    """A person is one person, however many places they have."""
    index = PointIndex.build([5], [0.5], [0.5])
    spots = np.linspace(0, 0.9, n_places)
    index.upsert([5] * n_places, spots, spots)
    assert index.inside(WORLD).tolist() == [5]
    assert len(index) == n_places
    index.upsert([5], [0.1], [0.1])
    assert len(index) == 1
    assert index.inside(WORLD).tolist() == [5]
