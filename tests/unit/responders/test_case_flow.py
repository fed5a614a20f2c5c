"""A case from its report to its end, on a store in memory."""

from __future__ import annotations

from typing import Any

import pytest

from responders.case import CaseState
from responders.deciding.facts import Role
from responders.errors import CaseStateError
from responders.offer import OfferState
from responders.roster.volunteer import ResponderId
from telephony.delivery import Channel, DeliveryState, Lane
from tests.fakes.case_world import ADDRESS, CaseWorld, a_person, an_aed, phone


@pytest.fixture
def world() -> CaseWorld:
    """Ten people at 100, 200 … metres, and an AED on the way of some."""
    world = CaseWorld()
    world.people(*(a_person(n, 100.0 * n) for n in range(1, 13)))
    world.aeds(an_aed(1, 250.0))
    return world


def test_the_nearest_are_called_and_texted_together(world: CaseWorld) -> None:
    """Wave 1 is eight to ten people, each rung and written to, in the top lane."""
    case_id = world.running()
    offers = world.offers(case_id)
    assert 8 <= len(offers) <= 10
    assert sorted(offers) == list(range(1, len(offers) + 1))
    assert world.case(case_id).state is CaseState.ALERTING
    (call,) = world.calls(1)
    assert call.lane is Lane.DISPATCH
    (text,) = world.sent(1)
    assert text.startswith(f"HELP {world.case(case_id).code}: cardiac arrest")
    assert "about 100 m" in text


def test_no_address_before_the_yes(world: CaseWorld) -> None:
    """What is sent to people who have not accepted holds no address."""
    case_id = world.running()
    world.press(case_id, 1, "DECLINED")
    world.press(case_id, 2, "ACCEPTED")
    for n in range(1, 13):
        told = " ".join(world.sent(n))
        assert (ADDRESS in told) is (n == 2)


def test_a_yes_gets_a_role_at_once(world: CaseWorld) -> None:
    """The way is in the same transaction as the yes."""
    case_id = world.running()
    world.press(case_id, 1, "ACCEPTED")
    offer = world.offers(case_id)[1]
    assert offer.state is OfferState.ROLE_SENT
    assert offer.role in {Role.DIRECT, Role.VIA_AED}
    assert offer.eta_at is not None
    (way,) = world.sent(1, "role")
    assert ADDRESS in way


def test_an_aed_is_fetched_with_its_code(world: CaseWorld) -> None:
    """Whoever fetches it is told where it hangs and how it opens; nobody else is."""
    case_id = world.running(cpr_in_progress=True)
    for n in (1, 2, 3):
        world.press(case_id, n, "ACCEPTED")
    fetching = [n for n, o in world.offers(case_id).items() if o.role is Role.VIA_AED]
    assert len(fetching) == 1
    for n in (1, 2, 3):
        (way,) = world.sent(n, "role")
        assert ("1379" in way) is (n in fetching)
    (fetcher,) = fetching
    world.text(phone(fetcher), "4")
    assert world.offers(case_id)[fetcher].state is OfferState.AED_HELD
    world.text(phone(fetcher), "5")
    assert world.case(case_id).state is CaseState.ON_SCENE
    assert world.case(case_id).stamps.aed_in_hand_at == world.time


def test_the_same_yes_by_text_and_call_counts_once(world: CaseWorld) -> None:
    """The second is a confirmation."""
    case_id = world.running()
    world.text(phone(1), "1")
    world.press(case_id, 1, "ACCEPTED")
    world.text(phone(1), "yes")
    assert world.actions(case_id).count("offer.accepted") == 1
    assert len(world.sent(1, "role")) == 1


def test_enough_are_told_not_to_come(world: CaseWorld) -> None:
    """The last place goes to one; later yeses hear that enough are going."""
    case_id = world.running()
    for n in range(1, 9):
        world.text(phone(n), "1")
    states = [offer.state for offer in world.offers(case_id).values()]
    n_going = sum(state.is_engaged for state in states)
    assert 2 <= n_going <= 6
    late = [
        n
        for n, offer in world.offers(case_id).items()
        if n <= 8 and not offer.state.is_engaged
    ]
    assert late
    assert all(world.sent(n, "too_late") or world.sent(n, "stand_down") for n in late)


