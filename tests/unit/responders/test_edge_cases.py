"""The table of edge cases: one test a row that no story of a case plays."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from responders.case import CaseState, PlaceType
from responders.cases.case_intake import Correction
from responders.deciding.facts import Role, Skill
from responders.errors import InvalidCaseError, InvalidPositionError
from responders.offer import OfferState
from responders.roster.aeds import Access
from responders.roster.hours import Hours
from responders.roster.places import Place, PlaceKind
from responders.roster.skills import Credential
from responders.roster.volunteer import Availability, ResponderId, Standing
from telephony.delivery import Channel, DeliveryState, Lane
from tests.fakes.case_world import (
    ADDRESS,
    PATIENT,
    START,
    CaseWorld,
    a_person,
    a_scene,
    an_aed,
    north,
    phone,
)


@pytest.fixture
def world() -> CaseWorld:
    return CaseWorld()


def asked(world: CaseWorld, **changes: object) -> list[int]:
    return sorted(world.offers(world.running(**changes)))


def a_credential(skill: Skill, **changes: Any) -> Credential:
    values: dict[str, Any] = {
        "skill": skill,
        "valid_until": START + timedelta(days=30),
        "verified_at": START,
    }
    return Credential(**(values | changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"standing": Standing.PENDING},
        {"standing": Standing.OPTED_OUT},
        {"standing": Standing.SUSPENDED},
        {"consent": None},
        {"credentials": ()},
        {"credentials": (a_credential(Skill.CPR, valid_until=START),)},
        {"number_verified_at": None},
        {"number_verified_at": START - timedelta(days=401)},
        {"availability": Availability(is_on=False)},
        {"availability": Availability(paused_until=START + timedelta(hours=8))},
        {"availability": Availability(quiet=Hours.parse("22:00-07:00"))},
        {"max_alerts_30d": 0},
        {"places": ()},
        {"places": (replace(north(300), hours=Hours.parse("Sa,Su 00:00-24:00")),)},
    ],
    ids=str,
)
def test_who_may_not_be_asked_is_not(
    world: CaseWorld, changes: dict[str, object]
) -> None:
    """Opted out, expired, unverified, off, paused, quiet, tired, elsewhere."""
    world.people(a_person(1, **changes), a_person(2))
    assert asked(world) == [2]


def test_the_caller_and_the_excluded_are_not_asked(world: CaseWorld) -> None:
    """Whoever the dispatcher names, and whoever is on the phone already."""
    world.people(a_person(1), a_person(2), a_person(3))
    found = asked(world, callback_phone=phone(1), excluded=frozenset({phone(2)}))
    assert found == [3]


@pytest.mark.parametrize(
    "obstacle",
    [
        {"scene_safe": False},
        {"is_trauma": True},
        {"is_dnr": True},
        {"place_type": PlaceType.INSTITUTION},
    ],
    ids=str,
)
def test_nobody_is_sent_into_danger(
    world: CaseWorld, obstacle: dict[str, object]
) -> None:
    """The dispatcher sees why; once the scene is safe, people are asked."""
    world.people(a_person(1))
    case_id = world.running(**obstacle)
    case = world.case(case_id)
    assert (case.state, world.offers(case_id)) == (CaseState.NEW, {})
    assert [notice.kind for notice in case.notices] == ["nobody_asked"]
    safe = Correction(scene=a_scene())
    world.services.desk.correct(case_id, safe, by="dara")
    world.tick()
    assert list(world.offers(case_id)) == [1]


def test_small_children_get_professionals(world: CaseWorld) -> None:
    """Below eight, unless the organisation says otherwise."""
    nurse = a_person(1, credentials=(a_credential(Skill.NURSE),))
    world.people(nurse, a_person(2))
    assert asked(world, age=7) == [1]
    assert asked(world, age=8, lat=12.0) == []
    world = CaseWorld()
    world.people(nurse, a_person(2))
    assert asked(world, age=7, any_tier=True) == [1, 2]


def test_homes_get_verified_people(world: CaseWorld) -> None:
    """Whoever only declared a skill goes to public places."""
    declared = a_person(1, credentials=(a_credential(Skill.CPR, verified_at=None),))
    world.people(declared, a_person(2))
    assert asked(world, place_type=PlaceType.PRIVATE_HOME) == [2]
    world = CaseWorld()
    world.people(declared, a_person(2))
    assert asked(world) == [1, 2]


def test_helpers_only_where_they_are_wanted(world: CaseWorld) -> None:
    """In public places, when the dispatcher asks for them."""
    world.people(a_person(1, credentials=(a_credential(Skill.HELPER),)))
    assert asked(world) == []
    assert asked(world, with_helpers=True, lat=PATIENT[1] + 1e-4) == [1]


def test_two_open_cases_share_the_pool(world: CaseWorld) -> None:
    """Nobody is asked for two at once, also before anybody has merged them."""
    world.people(*(a_person(n, 100.0 * n) for n in range(1, 13)))
    one, two = world.running(), world.running()
    assert set(world.offers(one)).isdisjoint(world.offers(two))
    assert world.case(one).code != world.case(two).code


def test_an_answer_to_two_open_offers(world: CaseWorld) -> None:
    """The code says which; without it the latest is meant."""
    world.people(*(a_person(n, 100.0 * n) for n in range(1, 4)))
    one = world.running()
    world.text(phone(2), "1")
    world.text(phone(3), "1")
    assert world.case(one).state is CaseState.STAFFED
    two = world.running()
    assert list(world.offers(two)) == [1]
    world.text(phone(1), f"1 {world.case(one).code}")
    assert world.offers(one)[1].state.is_engaged
    assert not world.offers(two)[1].state.is_engaged


def test_an_answer_with_no_open_offer(world: CaseWorld) -> None:
    """After the end a yes hears that it is too late; a stranger hears nothing."""
    world.people(a_person(1), a_person(2))
    case_id = world.running()
    world.services.desk.close(case_id, by="dara")
    assert world.text(phone(1), "1")
    assert world.sent(1, "too_late")
    assert world.text(phone(1), "1 9Z")
    assert any("no open request" in text for text in world.sent(1))
    assert not world.text(phone(77), "1")
    assert ADDRESS not in " ".join(world.sent(1) + world.sent(77))


def test_who_was_never_asked_is_told_nothing(world: CaseWorld) -> None:
    """A digit of somebody without a request answers a warning, if anything."""
    world.people(a_person(1), a_person(2, 9_000))
    world.running()
    assert not world.text(phone(2), "1")
    assert world.sent(2) == []


def test_an_unclear_answer_gets_one_word_of_help(world: CaseWorld) -> None:
    """Once only."""
    world.people(a_person(1))
    world.running()
    for _ in range(3):
        assert world.text(phone(1), "what is this about")
    assert len(world.sent(1, "unclear")) == 1


def test_a_corrected_address_reaches_whoever_is_going(world: CaseWorld) -> None:
    """By text and call, with a new way for those with time; others hear nothing."""
    world.people(a_person(1), a_person(2, 700))
    case_id = world.running()
    world.text(phone(2), "1")
    moved = a_scene(address="Marktplein 3", lat=PATIENT[1] + 0.002)
    world.services.desk.correct(case_id, Correction(scene=moved), by="dara")
    (told,) = world.sent(2, "address.1")
    assert "Marktplein 3" in told
    assert world.sent(2, "role.1")
    assert "Marktplein 3" not in " ".join(world.sent(1))


def test_an_aed_that_cannot_be_had_is_nobodys_way(world: CaseWorld) -> None:
    """Closed at pick-up, private, out of order, or of unknown hours indoors."""
    world.people(*(a_person(n, 200.0 + n) for n in range(1, 5)))
    world.aeds(
        an_aed(1, 100, opening_hours="Sa-Su 10:00-12:00"),
        an_aed(2, 101, access=Access.PRIVATE),
        an_aed(3, 102, out_of_order_at=START),
        an_aed(4, 103, opening_hours="", is_indoor=True),
    )
    case_id = world.running(cpr_in_progress=True)
    for n in range(1, 5):
        world.text(phone(n), "1")
    assert all(o.role is not Role.VIA_AED for o in world.offers(case_id).values())


def test_quiet_hours_do_not_hold_back_a_stand_down(world: CaseWorld) -> None:
    """It leaves in its own lane, also after STOP."""
    world.people(a_person(1))
    case_id = world.running()
    world.text(phone(1), "1")
    assert not world.text(phone(1), "STOP")
    assert world.offers(case_id)[1].state is OfferState.REVOKED
    world.services.desk.cancel(case_id, by="dara")
    with world.new_uow() as uow:
        person = uow.responders.get(ResponderId(1))
    assert person.standing is Standing.OPTED_OUT


def test_three_undelivered_texts_suspend(world: CaseWorld) -> None:
    """The number may be somebody else's by now; a receipt starts anew."""
    world.people(a_person(1))
    for n in range(3):
        case_id = world.running(lat=PATIENT[1] + n * 1e-3)
        world.news(case_id, 1, DeliveryState.FAILED, channel=Channel.SMS, code="30005")
        world.services.desk.cancel(case_id, by="dara")
    with world.new_uow() as uow:
        assert uow.responders.get(ResponderId(1)).standing is Standing.SUSPENDED


