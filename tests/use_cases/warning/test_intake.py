"""What comes in becomes a draft, or is refused with a reason; it reaches nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from shapely import box

from geofence.area import area_of
from tests.use_cases.warning.world import START, World, an_alert, an_info
from warning.alert import AlertState
from warning.alert_form import AlertForm, FormText
from warning.cap import (
    Alert,
    Area,
    CapStatus,
    Category,
    Certainty,
    MsgType,
    Scope,
    Severity,
    Urgency,
)
from warning.cap_documents import cap_xml
from warning.cap_documents.errors import CapError
from warning.errors import DuplicateAlertError, InvalidAlertError


def a_form(**words: str) -> AlertForm:
    text = {
        "event": "Flood",
        "headline": "Flood of the Mekong",
        "description": "The river rises.",
        "instruction": "Go to high ground.",
        "area_desc": "Kandal",
    }
    return AlertForm(
        status=CapStatus.ACTUAL,
        categories=(Category.MET,),
        urgency=Urgency.IMMEDIATE,
        severity=Severity.SEVERE,
        certainty=Certainty.OBSERVED,
        area=area_of(box(104, 11, 105, 12)),
        texts={"en": FormText(**(text | words))},
        expires=START + timedelta(hours=6),
    )


def test_a_document_becomes_a_draft(world: World) -> None:
    """With its author, and an entry in the audit."""
    case = world.intake.draft_from_cap(cap_xml.write(an_alert()), by="anna")
    assert (case.state, case.created_by) == (AlertState.DRAFT, "anna")
    with world.read() as uow:
        assert uow.alerts.get(case.alert_id) == case
        (entry,) = uow.audit.entries()
    assert (entry.action, entry.subject) == ("alert.draft", case.owner_ref)


def test_the_same_document_is_known(world: World) -> None:
    """By sender, identifier and sent time; the refusal carries its id."""
    first = world.intake.draft(an_alert(), by="anna")
    with pytest.raises(DuplicateAlertError, match="already known") as caught:
        world.intake.draft(an_alert(), by="boran")
    assert caught.value.alert_id == first.alert_id
    world.intake.draft(an_alert(sent=START + timedelta(seconds=1)), by="boran")


def test_what_blocks_never_becomes_a_draft(world: World) -> None:
    """Every defect is named, in the words of the check."""
    data = cap_xml.write(an_alert()).replace(b"11,104 11,105", b"oops 11,105")
    with pytest.raises(InvalidAlertError) as caught:
        world.intake.draft_from_cap(data, by="anna")
    assert world.intake.check_cap(data)["usable"] is False
    assert world.board.list() == []
    assert caught.value.defects or "Nobody can be found" in str(caught.value)


def test_a_form_is_judged_like_a_document(world: World) -> None:
    """And drafted from what others would read."""
    assert world.intake.check_form(a_form())["usable"] is True
    case = world.intake.draft_from_form(a_form(), by="anna")
    assert case.cap.sender == "own.example"
    assert case.cap.sent == START
    again = world.intake.draft_from_form(a_form(), by="anna")
    assert again.cap.identifier != case.cap.identifier


def test_a_form_that_says_nothing_is_refused(world: World) -> None:
    """Not kept and found broken by the one who approves."""
    with pytest.raises((InvalidAlertError, CapError)):
        world.intake.draft_from_form(a_form(event="", headline=""), by="anna")
    assert world.board.list() == []


@pytest.mark.parametrize(
    ("cap", "reason"),
    [
        (replace(an_alert(), infos=()), "says nothing"),
        (an_alert(an_info(headline=" ", event=" ")), "neither headline nor event"),
        (an_alert(msg_type=MsgType.ACK), "answer to another system"),
        (an_alert(msg_type=MsgType.ERROR), "answer to another system"),
        (an_alert(scope=Scope.RESTRICTED), "not meant for the public"),
        (an_alert(scope=Scope.PRIVATE), "not meant for the public"),
        (an_alert(an_info(areas=())), "no_area"),
        (an_alert(an_info(areas=(Area(area_desc="Kandal"),))), "Draw its area"),
        (an_alert(an_info(expires=START)), "expired at"),
        (an_alert(an_info(expires=None), sent=START - timedelta(days=2)), "expired at"),
    ],
)
def test_what_may_not_or_cannot_be_said_is_refused(
    world: World, cap: Alert, reason: str
) -> None:
    """With a sentence that says why."""
    with pytest.raises(InvalidAlertError, match=reason):
        world.intake.draft(cap, by="anna")


def test_a_drill_may_have_any_scope(world: World) -> None:
    """It reaches nobody but the drill group."""
    cap = an_alert(scope=Scope.PRIVATE, addresses=("staff",), status=CapStatus.EXERCISE)
    assert world.intake.draft(cap, by="anna").is_drill
