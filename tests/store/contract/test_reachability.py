"""Reachability and fits of acceptance, in memory and on every database."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import pytest

from responders.deciding.group_prior import Calibration, GroupPrior
from responders.learning_ports import Fit
from responders.ports import UnitOfWork
from responders.roster.reach import Reach
from responders.roster.volunteer import Availability, ResponderId, Standing
from store.database import Database
from tests.fakes.responders import FakeCaseStore
from tests.store.conftest import POSTGRES
from tests.store.contract.case_values import a_volunteer
from tests.store.rows import NOW, after, phone_of

NewUow = Callable[[], AbstractContextManager[UnitOfWork]]


@pytest.fixture(params=["fake", "sqlite", POSTGRES])
def new_uow(request: pytest.FixtureRequest) -> NewUow:
    if request.param == "fake":
        return FakeCaseStore().unit_of_work
    database: Database = request.getfixturevalue(request.param)
    return database.unit_of_work


def registered(uow: UnitOfWork, n: int, **changes: Any) -> ResponderId:
    """Somebody active, on duty."""
    uow.responders.upsert([a_volunteer(n)], now=NOW)
    person = uow.responders.find_by_phone(phone_of(n))
    assert person is not None
    values: dict[str, Any] = {
        "standing": Standing.ACTIVE,
        "availability": Availability(),
    } | changes
    uow.responders.save(replace(person, **values), now=NOW)
    return person.responder_id


def test_what_is_known_comes_back_as_written(new_uow: NewUow) -> None:
    """Every field, over a commit; the last one written counts."""
    with new_uow() as uow:
        one, two = registered(uow, 1), registered(uow, 2)
        assert uow.reachability.get(one) is None
        first = Reach(responder_id=one, asked_at=NOW, n_missed=1)
        uow.reachability.save(first)
        full = Reach(
            responder_id=one,
            asked_at=NOW,
            called_at=after(hours=24),
            heard_at=after(hours=25),
            n_missed=0,
            delay_s=12.5,
            not_before=after(hours=30),
        )
        uow.reachability.save(full)
        uow.commit()
    with new_uow() as uow:
        assert uow.reachability.get(one) == full
        assert uow.reachability.get_many([one, two]) == {one: full}
        uow.reachability.forget(one)
        assert uow.reachability.get(one) is None


def test_whose_turn_it_is(new_uow: NewUow) -> None:
    """The never asked first, then who was asked longest ago; not who is heard of."""
    with new_uow() as uow:
        ids = [registered(uow, n) for n in range(1, 6)]
        registered(uow, 6, standing=Standing.OPTED_OUT)
        registered(uow, 7, availability=Availability(is_on=False))
        registered(uow, 8, availability=Availability(paused_until=after(days=50)))
        stamps = {1: after(days=2), 2: after(days=1), 3: after(days=31)}
        for at, asked_at in stamps.items():
            uow.reachability.save(Reach(responder_id=ids[at], asked_at=asked_at))
        uow.reachability.save(Reach(responder_id=ids[4], heard_at=after(days=39)))
        now = after(days=40)
        due = uow.reachability.due(quiet_since=after(days=10), now=now, limit=9)
        assert due == [ids[0], ids[2], ids[1]]
        later = Reach(responder_id=ids[0], not_before=after(days=41))
        uow.reachability.save(later)
        due = uow.reachability.due(quiet_since=after(days=10), now=now, limit=1)
        assert due == [ids[2]]


def test_who_has_not_answered(new_uow: NewUow) -> None:
    """To be rung once, then on the list; who has left is on none."""
    with new_uow() as uow:
        ids = [registered(uow, n) for n in range(1, 4)]
        for at, (n_missed, hours) in enumerate([(1, 0), (3, 1), (0, 0)]):
            asked_at = after(hours=hours)
            uow.reachability.save(
                Reach(responder_id=ids[at], asked_at=asked_at, n_missed=n_missed)
            )
        soon: dict[str, Any] = {"asked_before": after(hours=24), "limit": 9}
        assert uow.reachability.to_call(now=after(hours=25), **soon) == ids[:2]
        known = uow.reachability.get(ids[0])
        assert known is not None
        uow.reachability.save(replace(known, called_at=after(hours=24)))
        assert uow.reachability.to_call(now=after(hours=25), **soon) == [ids[1]]
        assert uow.reachability.n_asked_since(after(minutes=30)) == 1
        missed = uow.reachability.missed(asked_before=after(hours=48), limit=9)
        assert [one.responder_id for one in missed] == [ids[1], ids[0]]
        person = uow.responders.get(ids[1])
        uow.responders.save(replace(person, standing=Standing.SUSPENDED), now=NOW)
        missed = uow.reachability.missed(asked_before=after(hours=48), limit=9)
        assert [one.responder_id for one in missed] == [ids[0]]


def test_the_last_fit_counts(new_uow: NewUow) -> None:
    """Coefficients, count and calibration, over a commit."""
    with new_uow() as uow:
        assert uow.learning.latest() is None
        for n in (1, 2):
            calibration = Calibration(0.2, ((0.1, 0.2, 30),))
            prior = GroupPrior((0.5, -1.0 * n), n)
            uow.learning.add(
                Fit(at=after(days=n), prior=prior, calibration=calibration)
            )
        uow.commit()
    with new_uow() as uow:
        assert uow.learning.latest() == Fit(
            at=after(days=2),
            prior=GroupPrior((0.5, -2.0), 2),
            calibration=Calibration(0.2, ((0.1, 0.2, 30),)),
        )