def test_exercises_say_so_and_are_not_counted(world: CaseWorld) -> None:
    """TEST in front of every text, in the lane of drills, nothing learnt."""
    world.people(a_person(1))
    case_id = world.running(is_exercise=True)
    world.text(phone(1), "1")
    world.services.desk.cancel(case_id, by="dara")
    texts = world.sent(1)
    assert len(texts) >= 3
    assert all(text.startswith("TEST EXERCISE: ") for text in texts)
    assert {call.lane for call in world.calls(1)} == {Lane.DRILL}
    world.move(minutes=91)
    with world.new_uow() as uow:
        assert uow.cases.alerts_since(START, [ResponderId(1)]) == {}
        assert uow.responders.get(ResponderId(1)).record.n_asked == 0


def test_a_restart_in_the_middle_loses_nothing(world: CaseWorld) -> None:
    """Due times are in rows, and nobody is rung twice."""
    world.people(*(a_person(n, 100.0 * n) for n in range(1, 13)))
    case_id = world.running()
    n_calls = len(world.calls(1))
    for _ in range(5):
        world.restart()
        world.tick()
    assert len(world.calls(1)) == n_calls
    before = len(world.offers(case_id))
    world.restart()
    world.pass_by(90)
    assert len(world.offers(case_id)) > before


