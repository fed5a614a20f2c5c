"""The nearest are those with the least geodesic distance, wherever on the earth."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geofence import Field, Mask, PointIndex
from geofence.metric import distance_m

SKILL = Field("skill", 0, 4)


def plain_nearest(ids, lon, lat, good, *, here, within_m, limit):
    """Sort everybody by distance."""
    metres = distance_m(*here, lon, lat).round(6)
    least = {}
    for identity, d, ok in zip(ids.tolist(), metres.tolist(), good, strict=True):
        if ok and d <= within_m:
            least[identity] = min(d, least.get(identity, d))
    return sorted((d, i) for i, d in least.items())[:limit]


centres = st.sampled_from(
    [(104.9, 11.5), (179.99, 0.0), (-180, -17), (0, 89.9), (33, -90), (10, 60), (0, 0)]
)


@settings(deadline=None, max_examples=80)
@given(
    centres,
    st.sampled_from([0.0, 0.001, 0.1, 3, 60]),
    st.sampled_from([500, 30_000, 1e6, 3e7]),
    st.integers(1, 12),
    st.integers(0, 2**32 - 1),
)
def test_nearest_is_sorting_everybody(centre, spread, within_m, limit, seed):
    """Near and far, at the poles and at 180: the same people, the same metres."""
    rng = np.random.default_rng(seed)
    n = 600
    lon = (centre[0] + rng.normal(0, 1, n) * spread * 3 + 180) % 360 - 180
    lat = np.clip(centre[1] + rng.normal(0, 1, n) * spread, -90, 90)
    lon, lat = np.rint(lon * 1e7) / 1e7, np.rint(lat * 1e7) / 1e7
    ids = rng.integers(0, 400, n)
    words = rng.integers(0, 16, n)
    index = PointIndex.build(ids, lon, lat, attributes=words)
    here = float(centre[0]), float(centre[1])
    for mask in (None, Mask(all_of=2), Mask(any_of=5), Mask(among={SKILL: [3, 9]})):
        good = np.ones(n, bool) if mask is None else mask.matches(words)
        expected = plain_nearest(
            ids, lon, lat, good, here=here, within_m=within_m, limit=limit
        )
        hits = index.nearest(*here, within_m=within_m, limit=limit, where=mask)
        assert [hit.id for hit in hits] == [i for _, i in expected]
        assert [hit.distance_m for hit in hits] == pytest.approx(
            [d for d, _ in expected], abs=1e-6
        )


@settings(deadline=None, max_examples=25)
@given(
    centres,
    st.sampled_from([0.0, 0.1, 3]),
    st.sampled_from([65, 300, 999, 1_500, 2_999, 3_000]),
    st.integers(0, 2**32 - 1),
)
def test_so_are_the_nearest_thousands(centre, spread, limit, seed):
    """Many are found by looking now and then; people with several places count once."""
    rng = np.random.default_rng(seed)
    n = 6_000
    lon = (centre[0] + rng.normal(0, 1, n) * spread * 3 + 180) % 360 - 180
    lat = np.clip(centre[1] + rng.normal(0, 1, n) * spread, -90, 90)
    lon, lat = np.rint(lon * 1e7) / 1e7, np.rint(lat * 1e7) / 1e7
    ids = rng.integers(0, 3_000, n)
    index = PointIndex.build(ids, lon, lat)
    here = float(centre[0]), float(centre[1])
    expected = plain_nearest(
        ids, lon, lat, np.ones(n, bool), here=here, within_m=3e7, limit=limit
    )
    hits = index.nearest(*here, within_m=3e7, limit=limit)
    assert [hit.id for hit in hits] == [i for _, i in expected]


def test_a_responder_who_moves_is_found_where_they_are():
    """After an upsert only the new position counts."""
    index = PointIndex.build([1, 2], [104.9, 104.91], [11.5, 11.5])
    index.upsert([1], [105.2], [11.5])
    hits = index.nearest(104.9, 11.5, within_m=5_000, limit=5)
    assert [hit.id for hit in hits] == [2]


def test_equal_distances_are_ordered_by_id():
    """Ties are broken by id, so that every run offers the same people."""
    index = PointIndex.build([5, 3, 4], [0.1, 0.1, 0.1], [0.1, 0.1, 0.1])
    assert [hit.id for hit in index.nearest(0, 0, within_m=1e6, limit=2)] == [3, 4]
