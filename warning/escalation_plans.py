"""Escalation plans as data: how soon a call follows a text, by how bad it is."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from importlib.resources import files

from telephony.delivery import Channel
from warning.alert import AlertCase
from warning.cap import Severity
from warning.errors import TemplateError
from warning.escalation import EscalationPlan, EscalationStep

#: From the worst on; the worst of an alert's infos counts.
_ORDER = (
    Severity.EXTREME,
    Severity.SEVERE,
    Severity.MODERATE,
    Severity.MINOR,
    Severity.UNKNOWN,
)
_FILE = "escalation.toml"


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
        What the waits are shares of.

    Raises
    ------
    TemplateError
        If the file is no such table.
    """
    text = files("ivr_scripts").joinpath("plans", _FILE).read_text(encoding="utf-8")
    return read_plans(text, after)


def read_plans(text: str, after: timedelta) -> EscalationPlans:
    """Read plans from TOML.

    Raises
    ------
    TemplateError
        If it is no such table.
    """
    try:
        plans = {
            Severity(name): _plan(values, after)
            for name, values in tomllib.loads(text).items()
        }
    except (ValueError, TypeError, AttributeError) as error:
        raise TemplateError(f"{_FILE}: {error}.") from None
    if Severity.SEVERE not in plans:
        raise TemplateError(f"{_FILE}: the plan for Severe is missing.")
    return EscalationPlans(plans)


def _plan(values: Mapping[str, object], after: timedelta) -> EscalationPlan:
    """Steps of one severity.

    Raises
    ------
    ValueError
        If a wait is negative, or a word is unknown.
    """
    if strange := set(values) - {"call_after"}:
        raise ValueError(f"{sorted(strange)[0]!r} is not known")
    steps = [EscalationStep(channel=Channel.SMS, after=timedelta(0))]
    if "call_after" in values:
        share = float(str(values["call_after"]))
        if not share >= 0:
            raise ValueError("a wait is not negative")
        steps.append(EscalationStep(channel=Channel.VOICE, after=after * share))
    return EscalationPlan(tuple(steps))
