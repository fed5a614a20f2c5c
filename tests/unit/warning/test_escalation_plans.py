"""Which plan an alert follows, and what a plan file may say."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from telephony.delivery import Channel
from tests.use_cases.warning.world import START, an_alert, an_info
from warning.alert import AlertCase, AlertId, AlertState
from warning.cap import Severity
from warning.errors import TemplateError
from warning.escalation_plans import load_plans, read_plans

AFTER = timedelta(minutes=3)


def waits(*severities: Severity) -> list[tuple[Channel, float]]:
    infos = [an_info(severity=one) for one in severities]
    case = AlertCase(
        alert_id=AlertId("1"),
        cap=replace(an_alert(), infos=tuple(infos)),
        state=AlertState.LIVE,
        created_by="anna",
        created_at=START,
    )
    steps = load_plans(AFTER).of(case).steps
    return [(step.channel, step.after.total_seconds()) for step in steps]


@pytest.mark.parametrize(
    ("severity", "call_after_s"),
    [
        (Severity.EXTREME, 0.0),
        (Severity.SEVERE, 180.0),
        (Severity.MODERATE, 180.0),
        (Severity.UNKNOWN, 180.0),
    ],
)
def test_the_worse_it_is_the_sooner_the_call(
    severity: Severity, call_after_s: float
) -> None:
    """A text at once; the call with it, or after three minutes."""
    assert waits(severity) == [(Channel.SMS, 0.0), (Channel.VOICE, call_after_s)]


def test_nobody_is_rung_for_something_minor() -> None:
    """A text and nothing more; the worst of several counts."""
    assert waits(Severity.MINOR) == [(Channel.SMS, 0.0)]
    assert len(waits(Severity.MINOR, Severity.EXTREME)) == 2


@pytest.mark.parametrize(
    "text",
    [
        "[Minor]",
        "[Severe]\ncall_after = -1",
        "[Severe]\nring = 1",
        "[Bad]",
        "Severe = 1",
        "[",
        "[Severe]\ncall_after = 'soon'",
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(text: str) -> None:
    """With the file's name; nothing is guessed."""
    with pytest.raises(TemplateError, match=r"escalation\.toml"):
        read_plans(text, AFTER)
