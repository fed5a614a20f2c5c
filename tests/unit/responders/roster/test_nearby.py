"""Nobody within reach is passed over, and the nearest come first."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from responders.deciding.travel import great_circle_m
from responders.roster.columns import MAX_PLACES, Columns
from responders.roster.nearby import rows_near

LON, LAT = 104.9, 11.55


def people_at(offsets_deg: list[list[tuple[float, float]]]) -> Columns:
    """People with places so many degrees east and north of the patient."""
    columns = Columns.empty(len(offsets_deg))
    for row, places in enumerate(offsets_deg):
        for slot, (east, north) in enumerate(places):
            columns.lon[row, slot] = LON + east
            columns.lat[row, slot] = LAT + north
    return columns


_OFFSET = st.floats(-0.1, 0.1)
_PLACES = st.lists(st.tuples(_OFFSET, _OFFSET), max_size=MAX_PLACES)


@settings(max_examples=25)
@given(people=st.lists(_PLACES, max_size=12), within_m=st.floats(1.0, 9_000.0))
def test_it_finds_whom_measuring_everybody_finds(
    people: list[list[tuple[float, float]]], within_m: float
) -> None:
    """Each person within reach once, by their nearest place."""
    columns = people_at(people)
    distance = great_circle_m(columns.lon, columns.lat, LON, LAT)
    least = np.where(np.isnan(distance), np.inf, distance).min(axis=1)
    expected = np.flatnonzero(least <= within_m)
    found = rows_near(columns, LON, LAT, within_m=within_m, most=99)
    assert sorted(found.tolist()) == expected.tolist()
    assert np.all(np.diff(least[found]) >= 0)


def test_the_nearest_are_kept_when_there_are_too_many() -> None:
    """Whoever is left out is farther than everybody who is not."""
    columns = people_at([[(0.0, 0.001 * (9 - n))] for n in range(9)])
    found = rows_near(columns, LON, LAT, within_m=5_000, most=3)
    assert found.tolist() == [8, 7, 6]


def test_nobody_is_near_where_nobody_is_registered() -> None:
    """No row, and no warning about empty columns."""
    nobody = Columns.empty(0)
    assert rows_near(nobody, LON, LAT, within_m=5_000, most=3).tolist() == []


@settings(max_examples=25)
@given(
    lon=st.floats(-180, 180),
    lat=st.floats(-90, 90),
    within_m=st.floats(1.0, 300_000.0),
    seed=st.integers(0, 9),
)
def test_it_finds_them_beyond_the_date_line_and_at_the_poles(
    lon: float, lat: float, within_m: float, seed: int
) -> None:
    """Wherever a nation lies."""
    rng = np.random.default_rng(seed)
    columns = Columns.empty(200)
    columns.lon[:, 0] = (lon + rng.normal(0, 3, 200) + 180) % 360 - 180
    columns.lat[:, 0] = np.clip(lat + rng.normal(0, 1, 200), -90, 90)
    distance = great_circle_m(columns.lon[:, 0], columns.lat[:, 0], lon, lat)
    found = rows_near(columns, lon, lat, within_m=within_m, most=200)
    assert sorted(found.tolist()) == np.flatnonzero(distance <= within_m).tolist()
