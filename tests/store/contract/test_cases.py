"""``responders.ports.CaseRepository``, in memory and on every database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest

from responders.case import CaseId, CaseState
from responders.deciding.facts import Role
from responders.errors import CaseNotFoundError, CaseStateError
from responders.offer import Feeling, OfferState
from responders.ports import Decision, UnitOfWork
from responders.roster.aeds import AedId
from responders.roster.volunteer import ResponderId
from store.database import Database
from telephony.delivery import Channel
from tests.fakes.responders import FakeCaseStore
from tests.store.conftest import POSTGRES
from tests.store.contract.case_values import (
    CASE,
    a_cardiac_case,
    a_volunteer,
    an_offer,
)
from tests.store.rows import NOW, after

NewUow = Callable[[], AbstractContextManager[UnitOfWork]]


@pytest.fixture(params=["fake", "sqlite", POSTGRES])
def new_uow(request: pytest.FixtureRequest) -> NewUow:
    """Transactions over a case and three volunteers."""
    if request.param == "fake":
        opened: NewUow = FakeCaseStore().unit_of_work
    else:
        database: Database = request.getfixturevalue(request.param)
        opened = database.unit_of_work
    with opened() as uow:
        uow.responders.upsert([a_volunteer(n) for n in (1, 2, 3)], now=NOW)
        uow.cases.add(a_cardiac_case())
        uow.commit()
    return opened


def people(uow: UnitOfWork) -> list[ResponderId]:
    return [person.responder_id for person in uow.responders.page(after=0, limit=9)]


def test_cases_come_back_as_written(new_uow: NewUow) -> None:
    """Every field, also after a change."""
    with new_uow() as uow:
        assert uow.cases.get(CASE) == a_cardiac_case()
        changed = replace(
            a_cardiac_case().moved(CaseState.STAFFED).stamped(first_accepted_at=NOW),
            external_ref="cad:17",
            next_due_at=None,
            is_exercise=True,
            merged_into="b4b4",
        )
        uow.cases.save(changed)
        uow.commit()
    with new_uow() as uow:
        assert uow.cases.get_for_update(CASE) == changed
        assert uow.cases.find_by_ref("cad:17") == changed
        assert uow.cases.find_by_ref("cad:18") is None
        assert (uow.cases.count(), uow.cases.open()) == (1, [changed])


def test_codes_and_references_are_unique(new_uow: NewUow) -> None:
    """Two open cases never share a code; a refused case leaves the rest alone."""
    with new_uow() as uow:
        with pytest.raises(CaseStateError):
            uow.cases.add(a_cardiac_case("other"))
        uow.cases.add(a_cardiac_case("other", code="5K", external_ref="cad:1"))
        with pytest.raises(CaseStateError):
            uow.cases.add(a_cardiac_case("third", code="6K", external_ref="cad:1"))
        uow.cases.save(a_cardiac_case().moved(CaseState.CLOSED))
        uow.cases.add(a_cardiac_case("fourth"))
        newest = uow.cases.newest(limit=2)
        assert [case.case_id for case in newest] == ["fourth", "other"]
        (older,) = uow.cases.newest(before="other", limit=5)
        assert older.case_id == CASE


def test_due_cases_by_time(new_uow: NewUow) -> None:
    """The longest overdue first; some never again."""
    with new_uow() as uow:
        early = a_cardiac_case("early", code="5K", next_due_at=after(seconds=-1))
        never = a_cardiac_case("never", code="6K", next_due_at=None)
        later = a_cardiac_case("later", code="7K", next_due_at=after(seconds=1))
        for case in (early, never, later):
            uow.cases.add(case)
        assert uow.cases.due(now=NOW, limit=9) == ["early", CASE]
        assert uow.cases.due(now=NOW, limit=1) == ["early"]


def test_unknown_cases_are_errors(new_uow: NewUow) -> None:
    """Nothing is written to nowhere."""
    with new_uow() as uow:
        nowhere = CaseId("nowhere")
        with pytest.raises(CaseNotFoundError):
            uow.cases.get(nowhere)
        with pytest.raises(CaseNotFoundError):
            uow.cases.save(a_cardiac_case(nowhere))
        with pytest.raises(CaseNotFoundError):
            uow.cases.note(nowhere, Decision(at=NOW, kind="wave", facts={}))


def test_offers_come_back_as_written(new_uow: NewUow) -> None:
    """Every field; one person is asked once for one case."""
    with new_uow() as uow:
        one, two, _ = people(uow)
        uow.cases.add_offers([an_offer(one), an_offer(two)])
        with pytest.raises(CaseStateError):
            uow.cases.add_offers([an_offer(one)])
        changed = an_offer(
            one,
            state=OfferState.AED_HELD,
            hopes=Channel.VOICE,
            answered_at=NOW,
            answered_by=Channel.SMS,
            role=Role.VIA_AED,
            aed_id=AedId(3),
            eta_at=after(minutes=4),
            feeling=Feeling.CALL_ME,
            was_helped=True,
        )
        uow.cases.save_offer(changed)
        uow.commit()
    with new_uow() as uow:
        assert uow.cases.offers(CASE) == [changed, an_offer(two)]
        assert uow.cases.offer(CASE, one) == changed
        assert uow.cases.offer(CASE, ResponderId(99)) is None
        assert uow.cases.to_follow_up() == [changed]
        uow.cases.save_offer(replace(changed, is_followed_up=True))
        assert uow.cases.to_follow_up() == []
        with pytest.raises(CaseStateError):
            uow.cases.save_offer(an_offer(99))


def test_nobody_goes_to_two_patients(new_uow: NewUow) -> None:
    """The second yes of a person is refused by the database itself."""
    with new_uow() as uow:
        one, *_ = people(uow)
        uow.cases.add(a_cardiac_case("other", code="5K"))
        uow.cases.add_offers([an_offer(one), an_offer(one, "other")])
        uow.cases.save_offer(an_offer(one, state=OfferState.ACCEPTED))
        with pytest.raises(CaseStateError):
            uow.cases.save_offer(an_offer(one, "other", state=OfferState.ACCEPTED))
        live = uow.cases.live_offers([one])[one]
        assert [offer.case_id for offer in live] == [CASE, "other"]
        uow.cases.save_offer(an_offer(one, state=OfferState.REVOKED))
        uow.cases.save_offer(an_offer(one, "other", state=OfferState.ACCEPTED))


def test_alerts_are_counted_without_exercises(new_uow: NewUow) -> None:
    """What somebody was asked for in earnest, since a time."""
    with new_uow() as uow:
        one, two, three = people(uow)
        drill = a_cardiac_case("drill", code="5K", is_exercise=True)
        uow.cases.add(drill)
        uow.cases.add_offers(
            [
                an_offer(one, lon=None, lat=None),
                an_offer(one, "drill", offered_at=after(minutes=1)),
                an_offer(two, offered_at=after(days=-31)),
            ]
        )
        counted = uow.cases.alerts_since(after(days=-30), [one, two, three])
        assert counted == {one: 1}
        newest = uow.cases.offers_of(one, since=NOW)
        assert [offer.case_id for offer in newest] == ["drill", CASE]
        assert uow.cases.offers_of(one, since=after(hours=1)) == []


def test_decisions_are_kept_in_order(new_uow: NewUow) -> None:
    """As they were made, to be replayed."""
    made = [
        Decision(at=NOW, kind="wave", facts={"chosen": [1, 2], "p": 0.35}),
        Decision(at=NOW, kind="role", facts={"why": "saves_more"}),
    ]
    with new_uow() as uow:
        for decision in made:
            uow.cases.note(CASE, decision)
        assert uow.cases.decisions(CASE) == made


def test_less_is_kept_of_decisions(new_uow: NewUow) -> None:
    """Those that change are written anew, in their old order."""
    wave = Decision(at=NOW, kind="wave", facts={"chosen": [1, 2]})
    role = Decision(at=NOW, kind="role", facts={"why": "no_aed", "lon": 104.9})
    with new_uow() as uow:
        for decision in (role, wave):
            uow.cases.note(CASE, decision)

        def without_place(one: Decision) -> Mapping[str, object]:
            return {name: it for name, it in one.facts.items() if name != "lon"}

        assert uow.cases.redact_decisions(CASE, without_place) == 1
        kept = uow.cases.decisions(CASE)
        assert kept == [replace(role, facts={"why": "no_aed"}), wave]


def test_the_lock_of_a_case_counts_places(database: Database) -> None:
    """Of many who take the last place at once, one gets it."""
    with database.unit_of_work() as uow:
        uow.responders.upsert([a_volunteer(n) for n in range(1, 9)], now=NOW)
        uow.cases.add(a_cardiac_case())
        ids = people(uow)
        uow.cases.add_offers([an_offer(n) for n in ids])
        uow.commit()

    def take(number: ResponderId) -> bool:
        with database.unit_of_work() as uow:
            uow.cases.get_for_update(CASE)
            offers = uow.cases.offers(CASE)
            if any(offer.state.is_engaged for offer in offers):
                return False
            uow.cases.save_offer(an_offer(number, state=OfferState.ACCEPTED))
            uow.commit()
            return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(take, ids)) == 1
