"""``warning.strikes.StrikeBook``, and what else follows from a number at rest."""

from __future__ import annotations

from typing import Any

import pytest

from store.database import Database
from store.unit_of_work import SqlUnitOfWork
from telephony.delivery import Channel
from tests.store.people import a_person, a_place, number, register
from tests.store.rows import NOW, after
from warning.people.subscribers import STATUSES, Status
from warning.strikes import StrikeRecord

SMS, VOICE = Channel.SMS, Channel.VOICE


def a_record(person: int, channel: Channel = SMS, **changes: Any) -> StrikeRecord:
    values: dict[str, Any] = {
        "subscriber_id": person,
        "channel": channel,
        "n": 1,
        "code": "30006",
        "struck_at": NOW,
    }
    return StrikeRecord(**(values | changes))


def at_rest(person: int, channel: Channel = SMS) -> StrikeRecord:
    return a_record(person, channel, n=3, resting_until=after(days=30))


def status_of(uow: SqlUnitOfWork, person: int) -> tuple[str, Channel]:
    row = uow.subscribers.rows([person])[person]
    return row.status, row.usable


def test_records_come_back_and_are_written_over(database: Database) -> None:
    """One a person and channel; those of strangers and the erased are not kept."""
    with database.unit_of_work() as uow:
        one, two, gone = register(uow, 1, 2, 3)
        uow.subscribers.erase(gone, now=NOW)
        uow.strikes.write([], now=NOW)
        records = [a_record(one), a_record(one, VOICE), a_record(two)]
        uow.strikes.write([*records, a_record(999), a_record(gone)], now=NOW)
        more = a_record(one, n=2, code="21211", struck_at=after(days=1))
        uow.strikes.write([more], now=NOW)
        uow.commit()
    with database.read_only() as uow:
        assert uow.strikes.of([one, two, gone, 999]) == {
            (one, SMS): more,
            (one, VOICE): a_record(one, VOICE),
            (two, SMS): a_record(two),
        }


def test_a_channel_at_rest_is_not_used(database: Database) -> None:
    """Of a landline the texts rest and the calls go on; with both it rests itself."""
    with database.unit_of_work() as uow:
        one, two, three = register(uow, 1, 2, 3)
        before = uow.subscribers.revision()
        uow.strikes.write([at_rest(two), a_record(three)], now=NOW)
        assert status_of(uow, two) == (Status.ACTIVE, VOICE)
        assert list(uow.subscribers.changed_since(before)) == [two]
        uow.strikes.write([at_rest(two, VOICE)], now=NOW)
        assert status_of(uow, two) == (Status.RESTING, Channel(0))
        assert uow.subscribers.rows([two])[two].channels == SMS | VOICE
        people = uow.subscribers.people()
        assert people.ids.tolist() == [one, two, three]
        assert people.channels.tolist() == [3, 0, 3]
        assert STATUSES[people.status[1]] is Status.RESTING


def test_who_is_heard_of_again_is_active(database: Database) -> None:
    """On any channel; the others keep their records."""
    with database.unit_of_work() as uow:
        one, two = register(uow, 1, 2)
        uow.strikes.write([at_rest(one), at_rest(one, VOICE)], now=NOW)
        before = uow.subscribers.revision()
        keys = [(one, VOICE), (two, SMS), (999, SMS)]
        assert uow.strikes.clear(keys, now=NOW) == 1
        assert uow.strikes.clear(keys, now=NOW) == 0
        assert uow.strikes.clear([], now=NOW) == 0
        assert status_of(uow, one) == (Status.ACTIVE, VOICE)
        assert list(uow.subscribers.changed_since(before)) == [one]
        assert list(uow.strikes.of([one])) == [(one, SMS)]


def test_strikes_without_rest_leave_people_alone(database: Database) -> None:
    """Millions of receipts must not make an index follow anybody."""
    with database.unit_of_work() as uow:
        (one,) = register(uow, 1)
        before = uow.subscribers.revision()
        uow.strikes.write([a_record(one)], now=NOW)
        uow.strikes.clear([(one, SMS)], now=NOW)
        assert uow.subscribers.revision() == before


def test_rests_that_are_over_are_found(database: Database) -> None:
    """The longest over first; those that go on and mere strikes are not among them."""
    with database.unit_of_work() as uow:
        one, two, three, four = register(uow, 1, 2, 3, 4)
        over = [
            a_record(one, resting_until=after(days=2)),
            a_record(two, VOICE, resting_until=after(days=1)),
        ]
        going_on = a_record(three, resting_until=after(days=9))
        uow.strikes.write([*over, going_on, a_record(four)], now=NOW)
        found = uow.strikes.rested(now=after(days=2), limit=9)
        assert list(found) == [over[1], over[0]]
        assert len(uow.strikes.rested(now=after(days=2), limit=1)) == 1


@pytest.mark.parametrize("status", [Status.OPTED_OUT, Status.ERASED])
def test_what_a_person_said_outranks_a_rest(database: Database, status: Status) -> None:
    """A rest neither begins nor ends a STOP, and an erased person has no strikes."""
    with database.unit_of_work() as uow:
        (one,) = register(uow, 1, channels=1)
        uow.strikes.write([a_record(one)], now=NOW)
        if status is Status.ERASED:
            uow.subscribers.erase(one, now=NOW)
            assert uow.strikes.of([one]) == {}
            return
        uow.subscribers.set_status([one], status, now=NOW)
        uow.strikes.write([at_rest(one)], now=NOW)
        assert status_of(uow, one)[0] == status
        uow.strikes.clear([(one, SMS)], now=NOW)
        assert status_of(uow, one)[0] == status


def test_another_channel_in_a_new_list_wakes_a_person(database: Database) -> None:
    """Nobody stays silent because of a channel that they no longer depend on."""
    with database.unit_of_work() as uow:
        (one,) = register(uow, 1, channels=1)
        uow.strikes.write([at_rest(one)], now=NOW)
        uow.subscribers.upsert([a_person(1, channels=1)], [a_place(1)], now=NOW)
        assert status_of(uow, one) == (Status.RESTING, Channel(0))
        uow.subscribers.upsert([a_person(1, channels=3)], [a_place(1)], now=NOW)
        assert status_of(uow, one) == (Status.ACTIVE, VOICE)
        person = uow.subscribers.find_by_phone(number(1))
        assert person is not None
        assert person.resting == SMS


def test_thousands_in_one_batch(database: Database) -> None:
    """More than a statement takes parameters for one row each."""
    with database.unit_of_work() as uow:
        people = register(uow, *range(1, 3_001), channels=1)
        uow.strikes.write([at_rest(person) for person in people], now=NOW)
        assert set(uow.subscribers.people().channels.tolist()) == {0}
        keys = [(person, SMS) for person in people]
        assert uow.strikes.clear(keys, now=NOW) == 3_000
        assert set(uow.subscribers.people().status.tolist()) == {0}