def test_cancel_tells_everybody_at_once(world: CaseWorld) -> None:
    """All who may still come: by text, and by call to those on the way."""
    case_id = world.running()
    world.press(case_id, 1, "ACCEPTED")
    world.press(case_id, 2, "DECLINED")
    world.services.desk.cancel(case_id, by="dara", reason="false alarm")
    offers = world.offers(case_id)
    assert not any(offer.state.is_live for offer in offers.values())
    for n in offers:
        told = world.sent(n, "stand_down")
        assert bool(told) is (n != 2)
    assert world.calls(1)[-1].lane is Lane.STAND_DOWN
    assert len(world.calls(3)) == 1
    with pytest.raises(CaseStateError):
        world.services.desk.cancel(case_id, by="dara")


def test_silence_brings_more_people(world: CaseWorld) -> None:
    """As the silent become unlikely to come, others are asked."""
    case_id = world.running()
    before = len(world.offers(case_id))
    world.pass_by(90)
    assert len(world.offers(case_id)) > before


def test_a_no_brings_the_next_at_once(world: CaseWorld) -> None:
    """Nobody waits for the next check after a no."""
    case_id = world.running()
    before = len(world.offers(case_id))
    for n in range(1, 9):
        world.press(case_id, n, "DECLINED")
    world.tick()
    assert len(world.offers(case_id)) > before


def test_nobody_answers(world: CaseWorld) -> None:
    """The dispatcher is told after two minutes; after eight it is given up."""
    case_id = world.running()
    world.pass_by(120, 15)
    kinds = [notice.kind for notice in world.case(case_id).notices]
    assert kinds[-1] == "no_yes"
    world.pass_by(375, 15)
    case = world.case(case_id)
    assert case.state is CaseState.NO_RESPONSE
    assert not any(o.state.is_live for o in world.offers(case_id).values())


def test_nobody_near() -> None:
    """The dispatcher is told at once, with the reasons."""
    world = CaseWorld()
    world.people(a_person(1, number_verified_at=None))
    case_id = world.running()
    (notice,) = world.case(case_id).notices
    assert notice.kind == "nobody_eligible"
    assert "unverified_number 1" in notice.text


def test_a_voicemail_never_accepts(world: CaseWorld) -> None:
    """Answered is not accepted, however long the call lasts."""
    case_id = world.running()
    for state in (DeliveryState.REACHED, DeliveryState.HEARD):
        world.news(case_id, 1, state)
    assert world.offers(case_id)[1].state is OfferState.DELIVERED


def test_busy_is_rung_once_more(world: CaseWorld) -> None:
    """After 25 seconds, once; then the text is the last hope."""
    case_id = world.running()
    busy: dict[str, Any] = {"state": DeliveryState.FAILED, "code": "busy"}
    world.news(case_id, 1, **busy)
    again = world.calls(1)[1:]
    assert [(call.not_before - world.time).total_seconds() for call in again] == [25]
    world.news(case_id, 1, part="again", **busy)
    assert len(world.calls(1)) == 2
    assert world.offers(case_id)[1].state.is_open
    world.news(case_id, 1, DeliveryState.FAILED, channel=Channel.SMS, code="30005")
    assert world.offers(case_id)[1].state is OfferState.FAILED


def test_late_news_never_undo_a_yes(world: CaseWorld) -> None:
    """A receipt or a failure that comes after the yes changes nothing."""
    case_id = world.running()
    world.text(phone(1), "1")
    for state in DeliveryState:
        for channel in Channel:
            world.news(case_id, 1, state, channel=channel, code="busy")
    assert world.offers(case_id)[1].state is OfferState.ROLE_SENT


