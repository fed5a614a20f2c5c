"""Escalation plans as data: what follows a text, by how bad the danger is."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from telephony.delivery import Channel
from warning.alert import AlertCase
from warning.cap import Severity
from warning.errors import TemplateError
from warning.escalation.escalation_steps import (
    EscalationPlan,
    EscalationStep,
    FocalPointStep,
)
from warning.escalation_ports import Rules
from warning.recipients import RecipientState

#: From the worst on; the worst of an alert's infos counts.
_ORDER = (
    Severity.EXTREME,
    Severity.SEVERE,
    Severity.MODERATE,
    Severity.MINOR,
    Severity.UNKNOWN,
)
_FILE = "escalation.toml"
#: The ``escalate_after_s`` for which the minutes of the file hold.
USUAL = timedelta(seconds=180)
#: Steps of a plan at most, the text among them.
MAX_STEPS = 5
#: Nobody waits longer for the next step, minutes: alerts last a day as a rule.
MAX_WAIT_MIN = 1_440.0
_CHANNELS = {"sms": Channel.SMS, "voice": Channel.VOICE}
_UNLESS = {
    state.name.lower(): state
    for state in (
        RecipientState.REACHED,
        RecipientState.HEARD,
        RecipientState.CONFIRMED,
    )
}


@dataclass(frozen=True, slots=True)
class EscalationPlans:
    """A plan for each severity.

    Parameters
    ----------
    by_severity : mapping of Severity to EscalationPlan
        ``SEVERE`` must be among them: it serves those that are not named.
    """

    by_severity: Mapping[Severity, EscalationPlan]

    def of(self, case: AlertCase) -> EscalationPlan:
        """The plan of an alert."""
        found = {info.severity for info in case.cap.infos}
        worst = next((one for one in _ORDER if one in found), Severity.SEVERE)
        usual = self.by_severity[Severity.SEVERE]
        return self.by_severity.get(worst, usual)


def load_plans(after: timedelta) -> EscalationPlans:
    """Read the plans that come with this package.

    Parameters
    ----------
    after : timedelta
        How long three minutes of the file are here.

    Raises
    ------
    TemplateError
        If the file is no such table.
    """
    return plans_of(brought_rules(), after)


@cache
def brought_rules() -> Rules:
    """The rules that come with this package; they never change."""
    text = files("ivr_scripts").joinpath("plans", _FILE).read_text(encoding="utf-8")
    return tomllib.loads(text)


def read_plans(text: str, after: timedelta) -> EscalationPlans:
    """Read plans from TOML.

    Raises
    ------
    TemplateError
        If it is no such table.
    """
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise TemplateError(f"{_FILE}: {error}.") from None
    return plans_of(table, after)


def plans_of(rules: Rules, after: timedelta) -> EscalationPlans:
    """Make plans of rules.

    Parameters
    ----------
    rules : Rules
        As a plan file has them.
    after : timedelta
        How long three minutes of them are here.

    Raises
    ------
    TemplateError
        If they cannot be followed.
    """
    pace = after / USUAL
    try:
        plans = {Severity(name): _plan(values, pace) for name, values in rules.items()}
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise TemplateError(f"{_FILE}: {error}.") from None
    if Severity.SEVERE not in plans:
        raise TemplateError(f"{_FILE}: the plan for Severe is missing.")
    return EscalationPlans(plans)


def _plan(values: Mapping[str, Any], pace: float) -> EscalationPlan:
    """Steps of one severity.

    Raises
    ------
    ValueError
        If the text is not first, a second text follows, or a word is unknown.
    """
    _require_known(values, {"steps", "focal_points"})
    steps = tuple(_step(one, pace) for one in values["steps"])
    channels = [step.channel for step in steps]
    if channels != [Channel.SMS] + [Channel.VOICE] * (len(steps) - 1):
        raise ValueError("the steps are a text and then calls")
    if len(steps) > MAX_STEPS:
        raise ValueError(f"{len(steps)} steps; at most {MAX_STEPS}")
    focal = values.get("focal_points")
    return EscalationPlan(steps, None if focal is None else _focal(focal, pace))


def _step(values: Mapping[str, Any], pace: float) -> EscalationStep:
    _require_known(values, {"channel", "after_min", "unless"})
    return EscalationStep(
        channel=_CHANNELS[values["channel"]],
        after=_wait(values.get("after_min", 0), pace),
        unless=_UNLESS[values.get("unless", "confirmed")],
    )


def _focal(values: Mapping[str, Any], pace: float) -> FocalPointStep:
    _require_known(values, {"after_min", "tell_phones"})
    tells = values.get("tell_phones", False)
    if not isinstance(tells, bool):
        raise TypeError("tell_phones is true or false")
    return FocalPointStep(after=_wait(values["after_min"], pace), tells_phones=tells)


def _wait(minutes: object, pace: float) -> timedelta:
    """A wait of the file by the pace of this installation.

    Raises
    ------
    ValueError
        If it is no number of minutes from now on, or more than a day.
    """
    number = float(str(minutes))
    if not 0 <= number <= MAX_WAIT_MIN:
        raise ValueError(f"a wait is 0 to {MAX_WAIT_MIN:g} minutes, not {minutes}")
    return timedelta(minutes=number * pace)


def _require_known(values: Mapping[str, Any], known: set[str]) -> None:
    """Refuse words that would be passed over.

    Raises
    ------
    ValueError
        If there is one.
    """
    if strange := set(values) - known:
        raise ValueError(f"{sorted(strange)[0]!r} is not known")
