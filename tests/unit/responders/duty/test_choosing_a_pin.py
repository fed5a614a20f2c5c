"""Choosing and changing a PIN by text and by call."""

from __future__ import annotations

import pytest

from responders.roster.pins import FIRST_PIN_WITHIN, MAX_WRONG, Pin
from responders.roster.volunteer import ResponderId
from telephony.callbacks.event_reading import InboundCall
from tests.fakes.case_world import SEALS, START, CaseWorld, a_person, phone

OLD, NEW = "4821", "5930"


def pin_now(world: CaseWorld) -> Pin:
    with world.new_uow() as uow:
        return uow.responders.get(ResponderId(1)).pin


def a_world(**changes: object) -> CaseWorld:
    world = CaseWorld()
    world.people(a_person(1, **changes))
    return world


def with_pin() -> CaseWorld:
    return a_world(pin=Pin(seal=SEALS.of(phone(1), OLD)))


def test_a_first_pin_by_text() -> None:
    """While it is fresh that the number is theirs."""
    world = a_world()

    assert world.text(phone(1), f"PIN {OLD}")

    assert pin_now(world) == Pin(seal=SEALS.of(phone(1), OLD))
    assert "PIN is set" in world.sent(1)[-1]
    assert OLD not in world.sent(1)[-1]


@pytest.mark.parametrize("verified_at", [None, START - FIRST_PIN_WITHIN])
def test_whoever_has_the_number_later_chooses_none(verified_at: object) -> None:
    """A number that changed hands must not open addresses."""
    world = a_world(number_verified_at=verified_at)

    world.text(phone(1), f"PIN {OLD}")

    assert not pin_now(world).is_set
    assert "Ask your organisation" in world.sent(1)[-1]


def test_a_pin_with_the_code_that_confirms_the_number() -> None:
    """One text for both, at sign-up or whenever the organisation sends a code."""
    world = a_world(number_verified_at=None)
    world.services.volunteers.add(a_person(1), by="dara")
    code = next(w for w in world.sent(1)[-1].split() if w.strip(".").isdecimal())

    world.text(phone(1), f"JOIN {code.strip('.')} {OLD}")

    assert pin_now(world).fits(SEALS.of(phone(1), OLD))


def test_the_old_one_comes_before_the_new_one() -> None:
    """`PIN 4821 5930`."""
    world = with_pin()

    world.text(phone(1), f"PIN {OLD} {NEW}")

    assert pin_now(world).fits(SEALS.of(phone(1), NEW))


def test_without_the_old_one_nothing_changes_and_tries_are_counted() -> None:
    """Nobody finds it out by trying to set it."""
    world = with_pin()

    for body in (f"PIN {NEW}", f"PIN 1111 {NEW}", f"PIN {NEW}", f"PIN {OLD} {NEW}"):
        world.text(phone(1), body)

    assert pin_now(world) == Pin(seal=SEALS.of(phone(1), OLD), n_wrong=MAX_WRONG)
    assert "not your PIN" in world.sent(1)[-1]


def test_a_first_pin_by_call() -> None:
    """Whoever rings us presses 5 and four digits; whether it is set is texted."""
    world = a_world()
    answer = f"PROVED:{SEALS.of(phone(1), OLD)}"
    call = InboundCall(phone=phone(1), at=world.now(), answers=[answer], event_id=1)

    with world.new_uow() as uow:
        assert world.services.calls.take_call(uow, call)
        uow.commit()

    assert pin_now(world).is_set
    assert "PIN is set" in world.sent(1)[-1]


def test_erasing_somebody_takes_the_pin() -> None:
    """Nothing of it stays."""
    world = with_pin()

    world.services.volunteers.erase(ResponderId(1), by="dara")

    assert pin_now(world) == Pin()


def test_the_organisation_sets_one_anew() -> None:
    """At the desk; that also lifts a lock. A form without one takes none away."""
    locked = Pin(seal=SEALS.of(phone(1), OLD), n_wrong=MAX_WRONG)
    world = a_world(pin=locked)
    new = Pin(seal=SEALS.of(phone(1), NEW))

    world.services.volunteers.add(a_person(1), by="dara")
    kept = pin_now(world)
    world.services.volunteers.add(a_person(1, pin=new), by="dara")

    assert (kept, pin_now(world)) == (locked, new)


def test_a_bare_pin_that_nobody_asked_for_is_left_to_others() -> None:
    """Four digits may mean anything to a citizen's menu."""
    world = with_pin()
    world.move(minutes=1)

    assert not world.text(phone(1), OLD)
    assert pin_now(world).n_wrong == 0
