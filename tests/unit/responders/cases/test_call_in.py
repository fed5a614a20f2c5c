"""Volunteers who ring back: their open request, else whether they are on duty."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from responders.offer import OfferState
from responders.roster.volunteer import Standing
from telephony.callbacks.event_reading import InboundCall
from tests.fakes.case_world import ADDRESS, CaseWorld, a_person, phone


@pytest.fixture
def world() -> CaseWorld:
    return CaseWorld()


def rings(
    world: CaseWorld, n: int, answers: Sequence[str] = (), *, owner_ref: str = ""
) -> bool:
    """Somebody rings and chooses; whether it was a volunteer's affair."""
    call = InboundCall(
        phone=phone(n),
        at=world.now(),
        answers=answers,
        event_id=1,
        owner_ref=owner_ref,
    )
    with world.new_uow() as uow:
        is_taken = world.services.calls.take_call(uow, call)
        uow.commit()
    return is_taken


def heard(world: CaseWorld, n: int) -> str:
    """Everything that may be spoken to a number."""
    return " ".join(world.services.calls.variables(phone(n), "en").values())


def script(world: CaseWorld, n: int) -> str | None:
    found = world.services.calls.opening(phone(n))
    return found and found[0]


def test_an_open_request_is_the_same_menu_as_in_our_call(world: CaseWorld) -> None:
    """Who rings back hears the request, and 1 is a yes."""
    (one,) = world.people(a_person(1))
    case_id = world.running()
    assert script(world, 1) == "cardiac_dispatch"
    variables = world.services.calls.variables(phone(1), "en")
    assert variables["distance"] == "300 metres"
    assert variables["code"] == " ".join(world.case(case_id).code)
    assert ADDRESS not in heard(world, 1)
    assert rings(world, 1, ["ACCEPTED"])
    assert world.offers(case_id)[int(one)].state is OfferState.ROLE_SENT
    assert ADDRESS in world.sent(1, "role")[0]


def test_the_address_is_never_spoken(world: CaseWorld) -> None:
    """A forged caller hears no address: it goes by text to the number itself."""
    (one,) = world.people(a_person(1))
    case_id = world.running()
    world.press(case_id, int(one), "ACCEPTED")
    assert script(world, 1) == "case_role"
    assert ADDRESS not in heard(world, 1)
    rings(world, 1)
    rings(world, 1)
    assert len(world.sent(1, "role.again")) == 1
    assert ADDRESS in world.sent(1, "role.again")[0]


def test_no_and_not_after_all(world: CaseWorld) -> None:
    """2 is a no, 9 takes a yes back."""
    one, two = world.people(a_person(1), a_person(2))
    case_id = world.running()
    rings(world, 1, ["DECLINED"])
    rings(world, 2, ["ACCEPTED", "WITHDRAWN"])
    states = {n: offer.state for n, offer in world.offers(case_id).items()}
    assert states == {int(one): OfferState.DECLINED, int(two): OfferState.REVOKED}


def test_a_yes_after_the_end_is_too_late(world: CaseWorld) -> None:
    """Who rings back when enough are going is told so."""
    world.people(a_person(1))
    case_id = world.running()
    world.services.desk.cancel(case_id, by="dara")
    assert script(world, 1) == "volunteer_duty"
    assert rings(world, 1, ["ACCEPTED"])
    assert len(world.sent(1, "too_late")) == 1


def test_no_open_request_is_said(world: CaseWorld) -> None:
    """And whether they are on duty, which keys change."""
    world.people(a_person(1))
    assert script(world, 1) == "volunteer_duty"
    assert "no open request" in heard(world, 1)
    assert "You are on duty" in heard(world, 1)
    rings(world, 1, ["DUTY:off"])
    assert "You are off duty" in heard(world, 1)
    rings(world, 1, ["DUTY:on"])
    assert "You are on duty" in heard(world, 1)
    rings(world, 1, ["DUTY:pause"])
    assert "off duty until" in heard(world, 1)
    world.time += timedelta(hours=8)
    assert "You are on duty" in heard(world, 1)


def test_what_a_key_changed_is_told_to_the_number(world: CaseWorld) -> None:
    """Whoever forged the number changes nothing unseen."""
    world.people(a_person(1))
    rings(world, 1, ["DUTY:off"])
    (text,) = world.sent(1)
    assert "off duty" in text


def test_an_unknown_number_is_left_to_others(world: CaseWorld) -> None:
    """It is no volunteer's: nothing of a case is said, and nothing changes."""
    world.people(a_person(1))
    case_id = world.running()
    before = world.offers(case_id)
    assert world.services.calls.opening(phone(9)) is None
    assert world.services.calls.variables(phone(9), "en") == {}
    assert not rings(world, 9, ["ACCEPTED"])
    assert world.offers(case_id) == before


def test_who_has_left_is_a_citizen_like_others(world: CaseWorld) -> None:
    """Opted out: the citizens' own menu, and no request."""
    world.people(a_person(1, standing=Standing.OPTED_OUT))
    assert world.services.calls.opening(phone(1)) is None


def test_answers_to_warnings_are_left_to_others(world: CaseWorld) -> None:
    """A volunteer is a citizen too; and keys of calls that we made are read there."""
    world.people(a_person(1))
    assert not rings(world, 1, ["CONFIRMED"])
    assert not rings(world, 1, ["ACCEPTED"], owner_ref="case:x")
