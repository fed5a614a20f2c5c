"""Who is inside: as a person with a map would find them, however they are known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon, box

from telephony.delivery import Channel
from tests.use_cases.warning.world import World, an_area
from warning.people.subscribers import STATUSES, Status
from warning.ports import PeopleColumns, PersonRow, PlaceColumns
from warning.registry.area_table import AreaTable
from warning.registry.build import build_registry, follow
from warning.registry.person_words import KNOWN, exclusion_codes
from warning.registry.registry import (
    CurrentRegistry,
    Registry,
    Revision,
    sending_order,
)
from warning.registry.source import RegistrySource

AREAS = [
    an_area("W", 104.0),
    an_area("E", 105.0),
    an_area("W1", 104.0, level=3, parent="W", geometry=box(104, 11, 104.5, 12)),
    an_area("orphan", 105.0, level=3, geometry=box(105.5, 11, 106, 11.5)),
]
TABLE = AreaTable(AREAS, level=1)
GRID = [104.0, 104.25, 104.5, 105.0, 105.75, 106.0]
NOW = Revision(1, 1)

place = st.one_of(
    st.tuples(st.sampled_from(GRID), st.sampled_from([11.0, 11.25, 11.5, 12.0])),
    st.sampled_from(["W", "E", "W1", "orphan", "unknown"]),
)
person = st.fixed_dictionaries(
    {
        "places": st.lists(place, max_size=3),
        "language": st.sampled_from(["km", "en"]),
        "channels": st.integers(0, 3),
        "status": st.sampled_from(list(STATUSES[:3])),
        "vulnerable": st.booleans(),
        "drill": st.booleans(),
    }
)


def columns(
    people: dict[int, dict[str, Any]],
) -> tuple[PeopleColumns, PlaceColumns]:
    """People as the store reads them."""
    ids = np.array(sorted(people), dtype=np.int64)
    rows = [people[i] for i in ids.tolist()]
    numbers = {"km": 0, "en": 1}
    points = [
        (i, *p)
        for i, row in people.items()
        for p in row["places"]
        if isinstance(p, tuple)
    ]
    by_area: dict[str, set[int]] = {}
    for i, row in people.items():
        for p in row["places"]:
            if isinstance(p, str):
                by_area.setdefault(p, set()).add(i)
    table = np.array(points, dtype=np.float64).reshape(-1, 3)
    return (
        PeopleColumns(
            ids=ids,
            language=np.array([numbers[r["language"]] for r in rows], np.uint8),
            languages=["km", "en"],
            channels=np.array([r["channels"] for r in rows], np.uint8),
            status=np.array([STATUSES.index(r["status"]) for r in rows], np.uint8),
            vulnerable=np.array([r["vulnerable"] for r in rows], np.bool_),
            in_drill_group=np.array([r["drill"] for r in rows], np.bool_),
        ),
        PlaceColumns(
            subscriber_ids=table[:, 0].astype(np.int64),
            lon=table[:, 1],
            lat=table[:, 2],
            by_area_only={c: np.array(sorted(i)) for c, i in by_area.items()},
        ),
    )


def rows_of(people: dict[int, dict[str, Any]]) -> dict[int, PersonRow]:
    return {
        i: PersonRow(
            subscriber_id=i,
            phone="",
            language=str(row["language"]),
            channels=Channel(row["channels"]),
            status=str(row["status"]),
            vulnerable=bool(row["vulnerable"]),
            in_drill_group=bool(row["drill"]),
        )
        for i, row in people.items()
    }


def is_inside(places: Sequence[object], area: Polygon) -> bool:
    """One place after the other, each with shapely alone."""
    shapes = {row.code: row.geometry for row in AREAS}
    return any(
        shapely.intersects_xy(area, *p)
        if isinstance(p, tuple)
        else p in shapes and shapely.intersection(shapes[p], area).area > 0
        for p in places
    )


def everybody(**changes: object) -> dict[str, object]:
    values: dict[str, object] = {
        "places": [(104.25, 11.5)],
        "language": "km",
        "channels": 3,
        "status": Status.ACTIVE,
        "vulnerable": False,
        "drill": False,
    }
    return values | changes


def built(people: dict[int, dict[str, Any]]) -> Registry:
    return build_registry(*columns(people), TABLE, revision=NOW)


def same(one: Registry, other: Registry, area: Polygon) -> None:
    a, b = one.select(area), other.select(area)
    assert a.ids.tolist() == b.ids.tolist()
    assert a.words.tolist() == b.words.tolist()
    assert one.n_people == other.n_people
    assert one.n_unplaced == other.n_unplaced


@settings(max_examples=80, deadline=None)
@given(
    people=st.dictionaries(st.integers(0, 30), person, max_size=12),
    corners=st.tuples(
        *[st.sampled_from(GRID)] * 2, *[st.sampled_from([11, 11.5, 12])] * 2
    ),
)
def test_a_selection_is_what_brute_force_finds(
    people: dict[int, dict[str, Any]], corners: tuple[float, float, float, float]
) -> None:
    """On the boundary, at several places, by an area alone: each person once."""
    x1, x2, y1, y2 = corners
    area = box(min(x1, x2), min(y1, y2), max(x1, x2) + 0.1, max(y1, y2) + 0.1)
    registry = built(people)
    expected = [i for i in sorted(people) if is_inside(people[i]["places"], area)]
    selection = registry.select(area)
    assert selection.ids.tolist() == expected
    counts = registry.counts(selection)
    for table in (counts.by_language, counts.by_area):
        assert sum(table.values()) == counts.n == len(expected)
    for channel in Channel:
        n = sum(bool(int(people[i]["channels"]) & channel) for i in expected)
        assert counts.by_channel[channel.word] == n


@settings(max_examples=60, deadline=None)
@given(
    before=st.dictionaries(st.integers(0, 20), person, max_size=8),
    after=st.dictionaries(st.integers(0, 25), person, max_size=8),
    gone=st.sets(st.integers(0, 20), max_size=3),
)
def test_following_changes_gives_what_building_anew_does(
    before: dict[int, dict[str, Any]],
    after: dict[int, dict[str, Any]],
    gone: set[int],
) -> None:
    """Whoever moved, changed, came or was erased since."""
    end = {i: row for i, row in (before | after).items() if i not in gone}
    changed = sorted(set(after) | gone)
    news = {i: end[i] for i in changed if i in end}
    followed = follow(
        built(before),
        changed,
        rows_of(news),
        columns(news)[1],
        revision=Revision(2, 1),
    )
    assert followed is not None
    assert followed.revision == (2, 1)
    for area in (box(104, 11, 104.6, 12), box(103, 10, 107, 13), box(105, 11, 106, 12)):
        same(followed, built(end), area)


def test_a_language_without_a_number_needs_a_new_registry() -> None:
    """Rather than to count somebody under another one."""
    registry = built({1: everybody()})
    news = rows_of({1: everybody(language="vi")})
    places = columns({1: everybody()})[1]
    assert follow(registry, [1], news, places, revision=NOW) is None


def test_the_erased_are_nobody() -> None:
    """Their ids stay, and are not counted."""
    registry = built({1: everybody(), 2: everybody(status=Status.ERASED, places=[])})
    assert registry.n_people == 1
    assert KNOWN.of(registry.words).tolist() == [0, 1, 0]


def test_an_empty_registry_finds_nobody() -> None:
    """A new installation answers too."""
    registry = built({})
    assert registry.n_people == registry.n_unplaced == 0
    assert registry.select(box(104, 11, 105, 12)).ids.tolist() == []


def test_every_language_column_fits_its_bits() -> None:
    """The last of 256 languages does not spill into the channels."""
    people, places = columns({1: everybody(channels=1)})
    crowded = PeopleColumns(
        ids=people.ids,
        language=np.array([255], np.uint8),
        languages=[f"x-{n}" for n in range(256)],
        channels=people.channels,
        status=people.status,
        vulnerable=people.vulnerable,
        in_drill_group=people.in_drill_group,
    )
    registry = build_registry(crowded, places, TABLE, revision=NOW)
    counts = registry.counts(registry.select(box(104, 11, 105, 12)))
    assert counts.by_language == {"x-255": 1}
    assert counts.by_channel == {"sms": 1, "voice": 0}


def test_a_neighbour_who_only_shares_a_border_is_outside() -> None:
    """Of people known by an area: the province next to the polygon is not in it."""
    registry = built({1: everybody(places=["W"]), 2: everybody(places=["E"])})
    assert registry.select(box(104, 11, 105, 12)).ids.tolist() == [1]
    assert registry.select(box(104.9, 11, 105.1, 12)).ids.tolist() == [1, 2]


def test_people_count_under_the_area_that_contains_theirs() -> None:
    """A commune counts for its province: by its parents, or else by the map."""
    registry = built(
        {
            1: everybody(places=["W1"]),
            2: everybody(places=["orphan"]),
            3: everybody(places=["unknown"]),
            4: everybody(places=[(50.0, 1.0)]),
        }
    )
    assert registry.area_of(np.array([1, 2, 3, 4, 99])) == ["W", "E", "", "", ""]
    assert registry.n_unplaced == 1


def test_parents_in_a_circle_end() -> None:
    """A file may name two areas as each other's parents."""
    ring = [
        an_area("a", 90, level=2, parent="b"),
        an_area("b", 90, level=2, parent="a"),
    ]
    table = AreaTable(ring, level=1)
    assert table.number_of("a") == table.number_of("nowhere") == 0
    assert table.geometry("nowhere") is None


