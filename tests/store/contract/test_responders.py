"""``responders.ports``: volunteers and AEDs, in memory and on every database."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest

from responders.errors import ResponderNotFoundError
from responders.ports import UnitOfWork, Upserted
from responders.roster.pins import Pin
from responders.roster.places import Place, PlaceKind
from responders.roster.volunteer import Availability, Record, ResponderId, Standing
from store.database import Database
from tests.fakes.responders import FakeCaseStore
from tests.store.conftest import POSTGRES
from tests.store.contract.case_values import HOME, a_volunteer, an_aed
from tests.store.rows import NOW, after, phone_of

NewUow = Callable[[], AbstractContextManager[UnitOfWork]]
CHECK_IN = Place(kind=PlaceKind.CHECK_IN, lon=104.5, lat=11.2, reported_at=NOW)


@pytest.fixture(params=["fake", "sqlite", POSTGRES])
def new_uow(request: pytest.FixtureRequest) -> NewUow:
    if request.param == "fake":
        return FakeCaseStore().unit_of_work
    database: Database = request.getfixturevalue(request.param)
    return database.unit_of_work


def only(uow: UnitOfWork, n: int = 1) -> ResponderId:
    person = uow.responders.find_by_phone(phone_of(n))
    assert person is not None
    return person.responder_id


def test_a_pin_stays_unless_another_is_given(new_uow: NewUow) -> None:
    """A file without PINs takes none away; one with them lifts a lock."""
    locked = Pin(seal="5ea1", n_wrong=3)
    with new_uow() as uow:
        uow.responders.upsert([a_volunteer(1, pin=locked)], now=NOW)
        uow.responders.upsert([a_volunteer(1)], now=NOW)
        kept = uow.responders.get(only(uow)).pin
        uow.responders.upsert([a_volunteer(1, pin=Pin(seal="0fe2"))], now=NOW)
        new = uow.responders.get(only(uow)).pin
    assert (kept.seal, new) == ("5ea1", Pin(seal="0fe2"))


def test_people_come_back_as_written(new_uow: NewUow) -> None:
    """Every field, over a commit."""
    with new_uow() as uow:
        assert uow.responders.upsert([a_volunteer(1)], now=NOW) == Upserted(
            added=1, updated=0
        )
        number = only(uow)
        changed = a_volunteer(
            1,
            responder_id=number,
            standing=Standing.SUSPENDED,
            availability=Availability(is_on=False, paused_until=after(hours=8)),
            record=Record(n_asked=3.5, n_accepted=1.5, as_of=NOW, n_undelivered=2),
            places=(HOME, CHECK_IN),
            pin=Pin(seal="5ea1", n_wrong=2),
        )
        uow.responders.save(changed, now=NOW)
        uow.commit()
    with new_uow() as uow:
        assert uow.responders.get(number) == changed
        assert uow.responders.count() == 1
        assert uow.responders.page(after=0, limit=9) == [changed]
        assert uow.responders.page(after=number, limit=9) == []


def test_a_file_does_not_undo_what_a_person_told_us(new_uow: NewUow) -> None:
    """Standing, pause, verified number, record and check-in outlast an import."""
    with new_uow() as uow:
        uow.responders.upsert([a_volunteer(1)], now=NOW)
        told = a_volunteer(
            1,
            responder_id=only(uow),
            standing=Standing.OPTED_OUT,
            number_verified_at=None,
            availability=Availability(is_on=False),
            places=(CHECK_IN, HOME),
        )
        uow.responders.save(told, now=NOW)
        moved = replace(HOME, lon=104.8)
        file = a_volunteer(1, name="Dara", places=(moved,))
        assert uow.responders.upsert([file, file], now=NOW) == Upserted(
            added=0, updated=1
        )
        assert uow.responders.get(told.responder_id) == replace(
            told, name="Dara", places=(CHECK_IN, moved)
        )


def test_who_changed_is_known_by_revision(new_uow: NewUow) -> None:
    """One revision a transaction, on everybody it touched."""
    with new_uow() as uow:
        uow.responders.upsert([a_volunteer(1), a_volunteer(2)], now=NOW)
        uow.commit()
    with new_uow() as uow:
        first = uow.responders.revision()
        assert len(uow.responders.changed_since(0)) == 2
        uow.responders.save(a_volunteer(2, responder_id=only(uow, 2)), now=NOW)
        uow.commit()
    with new_uow() as uow:
        assert uow.responders.revision() == first + 1
        assert uow.responders.changed_since(first) == [only(uow, 2)]
        assert uow.responders.changed_since(first + 1) == []


def test_places_of_the_active_alone(new_uow: NewUow) -> None:
    """Whoever may not be asked is not to be found."""
    with new_uow() as uow:
        uow.responders.upsert(
            [
                a_volunteer(1, places=(HOME, replace(HOME, lat=11.0))),
                a_volunteer(2, standing=Standing.PENDING),
            ],
            now=NOW,
        )
        found = uow.responders.places()
        assert found.responder_ids.tolist() == [only(uow)] * 2
        assert sorted(found.lat.tolist()) == [11.0, 11.56]
        assert len(uow.responders.places([only(uow, 2)]).lon) == 0
        assert len(uow.responders.places([only(uow)]).lon) == 2


def test_check_ins_are_forgotten(new_uow: NewUow) -> None:
    """And whoever indexes them hears of it."""
    with new_uow() as uow:
        uow.responders.upsert([a_volunteer(1)], now=NOW)
        person = a_volunteer(1, responder_id=only(uow), places=(HOME, CHECK_IN))
        uow.responders.save(person, now=NOW)
        uow.commit()
    with new_uow() as uow:
        revision = uow.responders.revision()
        assert uow.responders.forget_check_ins(before=NOW) == 0
        assert uow.responders.forget_check_ins(before=after(seconds=1)) == 1
        assert uow.responders.changed_since(revision) == [person.responder_id]
        assert uow.responders.get(person.responder_id).places == (HOME,)


def test_codes_and_endings(new_uow: NewUow) -> None:
    """The last code holds; credentials that end are found in time."""
    with new_uow() as uow:
        uow.responders.upsert([a_volunteer(1)], now=NOW)
        number = only(uow)
        assert uow.responders.code(number) is None
        uow.responders.set_code(number, "digest", until=after(minutes=15))
        assert uow.responders.code(number) == ("digest", after(minutes=15))
        ending = uow.responders.credentials_ending
        assert ending(after=NOW, until=after(days=399)) == []
        found = ending(after=after(days=399), until=after(days=400))
        assert [person.responder_id for person in found] == [number]
        assert ending(after=after(days=400), until=after(days=500)) == []


def test_nobody_is_invented(new_uow: NewUow) -> None:
    """Unknown ids are errors, or absent."""
    with new_uow() as uow:
        with pytest.raises(ResponderNotFoundError):
            uow.responders.get(ResponderId(7))
        with pytest.raises(ResponderNotFoundError):
            uow.responders.save(a_volunteer(1, responder_id=7), now=NOW)
        assert uow.responders.get_many([ResponderId(7)], lock=True) == {}
        assert uow.responders.find_by_phone(phone_of(1)) is None


def test_aeds_are_found_near(new_uow: NewUow) -> None:
    """In a box that is never too small; out of order outlasts an import."""
    near, far = an_aed(1), an_aed(2, lat=11.60)
    with new_uow() as uow:
        assert uow.aeds.upsert([near, far, near], now=NOW) == Upserted(
            added=2, updated=0
        )
        uow.commit()
    with new_uow() as uow:
        (found,) = uow.aeds.near(104.92, 11.5604, within_m=100)
        assert replace(found, aed_id=0) == near
        assert uow.aeds.set_out_of_order(found.aed_id, NOW)
        moved = replace(near, location="Library")
        assert uow.aeds.upsert([moved], now=NOW) == Upserted(added=0, updated=1)
        kept = uow.aeds.get(found.aed_id)
        assert kept == replace(moved, aed_id=found.aed_id, out_of_order_at=NOW)
        assert uow.aeds.count() == 2
        assert len(uow.aeds.near(104.92, 11.56, within_m=10_000)) == 2
        assert uow.aeds.near(-104.92, 11.56, within_m=100) == []
        assert not uow.aeds.set_out_of_order(found.aed_id + 99, None)
        assert uow.aeds.get(found.aed_id + 99) is None
        assert uow.aeds.upsert([], now=NOW) == Upserted(added=0, updated=0)
