"""The address of a home for a PIN alone: what each volunteer is told, and when."""

from __future__ import annotations

from datetime import timedelta

import pytest

from responders.case import CaseState, PlaceType
from responders.cases.case_intake import Correction
from responders.cases.decider import Policies
from responders.errors import CaseStateError
from responders.offer import OfferState
from responders.roster.pins import MAX_WRONG, Pin
from responders.roster.volunteer import ResponderId
from telephony.delivery import Channel
from tests.fakes.case_world import (
    ADDRESS,
    SEALS,
    CaseWorld,
    a_person,
    a_scene,
    north,
    phone,
)

RIGHT, WRONG = "4821", ("1111", "2222", "3333")
HOME = {"place_type": PlaceType.PRIVATE_HOME}


def pin_of(n: int, digits: str = RIGHT) -> Pin:
    return Pin(seal=SEALS.of(phone(n), digits))


@pytest.fixture
def world() -> CaseWorld:
    world = CaseWorld(policies=Policies(home_pin=True))
    world.people(a_person(1, 300, pin=pin_of(1)), a_person(2, 400))
    return world


def told(world: CaseWorld, n: int) -> str:
    """Everything that was sent to somebody, texts and calls."""
    with world.new_uow() as uow:
        contents = [
            uow.outbox.content(order.content_id)
            for order in world.orders(uow)
            if order.phone == phone(n)
        ]
    return " ".join(
        text for one in contents for text in (one.sms_text, *one.variables.values())
    )


def test_a_yes_alone_does_not_open_a_home(world: CaseWorld) -> None:
    """Who says yes hears how far and in which direction, and is asked for the PIN."""
    case_id = world.running(**HOME)

    world.text(phone(1), "1")

    assert ADDRESS not in told(world, 1)
    asked = world.sent(1, part="pin")
    assert asked == [one for one in asked if "about 300 m to the south" in one]
    assert world.offers(case_id)[1].state is OfferState.ACCEPTED


@pytest.mark.parametrize("body", [RIGHT, f"PIN {RIGHT}", f"pin: {RIGHT}.", "៤៨២១"])
def test_the_pin_opens_the_address(world: CaseWorld, body: str) -> None:
    """The way leaves in the transaction that counts the PIN."""
    case_id = world.running(**HOME)
    world.text(phone(1), "1")

    assert world.text(phone(1), body)

    assert ADDRESS in told(world, 1)
    offer = world.offers(case_id)[1]
    assert offer.state is OfferState.ROLE_SENT
    assert offer.proved_at == world.now()
    assert "offer.proved" in world.actions(case_id)


def test_a_yes_and_the_pin_in_one_text(world: CaseWorld) -> None:
    """`1 4K 4821` is a yes to that case, by the person themselves."""
    case_id = world.running(**HOME)

    world.text(phone(1), f"1 {world.case(case_id).code} {RIGHT}")

    assert ADDRESS in told(world, 1)


def test_the_pin_in_the_call(world: CaseWorld) -> None:
    """The call asks for it after the yes; its seal alone comes here."""
    case_id = world.running(**HOME)
    with world.new_uow() as uow:
        scripts = {
            uow.outbox.content(order.content_id).script
            for order in world.orders(uow)
            if order.phone == phone(1)
        }

    world.press(case_id, 1, "ACCEPTED")
    world.press(case_id, 1, f"PROVED:{SEALS.of(phone(1), RIGHT)}")

    assert scripts == {"cardiac_home"}
    assert ADDRESS in told(world, 1)


def test_a_wrong_pin_may_be_tried_again_but_not_for_ever(world: CaseWorld) -> None:
    """After three the dispatcher rings; the right one then no longer helps."""
    case_id = world.running(**HOME)
    world.text(phone(1), "1")

    for wrong in (*WRONG, RIGHT):
        world.text(phone(1), wrong)

    assert ADDRESS not in told(world, 1)
    assert sum("not your PIN" in one for one in world.sent(1)) == MAX_WRONG - 1
    assert [one.kind for one in world.case(case_id).notices] == ["pin_1"]


def test_the_same_wrong_pin_twice_is_one_try(world: CaseWorld) -> None:
    """Carriers repeat webhooks, and people texts."""
    case_id = world.running(**HOME)
    world.text(phone(1), "1")

    for body in (WRONG[0], WRONG[0], WRONG[1], WRONG[1], RIGHT):
        world.text(phone(1), body)

    assert ADDRESS in told(world, 1)
    assert world.case(case_id).notices == ()


