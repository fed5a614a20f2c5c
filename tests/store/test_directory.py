"""The index of volunteers follows the database and knows who may be asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np

from responders.cases.directory import Directory
from responders.deciding.facts import Bar
from responders.roster.eligibility import IDLE, Wanted, bars_to
from responders.roster.hours import Hours
from responders.roster.places import Place, PlaceKind
from responders.roster.volunteer import Availability, ResponderId, Standing
from store.database import Database
from tests.fakes.case_world import PATIENT, START, CaseWorld, a_person, north

OWN_BARS = int(
    Bar.NOT_OPTED_IN | Bar.CREDENTIAL | Bar.QUIET | Bar.UNVERIFIED_NUMBER | Bar.PAUSED
)


def directory_of(database: Database) -> Directory:
    directory = Directory(database.read_only, local=lambda at: at)
    directory.refresh()
    return directory


def found(directory: Directory, **changes: Any) -> list[int]:
    lon, lat = PATIENT
    values: dict[str, Any] = {"within_m": 5_000.0, "now": START} | changes
    near = directory.near(lon, lat, **values)
    return near.ids[near.bars == 0].tolist()


def test_columns_and_rule_agree(sqlite: Database) -> None:
    """Whatever keeps somebody from being asked is known to the index as well."""
    world = CaseWorld(sqlite.unit_of_work)
    people = (
        a_person(1),
        a_person(2, standing=Standing.ACTIVE, consent=None),
        a_person(3, credentials=()),
        a_person(4, availability=Availability(quiet=Hours.parse("01-06"))),
        a_person(5, number_verified_at=None),
        a_person(6, availability=Availability(is_on=False)),
        a_person(7, availability=Availability(paused_until=START + timedelta(hours=1))),
    )
    ids = world.people(*people)
    near = directory_of(sqlite).near(*PATIENT, within_m=5_000, now=START)
    bars = dict(zip(near.ids.tolist(), near.bars.tolist(), strict=True))
    for number, person in zip(ids, people, strict=True):
        rule = bars_to(person, IDLE, Wanted(), now=START, local=START)
        assert bars[number] == int(rule) & OWN_BARS, number


def test_it_follows_changes(sqlite: Database) -> None:
    """New people, moves and the erased, by revision."""
    world = CaseWorld(sqlite.unit_of_work)
    one, two = world.people(a_person(1), a_person(2, 9_000))
    directory = directory_of(sqlite)
    assert found(directory) == [one]
    assert directory.refresh() == 0
    volunteers = world.services.volunteers
    volunteers.set_position(two, lon=PATIENT[0], lat=PATIENT[1])
    volunteers.erase(one, by="dara")
    (three,) = world.people(a_person(3, 400))
    assert directory.refresh() == 3
    assert sorted(found(directory)) == sorted([two, three])
    # The check-in is over, and home is far away.
    assert found(directory, now=START + timedelta(hours=13)) == [three]


def test_work_goes_before_home_in_its_hours(sqlite: Database) -> None:
    """Somebody is looked for at one place at a time."""
    world = CaseWorld(sqlite.unit_of_work)
    work = Place(
        kind=PlaceKind.WORK,
        lon=PATIENT[0] + 1,
        lat=PATIENT[1],
        hours=Hours.parse("Th 01:00-04:00"),
    )
    (one,) = world.people(a_person(1, places=(north(300), work)))
    directory = directory_of(sqlite)
    assert found(directory) == []
    assert found(directory, now=START + timedelta(hours=2)) == [one]


def test_history_changes_the_chance(sqlite: Database) -> None:
    """Who came before is likelier to come; older answers count less."""
    world = CaseWorld(sqlite.unit_of_work)
    one, two = world.people(a_person(1), a_person(2))
    with sqlite.unit_of_work() as uow:
        person = uow.responders.get(ResponderId(one))
        record = replace(person.record, n_asked=4.0, n_accepted=4.0, as_of=START)
        uow.responders.save(replace(person, record=record), now=START)
        uow.commit()
    directory = directory_of(sqlite)
    now, later = (
        directory.near(*PATIENT, within_m=5_000, now=START + timedelta(days=days))
        for days in (0, 180)
    )
    assert now.p_accept[now.ids == one] > later.p_accept[later.ids == one] > 0.35
    assert np.allclose(now.p_accept[now.ids == two], 0.35)


def test_a_case_does_not_wait_for_an_import(sqlite: Database) -> None:
    """While another thread follows a big change, what is shown before is used."""
    world = CaseWorld(sqlite.unit_of_work)
    world.people(a_person(1))
    directory = directory_of(sqlite)
    world.people(a_person(2))
    with directory._changing:
        assert directory.refresh(wait=False) == 0
        assert len(found(directory)) == 1
    assert directory.refresh(wait=False) == 1
    assert len(found(directory)) == 2
