"""The people of the demo: real places, valid numbers, nothing malformed."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from ops.demo.population import generate, write_csv
from ops.demo.provinces import CAMBODIA, province_areas
from telephony.numbers import parse_number
from warning.people.subscriber_batches import Batch
from warning.people.subscriber_csv import ImportRules, read_subscribers
from warning.people.subscriber_header import COLUMNS
from warning.people.subscribers import DRILL_GROUP, FOCAL_POINT_GROUP

NODE_MODULES = Path(__file__).parents[3] / "node_modules"
N = 6_000


@pytest.fixture(scope="module")
def rows() -> list[tuple[str, ...]]:
    return list(generate(N, seed=7, node_modules=NODE_MODULES))


@pytest.fixture(scope="module")
def imported(rows: list[tuple[str, ...]]) -> Batch:
    """The rows as the importer reads them, in one batch."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    stream = io.BytesIO(out.getvalue().encode())
    rules = ImportRules(parse_phone=parse_number, country=CAMBODIA)
    (batch,) = read_subscribers(stream, rules, batch_lines=len(rows) + 1)
    return batch


def lon_lat(batch: Batch) -> NDArray[np.float64]:
    """Longitudes and latitudes of every place, (2, n)."""
    return np.array(
        [(place["lon"], place["lat"]) for place in batch.places], dtype=np.float64
    ).T


def test_every_line_is_one_the_importer_accepts(imported: Batch) -> None:
    """Numbers are valid and different, and no line contradicts another."""
    assert imported.rejected == []
    assert imported.notes == []
    assert len(imported.people) == N


def test_a_few_people_have_two_places(imported: Batch) -> None:
    """Work and family: three in a hundred have a second place."""
    places = Counter(place["phone"] for place in imported.places)

    assert set(places.values()) == {1, 2}
    assert 0.02 < sum(n == 2 for n in places.values()) / N < 0.04


def test_everybody_lives_in_a_province(imported: Batch) -> None:
    """Nobody of the list is across a border or in the sea."""
    country = shapely.union_all(
        [area.geometry for area in province_areas(NODE_MODULES)]
    )

    # Five decimals on the list are a metre; a home on the border may round across it.
    near = shapely.buffer(country, 2e-5)
    assert shapely.intersects_xy(near, *lon_lat(imported)).all()


def test_people_are_where_the_census_found_them(imported: Batch) -> None:
    """Provinces have their share, and most people live outside the capital."""
    people_k = {"KH-12": 2_282, "KH-8": 1_202, "KH-11": 92}
    for area in province_areas(NODE_MODULES):
        if area.code in people_k:
            inside = shapely.intersects_xy(area.geometry, *lon_lat(imported)).sum()
            expected = people_k[area.code] / 15_545 * len(imported.places)
            assert abs(inside - expected) < 4 * expected**0.5 + 5


def test_languages_have_their_shares(imported: Batch) -> None:
    """Khmer, English and two minorities."""
    spoken = Counter(person["language"] for person in imported.people)

    assert spoken == {"km": 5_280, "en": 180, "vi": 270, "cjm": 270}


def test_minorities_live_by_the_rivers(imported: Batch) -> None:
    """Cham are many around Kampong Cham and few in the far north-west."""
    language = {person["phone"]: person["language"] for person in imported.people}

    def share(west: float, south: float, east: float, north: float) -> float:
        here = [
            language[place["phone"]] == "cjm"
            for place in imported.places
            if place["lon"] is not None
            and place["lat"] is not None
            and west <= place["lon"] <= east
            and south <= place["lat"] <= north
        ]
        return sum(here) / len(here)

    assert share(105.3, 11.8, 105.6, 12.1) > 3 * share(102.3, 13.0, 103.3, 14.5)


def test_channels_groups_and_needs_are_mixed(imported: Batch) -> None:
    """Some can only be texted, some only be called; a few take part in drills."""
    people = imported.people
    channels = Counter(person["channels"] for person in people)

    assert 0.05 < channels[1] / N < 0.11
    assert 0.02 < channels[2] / N < 0.06
    assert 0.08 < sum(person["vulnerable"] for person in people) / N < 0.16
    assert 0.003 < sum(DRILL_GROUP in p["groups"] for p in people) / N < 0.015
    assert 0.002 < sum(FOCAL_POINT_GROUP in p["groups"] for p in people) / N < 0.01
    assert all(person["consent_at"] is not None for person in people)


def test_landlines_are_only_called(imported: Batch) -> None:
    """Nobody texts a landline."""
    landlines = [p for p in imported.people if p["phone"].startswith("+855232")]

    assert landlines
    assert {person["channels"] for person in landlines} == {2}


def test_the_same_seed_gives_the_same_people(tmp_path: Path) -> None:
    """And another seed gives others."""
    path = tmp_path / "people.csv"
    n_lines = write_csv(path, 300, seed=1, node_modules=NODE_MODULES)
    header, *lines = csv.reader(path.read_text("utf-8").splitlines())

    assert tuple(header) == COLUMNS
    assert n_lines == len(lines) >= 300
    same, other = (
        list(generate(300, seed=seed, node_modules=NODE_MODULES)) for seed in (1, 2)
    )
    assert [tuple(line) for line in lines] == same
    assert same != other


def test_nobody_is_a_population_too() -> None:
    """None asked for, none made."""
    assert list(generate(0, seed=1, node_modules=NODE_MODULES)) == []