def test_a_check_in_counts_for_twelve_hours(world: CaseWorld) -> None:
    """MOVE with coordinates, a known place, or HOME; the sea is no place."""
    world = CaseWorld(
        find_place=lambda name: ("Town", *PATIENT) if name == "Town" else None
    )
    world.people(a_person(1, 9_000))
    assert world.text(phone(1), "MOVE Town")
    assert "Town" in world.sent(1)[-1]
    assert asked(world) == [1]
    world.services.desk.cancel(next(iter(world_cases(world))), by="dara")
    world.move(hours=12)
    assert asked(world, lat=PATIENT[1] + 1e-3) == []
    for nowhere in ("MOVE Atlantis", "MOVE 0.0, 0.0", "MOVE"):
        world.text(phone(1), nowhere)
        assert "do not know that place" in world.sent(1)[-1]
    world.text(phone(1), "move home")
    assert "home" in world.sent(1)[-1]


def world_cases(world: CaseWorld) -> list[str]:
    with world.new_uow() as uow:
        return [case.case_id for case in uow.cases.open()]


def test_duty_by_text(world: CaseWorld) -> None:
    """OFF, ON, PAUSE and STATUS hold at once and are answered."""
    world.people(a_person(1))
    for body, answer in (
        ("OFF", "off duty"),
        ("status", "off duty"),
        ("ON", "on duty"),
        ("PAUSE 8H", "until 2026-09-03 11:00"),
        ("STATUS", "until 2026-09-03 11:00"),
    ):
        assert world.text(phone(1), body)
        assert answer in world.sent(1)[-1]
        world.time += timedelta(microseconds=1)
    assert asked(world) == []