def test_whoever_has_no_pin_is_rung_by_the_dispatcher(world: CaseWorld) -> None:
    """They may start; the address is opened by hand, and that is in the record."""
    case_id = world.running(**HOME)
    world.text(phone(2), "1")
    before = told(world, 2)

    world.services.desk.vouch(case_id, ResponderId(2), by="dara")

    assert ADDRESS not in before
    assert "rings you with the address" in before
    assert [one.kind for one in world.case(case_id).notices] == ["pin_2"]
    assert ADDRESS in told(world, 2)


def test_vouching_lifts_a_locked_pin(world: CaseWorld) -> None:
    """Who was recognised may use the PIN again next time."""
    case_id = world.running(**HOME)
    world.text(phone(1), "1")
    for wrong in WRONG:
        world.text(phone(1), wrong)

    world.services.desk.vouch(case_id, ResponderId(1), by="dara")

    with world.new_uow() as uow:
        assert uow.responders.get(ResponderId(1)).pin.is_usable
    with pytest.raises(CaseStateError):
        world.services.desk.vouch(case_id, ResponderId(1), by="dara")


@pytest.mark.parametrize(
    ("is_asked", "place"),
    [(False, PlaceType.PRIVATE_HOME), (True, PlaceType.PUBLIC)],
)
def test_nobody_is_asked_in_public_or_where_it_is_switched_off(
    is_asked: bool, place: PlaceType
) -> None:
    """The address then leaves with the yes."""
    world = CaseWorld(policies=Policies(home_pin=is_asked))
    world.people(a_person(1, 300, pin=pin_of(1)))
    world.running(place_type=place)

    world.text(phone(1), "1")

    assert ADDRESS in told(world, 1)


def test_a_corrected_address_of_a_home_waits_for_the_pin_too(world: CaseWorld) -> None:
    """Neither the old nor the new one is told before."""
    case_id = world.running(**HOME)
    world.text(phone(1), "1")
    there = north(400)
    scene = a_scene(address="Marktplein 3", lon=there.lon, lat=there.lat, **HOME)

    world.services.desk.correct(case_id, Correction(scene=scene), by="dara")
    before = told(world, 1)
    world.text(phone(1), RIGHT)

    assert "Marktplein" not in before
    assert "Marktplein" in told(world, 1)


def test_a_case_that_proves_public_tells_whoever_waits(world: CaseWorld) -> None:
    """It was no home after all: the way leaves at once."""
    case_id = world.running(**HOME)
    world.text(phone(1), "1")

    world.services.desk.correct(case_id, Correction(scene=a_scene()), by="dara")

    assert ADDRESS in told(world, 1)
    assert world.offers(case_id)[1].state is OfferState.ROLE_SENT


def test_who_is_there_without_a_pin_is_there(world: CaseWorld) -> None:
    """The family has waved them in: 5 counts."""
    case_id = world.running(**HOME)
    world.text(phone(1), "1")

    world.text(phone(1), "5")

    assert world.case(case_id).state is CaseState.ON_SCENE


def test_whoever_has_calls_alone_is_rung_for_it_later() -> None:
    """Not while they may still be entering it in the call of the yes."""
    world = CaseWorld(policies=Policies(home_pin=True))
    world.people(a_person(1, 300, pin=pin_of(1), channels=Channel.VOICE))
    case_id = world.running(**HOME)
    world.press(case_id, 1, "ACCEPTED")

    call = world.calls(1)[-1]

    assert call.owner_ref == f"case:{case_id}/pin"
    assert call.not_before - world.now() == timedelta(seconds=30)


def test_no_record_and_no_log_holds_a_pin(
    world: CaseWorld, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither digits nor seals are in what is kept of a case."""
    case_id = world.running(**HOME)
    world.text(phone(1), "1")
    world.text(phone(1), WRONG[0])
    world.text(phone(1), RIGHT)

    with world.new_uow() as uow:
        entries = str(uow.audit.entries(subject=f"case:{case_id}"))
    assert not {RIGHT, WRONG[0]} & set(entries.replace("'", " ").split())
    assert RIGHT not in caplog.text
    assert SEALS.of(phone(1), RIGHT) not in entries + caplog.text