def test_who_cannot_after_all_frees_the_place(world: CaseWorld) -> None:
    """9 takes the yes back, and others are asked at once."""
    case_id = world.running()
    world.text(phone(1), "1")
    world.text(phone(2), "1")
    world.text(phone(1), "9")
    assert world.offers(case_id)[1].state is OfferState.REVOKED
    assert world.case(case_id).state is CaseState.ALERTING


def test_who_says_yes_and_is_silent_is_asked_then_replaced(world: CaseWorld) -> None:
    """At one and a half times the way, and at twice."""
    case_id = world.running()
    world.text(phone(1), "1")
    eta = world.offers(case_id)[1].eta_at
    assert eta is not None
    way = (eta - world.time).total_seconds()
    while (world.time - eta).total_seconds() < way * 0.5 + 20:
        world.move(seconds=5)
    assert world.sent(1, "still_going")
    while (world.time - eta).total_seconds() < way + 20:
        world.move(seconds=5)
    assert world.offers(case_id)[1].state is OfferState.LOST
    world.text(phone(1), "5")
    assert world.offers(case_id)[1].state is OfferState.ON_SCENE


def test_a_case_nobody_closes_ends_by_itself(world: CaseWorld) -> None:
    """After an hour; who was there is thanked."""
    case_id = world.running()
    world.text(phone(1), "1")
    world.text(phone(1), "5")
    world.pass_by(3_660, 60)
    assert world.case(case_id).state is CaseState.CLOSED
    assert world.offers(case_id)[1].state is OfferState.RELEASED
    assert world.sent(1, "thanks")


def test_afterwards_people_are_asked_how_they_are(world: CaseWorld) -> None:
    """After 90 minutes, those who went; who wants a call is on a list."""
    case_id = world.running()
    world.text(phone(1), "1")
    world.text(phone(1), "5")
    world.services.desk.close(case_id, by="dara", reason="ambulance there")
    world.move(minutes=91)
    assert world.sent(1, "debrief")
    assert not world.sent(2, "debrief")
    world.text(phone(1), "4")
    assert world.offers(case_id)[1].state is OfferState.DEBRIEFED
    ((offer, person),) = world.services.follow_ups.open()
    assert (offer.responder_id, person.name) == (1, "Volunteer 1")
    world.services.follow_ups.done(case_id, offer.responder_id, by="dara")
    assert world.services.follow_ups.open() == []


def test_what_is_not_needed_is_forgotten(world: CaseWorld) -> None:
    """Positions after a day, the address after thirty, in what was decided as well."""
    case_id = world.running()
    world.text(phone(1), "1")
    role = world.decided(case_id, "role")
    assert "lon" in role["acceptor"]
    assert {one["responder_id"] for one in role["hoped"]} >= {2, 3}
    world.services.desk.close(case_id, by="dara")
    world.move(minutes=91)
    assert world.offers(case_id)[1].lon is not None
    world.move(hours=24)
    assert all(o.lon is None for o in world.offers(case_id).values())
    role = world.decided(case_id, "role")
    assert "lon" not in role["acceptor"]
    assert "hoped" not in role
    assert role["choice"]["responder_id"] == 1
    assert world.case(case_id).scene.address == ADDRESS
    assert "lon" in world.decided(case_id, "wave")["case"]
    world.move(days=30)
    assert "lon" not in world.decided(case_id, "wave")["case"]
    case = world.case(case_id)
    assert (case.scene.lon, case.scene.lat) == (104.92, 11.56)
    assert (case.scene.address, case.callback_phone) == ("deleted", "")
    assert case.next_due_at is None


def test_answers_are_learnt_from(world: CaseWorld) -> None:
    """A yes and a no count; who was not reached was not asked."""
    case_id = world.running()
    world.text(phone(1), "1")
    world.text(phone(2), "2")
    world.services.desk.close(case_id, by="dara")
    world.move(minutes=91)
    with world.new_uow() as uow:
        one, two, three = (uow.responders.get(ResponderId(n)).record for n in (1, 2, 3))
    assert (one.n_asked, one.n_accepted) == (1, 1)
    assert (two.n_asked, two.n_accepted) == (1, 0)
    assert three.n_asked == 0