def test_signing_up_by_phone(world: CaseWorld) -> None:
    """VOLUNTEER and a name; asked only once the organisation has confirmed them."""
    assert world.text(phone(1), "VOLUNTEER Sok Dara")
    assert "organisation will confirm" in world.sent(1)[-1]
    assert asked(world) == []
    with world.new_uow() as uow:
        (person,) = uow.responders.page(after=0, limit=9)
    assert (person.name, person.standing) == ("Sok Dara", Standing.PENDING)


def test_a_wrong_code_voids_the_right_one(world: CaseWorld) -> None:
    """A code of six digits must not be guessed."""
    world.people(a_person(1, number_verified_at=None))
    with world.new_uow() as uow:
        person = uow.responders.get(ResponderId(1))
        duty = world.services.texts.duty
        duty.send_code(uow, person, at=world.time)
        uow.commit()
    code = "".join(c for c in world.sent(1)[-1].partition(".")[0] if c.isdecimal())
    wrong = "000000" if code != "000000" else "111111"
    world.text(phone(1), f"JOIN {wrong}")
    world.time += timedelta(seconds=1)
    world.text(phone(1), f"JOIN {code}")
    assert all("does not hold" in text for text in world.sent(1)[-2:])


def test_times_that_cannot_be(world: CaseWorld) -> None:
    """A call from the future, or of yesterday; an ambulance that takes a week."""
    for wrong in (
        {"call_received_at": START + timedelta(hours=1)},
        {"call_received_at": START - timedelta(hours=2)},
        {"ems_eta_min": -1},
        {"ems_eta_min": 1e6},
    ):
        with pytest.raises(InvalidCaseError):
            world.open(**wrong)


def test_positions_that_cannot_be() -> None:
    """In the sea off Africa, off the earth, exchanged, no number."""
    for lon, lat in ((0, 0), (181, 0), (11, 104), (float("nan"), 1)):
        with pytest.raises(InvalidPositionError):
            Place(kind=PlaceKind.HOME, lon=lon, lat=lat)


def test_people_of_a_merged_case_go_on(world: CaseWorld) -> None:
    """Whoever is on the way goes on for the case that this one really is."""
    world.people(*(a_person(n, 100.0 * n) for n in range(1, 13)))
    one, two = world.running(), world.running()
    going = next(iter(world.offers(two)))
    world.text(phone(going), "1")
    world.services.desk.merge(two, one, by="dara")
    assert world.offers(one)[going].state.is_engaged
    assert world.case(two).state is CaseState.CANCELLED
    assert not world.sent(going, "stand_down")
    assert sum(ADDRESS in text for text in world.sent(going)) == 2


def test_holders_are_reminded_before_a_credential_ends(world: CaseWorld) -> None:
    """Sixty, thirty and seven days before; however often the job runs that day."""
    ends = START + timedelta(days=29, hours=12)
    world.people(a_person(1, credentials=(a_credential(Skill.CPR, valid_until=ends),)))
    world.people(a_person(2))
    for _ in range(3):
        world.services.volunteers.remind()
        world.time += timedelta(hours=1)
    assert [text.split()[4] for text in world.sent(1)] == ["30"]
    assert world.sent(2) == []