def test_a_person_of_whom_the_words_do_not_know_yet_is_passed_over() -> None:
    """The index may be a moment ahead of an older registry that is still in use."""
    registry = built({1: everybody()})
    registry.index.upsert([500], [104.25], [11.5])
    assert registry.select(box(104, 11, 105, 12)).ids.tolist() == [1]


@given(
    words=st.lists(st.integers(0, 2**32 - 1), max_size=60),
    seed=st.integers(0, 2**64 - 1),
    is_drill=st.booleans(),
)
def test_the_sending_order_is_a_permutation(
    words: list[int], seed: int, is_drill: bool
) -> None:
    """By turn, the vulnerable first, those left out last; the same for one seed."""
    array = np.array(words, dtype=np.uint32)
    excluded = exclusion_codes(array, is_drill=is_drill) > 0
    knows = (np.arange(len(words)) % 3).astype(np.uint8)
    order, again = (
        sending_order(array, turns=knows, is_left_out=excluded, seed=seed)
        for _ in range(2)
    )
    assert sorted(order.tolist()) == list(range(len(words)))
    assert order.tolist() == again.tolist()
    turns = [(bool(excluded[i]), int(knows[i]), not words[i] >> 12 & 1) for i in order]
    assert turns == sorted(turns)


def test_villages_do_not_wait_for_each_other() -> None:
    """Among equals the order is shuffled, not that of registration."""
    words = np.full(1_000, built({1: everybody()}).words[1], dtype=np.uint32)
    order = sending_order(words, is_left_out=words == 0, seed=1)
    assert order.tolist() != sorted(order.tolist())
    assert 300 < order[:500].mean() < 700


