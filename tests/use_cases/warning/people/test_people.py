"""Registering and removing people, with everything that hangs on them."""

from __future__ import annotations

import io
from typing import Any

import pytest

from telephony.numbers import parse_number
from tests.use_cases.warning.world import World, a_phone, an_area
from warning.people.people import PeopleService
from warning.people.registration import NewPlace, NewSubscriber
from warning.people.subscriber_fields import FieldError
from warning.people.subscribers import Status

HEADER = "phone,language,lon,lat,area\n"


def service(world: World) -> PeopleService:
    return PeopleService(
        new_uow=world.database.unit_of_work,
        read_uow=world.read,
        parse_phone=parse_number,
        country=None,
        now=world.clock,
    )


def a_file(*lines: str) -> io.BytesIO:
    return io.BytesIO((HEADER + "\n".join(lines) + "\n").encode())


def somebody(**changes: Any) -> NewSubscriber:
    values: dict[str, Any] = {
        "phone": a_phone(1),
        "language": "km",
        "places": [NewPlace(lon=104.5, lat=11.5)],
    }
    return NewSubscriber(**(values | changes))


def test_a_file_registers_everybody_in_it(world: World) -> None:
    """Rejected lines are told, and nothing else is lost; begun and done are audited."""
    lines = (f"{a_phone(1)},km,104.5,11.5,", "nonsense,km,104.5,11.5,")
    told: list[tuple[int, int]] = []
    report = service(world).import_csv(
        a_file(*lines),
        dry_run=False,
        by="anna",
        on_progress=lambda *so_far: told.append(so_far),
    )
    assert (report.read, report.added, report.places) == (2, 1, 1)
    assert len(report.rejected) == 1
    assert told[-1][0] == 2
    assert service(world).count() == 1
    with world.read() as uow:
        begun, done = uow.audit.entries()
    assert begun.details == {"state": "begun"}
    figures: dict[str, Any] = {"read": 2, "added": 1, "updated": 0, "rejected": 1}
    assert done.details == {"state": "done", **figures}


def test_a_dry_run_changes_nothing(world: World) -> None:
    """It says what would be, who is known already told apart."""
    world.register(1)
    lines = (f"{a_phone(1)},km,104.5,11.5,", f"{a_phone(2)},km,104.5,11.5,")
    report = service(world).import_csv(a_file(*lines), dry_run=True, by="anna")
    assert (report.added, report.updated, report.places) == (1, 1, 2)
    assert service(world).count() == 1
    with world.read() as uow:
        assert list(uow.audit.entries()) == []


def test_an_import_does_not_opt_anybody_in(world: World) -> None:
    """Nobody but they can undo their STOP."""
    person = world.register(1)
    world.set_status(person, Status.OPTED_OUT)
    line = f"{a_phone(1)},km,104.5,11.5,"
    service(world).import_csv(a_file(line), dry_run=False, by="anna")
    service(world).add(somebody(), by="anna")
    with world.read() as uow:
        assert uow.subscribers.rows([person])[person].status == "opted_out"


def test_one_person_is_added_or_replaced(world: World) -> None:
    """The same number is the same person."""
    first = service(world).add(somebody(), by="anna")
    second = service(world).add(somebody(language="en"), by="anna")
    assert first.is_new
    assert not second.is_new
    assert second.subscriber_id == first.subscriber_id


def test_an_area_that_nobody_has_imported_is_refused(world: World) -> None:
    """If any has: nobody could be found by it."""
    person = somebody(places=[NewPlace(area="12")])
    assert service(world).add(person, by="anna").is_new
    world.add_areas(an_area("08", 104))
    with pytest.raises(FieldError):
        service(world).add(person, by="anna")


def test_who_is_erased_is_left_out_of_what_runs(world: World) -> None:
    """Their number is gone, the figures still add up."""
    person = world.register(1)
    case = world.go_live()
    world.plan()
    people = service(world)
    assert people.erase(person, by="anna") is True
    assert people.erase(person, by="anna") is False
    assert people.count() == 0
    assert world.claim() == []
    assert world.counts(case).excluded == {"gone": 1}
    assert world.is_balanced(case)


def test_the_audit_tells_before_and_after_without_a_person(world: World) -> None:
    """What became of an entry, and nothing by which anybody could be known."""
    people = service(world)
    done = people.add(somebody(), by="anna")
    people.add(somebody(), by="anna")
    people.erase(done.subscriber_id, by="anna")
    with world.read() as uow:
        details = [entry.details for entry in uow.audit.entries()]
    active = {"status": "active"}
    assert details == [
        {"before": None, "after": active},
        {"before": active, "after": active},
        {"before": active, "after": None},
    ]
