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
from warning.escalation.escalation_plans import load_plans, read_plans
from warning.escalation.escalation_steps import FocalPointStep
from warning.recipients import RecipientState

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


TEXT, CALL = (Channel.SMS, 0.0), (Channel.VOICE, 180.0)
AGAIN = (Channel.VOICE, 600.0)


@pytest.mark.parametrize(
    ("severity", "steps"),
    [
        (Severity.EXTREME, [TEXT, (Channel.VOICE, 0.0)]),
        (Severity.SEVERE, [TEXT, CALL, AGAIN]),
        (Severity.MODERATE, [TEXT, CALL, AGAIN]),
        (Severity.UNKNOWN, [TEXT, CALL, AGAIN]),
    ],
)
def test_the_worse_it_is_the_sooner_the_call(
    severity: Severity, steps: list[tuple[Channel, float]]
) -> None:
    """Text and call at once; or three minutes later, and again after ten."""
    assert waits(severity) == steps


def test_nobody_is_rung_for_something_minor() -> None:
    """A text and nothing more; the worst of several counts."""
    assert waits(Severity.MINOR) == [TEXT]
    assert len(waits(Severity.MINOR, Severity.EXTREME)) == 2


def test_focal_points_are_told_after_the_last_step() -> None:
    """Without telephone numbers, unless the plan says so; of nothing minor."""
    plans = load_plans(AFTER).by_severity
    assert plans[Severity.SEVERE].focal_points == FocalPointStep(
        after=timedelta(minutes=10)
    )
    assert plans[Severity.MINOR].focal_points is None
    text = STEPS + "focal_points = { after_min = 1, tell_phones = true }"
    (plan,) = read_plans(text, AFTER).by_severity.values()
    assert plan.focal_points is not None
    assert plan.focal_points.tells_phones


def test_each_step_has_its_turn_by_either_channel() -> None:
    """The first call and the text change places; a further call follows both."""
    plan = load_plans(AFTER).by_severity[Severity.SEVERE]
    ways = [
        (turn.from_channel.word, turn.to_channel.word, turn.round)
        for turn, _ in plan.turns
    ]
    assert ways == [
        ("sms", "voice", 0),
        ("voice", "sms", 0),
        ("voice", "voice", -1),
        ("sms", "voice", -1),
    ]
    assert plan.last_call == -1


def test_a_step_may_be_content_with_less() -> None:
    """Whoever was heard is left in peace, if the plan says so."""
    text = STEPS.replace("after_min = 3", 'after_min = 3, unless = "heard"')
    (plan,) = read_plans(text, AFTER).by_severity.values()
    assert plan.steps[1].unless is RecipientState.HEARD


STEPS = """[Severe]
steps = [{ channel = "sms" }, { channel = "voice", after_min = 3 }]
"""


@pytest.mark.parametrize(
    "text",
    [
        "[Minor]\nsteps = []",
        "[Minor]",
        '[Minor]\nsteps = [{ channel = "sms" }]',
        STEPS.replace("3", "-1"),
        STEPS.replace("3", "'soon'"),
        STEPS.replace('"voice"', '"smoke"'),
        STEPS.replace('"voice"', '"sms"'),
        STEPS.replace("after_min = 3", "ring = 1"),
        STEPS.replace("after_min = 3", 'unless = "asleep"'),
        f"{STEPS}\nring = 1",
        f"{STEPS}\nfocal_points = {{ after_min = 1, tell_phones = 1 }}",
        f"{STEPS}\nfocal_points = {{}}",
        "[Bad]",
        "Severe = 1",
        "[",
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(text: str) -> None:
    """With the file's name; nothing is guessed."""
    with pytest.raises(TemplateError, match=r"escalation\.toml"):
        read_plans(text, AFTER)