def test_a_registry_is_built_when_the_database_has_moved() -> None:
    """And kept as long as it has not; the latest may be of a moment ago."""
    revision, n_built = [1], []

    def build() -> Registry:
        n_built.append(revision[0])
        people, places = columns({1: everybody()})
        return build_registry(people, places, TABLE, revision=Revision(revision[0], 0))

    current = CurrentRegistry(
        read_revision=lambda: Revision(revision[0], 0), build=build
    )
    assert current.latest() is current() is current()
    revision[0] = 2
    old = current.latest()
    assert old.revision.people == 1
    assert current.refresh() == 0
    assert current.latest().revision.people == 2
    assert n_built == [1, 2]


def test_a_stop_is_followed_and_an_import_of_areas_read_anew(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """People known by an area that nobody has imported are missed aloud."""
    one = world.register(1)
    two = world.register(2, places=[{"area_code": "W"}])
    first = world.registry()
    assert "no polygon can find" in caplog.text
    assert first.n_unplaced == 1
    world.set_status(one, Status.OPTED_OUT)
    second = world.registry()
    assert second.index is first.index
    inside = second.select(box(104, 11, 105, 12))
    assert inside.ids.tolist() == [one]
    assert second.counts(inside).excluded == {"opted_out": 1}
    world.add_areas(*AREAS)
    third = world.registry()
    assert third.index is not first.index
    assert third.select(box(104, 11, 105, 12)).ids.tolist() == [one, two]
    assert world.registry() is third


def test_many_changes_are_read_anew(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Following costs more than building then; so does a new language."""
    monkeypatch.setattr("warning.registry.source.MAX_FOLLOWED", 1)
    source = RegistrySource(world.read)
    first = source.build()
    world.register(1)
    world.register(2)
    second = source.build()
    assert second.index is not first.index
    assert second.n_people == 2
    world.register(1, language="xx")
    assert source.build().languages == ("en", "xx")
