"""The table of edge cases, row by row: which test holds each of them.

The rows are those of the specification of volunteer dispatch, section 3.3, in its
order; the bad input of the product's task follows. A row without a test fails here.
"""

from __future__ import annotations

import ast
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

from responders.cases.caller import OFFER_HOLDS
from responders.deciding.facts import Skill
from responders.offer import OfferState
from responders.roster.skills import Credential
from telephony.delivery import Channel
from tests.fakes.case_world import START, CaseWorld, a_person, phone

TESTS = Path(__file__).parents[2]
FLOW, EDGE = "unit/responders/test_case_flow.py", "unit/responders/test_edge_cases.py"
HERE = "unit/responders/test_edge_rows.py"
CALLS, REACH = (
    "unit/responders/cases/test_call_in.py",
    "unit/responders/duty/test_reachability.py",
)
FILES, RACE = "unit/responders/test_files.py", "store/test_case_race.py"
INTAKE = "unit/responders/cases/test_case_intake.py"
PINS = "unit/responders/cases/test_proving.py"
PIN = "unit/responders/duty/test_choosing_a_pin.py"
TWO = "property/responders/test_two_cases.py"
RINGING = "use_cases/responders/test_ringing_back.py"
API_CASES, API_PEOPLE = "web/test_api_cases.py", "web/test_api_responders.py"

ROWS: dict[str, tuple[str, ...]] = {
    "double-accept race for the last slot": (
        f"{RACE}::test_of_many_yeses_at_once_each_is_counted_or_told",
        f"{FLOW}::test_enough_are_told_not_to_come",
    ),
    "same person accepts by text and by call": (
        f"{FLOW}::test_the_same_yes_by_text_and_call_counts_once",
    ),
    "webhook retried, or status out of order": (
        f"{FLOW}::test_late_news_never_undo_a_yes",
    ),
    "voicemail picks up": (f"{FLOW}::test_a_voicemail_never_accepts",),
    "busy or no answer": (
        f"{FLOW}::test_busy_is_rung_once_more",
        f"{FLOW}::test_answers_are_learnt_from",
    ),
    "text delayed minutes by the network": (
        f"{HERE}::test_an_alert_is_not_delivered_when_it_is_of_no_use",
        f"{HERE}::test_a_stale_yes_counts_only_while_it_is_needed",
    ),
    "responder calls the number back": (
        f"{CALLS}::test_an_open_request_is_the_same_menu_as_in_our_call",
        f"{CALLS}::test_no_open_request_is_said",
        f"{CALLS}::test_an_unknown_number_is_left_to_others",
    ),
    "accepted, then cannot": (f"{FLOW}::test_who_cannot_after_all_frees_the_place",),
    "accepted, silent": (
        f"{FLOW}::test_who_says_yes_and_is_silent_is_asked_then_replaced",
    ),
    "responder already on an open event": (
        f"{HERE}::test_a_second_case_asks_only_whom_the_first_does_not_need",
        f"{EDGE}::test_an_answer_to_two_open_offers",
    ),
    "two calls for the same patient": (
        f"{API_CASES}::test_duplicates_are_proposed_and_merged_by_hand",
        f"{INTAKE}::test_near_in_place_and_time_or_of_one_caller",
        f"{EDGE}::test_people_of_a_merged_case_go_on",
        f"{EDGE}::test_two_open_cases_share_the_pool",
    ),
    "two true events close by": (
        f"{TWO}::test_nobody_is_asked_for_two_that_still_need_them",
    ),
    "event address corrected": (
        f"{EDGE}::test_a_corrected_address_reaches_whoever_is_going",
    ),
    "nobody eligible or no yes": (
        f"{FLOW}::test_nobody_near",
        f"{FLOW}::test_nobody_answers",
    ),
    "unsafe scene, trauma, no resuscitation, institution": (
        f"{EDGE}::test_nobody_is_sent_into_danger",
    ),
    "child under 8": (f"{EDGE}::test_small_children_get_professionals",),
    "private home": (
        f"{EDGE}::test_homes_get_verified_people",
        f"{PINS}::test_a_yes_alone_does_not_open_a_home",
    ),
    "quiet hours": (
        f"{EDGE}::test_who_may_not_be_asked_is_not",
        f"{EDGE}::test_quiet_hours_do_not_hold_back_a_stand_down",
    ),
    "opt-in": (
        f"{EDGE}::test_signing_up_by_phone",
        f"{EDGE}::test_a_wrong_code_voids_the_right_one",
        f"{API_PEOPLE}::test_a_number_counts_when_its_owner_has_answered",
        f"{EDGE}::test_duty_by_text",
    ),
    "location without GPS": (f"{EDGE}::test_a_check_in_counts_for_twelve_hours",),
    "credential expiry": (
        f"{EDGE}::test_who_may_not_be_asked_is_not",
        f"{EDGE}::test_holders_are_reminded_before_a_credential_ends",
    ),
    "roles by credential": (
        f"{EDGE}::test_small_children_get_professionals",
        f"{EDGE}::test_helpers_only_where_they_are_wanted",
        f"{HERE}::test_one_proof_that_holds_is_enough",
    ),
    "phone number recycled": (
        f"{EDGE}::test_who_may_not_be_asked_is_not",
        f"{EDGE}::test_three_undelivered_texts_suspend",
        f"{PINS}::test_the_pin_opens_the_address",
        f"{PINS}::test_a_wrong_pin_may_be_tried_again_but_not_for_ever",
        f"{PINS}::test_whoever_has_no_pin_is_rung_by_the_dispatcher",
        f"{PIN}::test_whoever_has_the_number_later_chooses_none",
        "scenario/test_home_pin.py::test_the_address_of_a_home",
    ),
    "toll fraud and spoofed texts": (
        f"{EDGE}::test_an_answer_with_no_open_offer",
        f"{EDGE}::test_who_was_never_asked_is_told_nothing",
        f"{CALLS}::test_the_address_is_never_spoken",
    ),
    "service restart in mid-event": (
        f"{EDGE}::test_a_restart_in_the_middle_loses_nothing",
    ),
    "telco down": (
        "unit/responders/cases/test_unreached.py::test_nothing_leaves",
        f"{API_CASES}::test_the_telephone_is_down",
    ),
    "drills": (
        f"{EDGE}::test_exercises_say_so_and_are_not_counted",
        f"{REACH}::test_by_text_then_by_call_then_nobody_answers",
    ),
    "bad input: unknown skills": (
        f"{FILES}::test_a_line_that_cannot_be_used_says_why",
    ),
    "bad input: expired credentials": (f"{EDGE}::test_who_may_not_be_asked_is_not",),
    "bad input: positions in the sea or in the future": (
        f"{EDGE}::test_positions_that_cannot_be",
        f"{API_PEOPLE}::test_positions_of_now_are_kept",
    ),
    "bad input: malformed opening hours": (
        f"{FILES}::test_aeds_that_cannot_be_used",
        "unit/responders/test_values.py::test_opening_hours_nobody_can_evaluate",
    ),
    "bad input: a case without coordinates": (
        f"{API_CASES}::test_a_case_needs_coordinates_and_a_word_on_safety",
    ),
    "bad input: an answer with no open offer": (
        f"{EDGE}::test_an_answer_with_no_open_offer",
    ),
    "bad input: an answer to two open offers": (
        f"{EDGE}::test_an_answer_to_two_open_offers",
    ),
    "bad input: a call back from an unknown number": (
        f"{RINGING}::test_an_unknown_number_hears_of_no_case",
    ),
}


@cache
def names_in(path: str) -> frozenset[str]:
    tree = ast.parse((TESTS / path).read_text(encoding="utf-8"))
    return frozenset(
        node.name for node in tree.body if isinstance(node, ast.FunctionDef)
    )


@pytest.mark.parametrize("row", ROWS)
def test_every_row_has_its_test(row: str) -> None:
    """The tests named for a row are there."""
    for name in ROWS[row]:
        path, _, test = name.partition("::")
        assert test in names_in(path), name


def test_an_alert_is_not_delivered_when_it_is_of_no_use() -> None:
    """Text and call carry an end to telephony; the text becomes its validity."""
    world = CaseWorld()
    world.people(a_person(1))
    world.running()
    with world.new_uow() as uow:
        ends = {order.channel: order.deadline for order in world.orders(uow)}
    assert ends[Channel.SMS] == START + OFFER_HOLDS
    assert ends[Channel.VOICE] <= START + OFFER_HOLDS


def test_a_stale_yes_counts_only_while_it_is_needed() -> None:
    """Minutes late: taken if people are still short, else told that it is too late."""
    world = CaseWorld()
    ids = world.people(*(a_person(n, 100.0 * n) for n in range(1, 9)))
    case_id = world.running()
    for n in (1, 2, 3, 4):
        world.text(phone(n), "1")
    world.move(seconds=400)
    world.text(phone(8), "1")
    assert not world.offers(case_id)[int(ids[7])].state.is_engaged
    assert world.sent(8, "too_late") or world.sent(8, "stand_down")


def test_a_second_case_asks_only_whom_the_first_does_not_need() -> None:
    """On the way: never. Asked and silent: once the first case has enough."""
    world = CaseWorld()
    one, two, three = world.people(*(a_person(n, 100.0 * n) for n in (1, 2, 3)))
    first = world.running()
    world.text(phone(1), "1")
    second = world.running()
    assert world.offers(second) == {}
    world.text(phone(2), "1")
    world.move(seconds=15)
    assert list(world.offers(second)) == [int(three)]
    states = {n: offer.state for n, offer in world.offers(first).items()}
    assert all(states[int(n)] >= OfferState.ACCEPTED for n in (one, two))


def test_one_proof_that_holds_is_enough() -> None:
    """A nurse whose CPR course has lapsed is still a nurse."""
    world = CaseWorld()
    lapsed = Credential(skill=Skill.CPR, valid_until=START - timedelta(days=1))
    holds = Credential(skill=Skill.NURSE, valid_until=START + timedelta(days=1))
    world.people(
        a_person(1, credentials=(lapsed,)), a_person(2, credentials=(lapsed, holds))
    )
    assert list(world.offers(world.running())) == [2]
