"""Prepared plans: what is said, and where, when the worst case comes at 3 a.m.

A plan is an alert's form without its times. A sensor, or an operator, makes a draft of
it; two people still look at that before anybody is told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from warning.alert_form import AlertForm, cap_alert
from warning.cap_documents import cap_xml
from warning.cap_documents.errors import CapError
from warning.errors import InvalidPlanError

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
SHORTEST, LONGEST = timedelta(minutes=1), timedelta(days=30)


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """An alert that is written and waits for its day."""

    #: Small letters, digits, - and _: it stands in URLs.
    name: str
    #: For operators.
    title: str
    #: Everything but the times.
    form: AlertForm
    #: From the draft until the alert expires.
    lasts: timedelta

    def form_at(self, now: datetime) -> AlertForm:
        """The form of an alert that is drafted now."""
        return replace(self.form, effective=None, onset=None, expires=now + self.lasts)


def require_usable(plan: Plan, *, now: datetime) -> None:
    """Refuse a plan of which no alert could be made.

    Raises
    ------
    InvalidPlanError
        Saying why.
    """
    if not NAME.fullmatch(plan.name):
        raise InvalidPlanError(
            f"{plan.name[:64]!r} cannot be the name of a plan: take small letters, "
            "digits, - and _, 63 at most."
        )
    if not SHORTEST <= plan.lasts <= LONGEST:
        raise InvalidPlanError(
            f"An alert of the plan would last {plan.lasts}; it can last 1 minute to "
            "30 days."
        )
    form = plan.form_at(now)
    try:
        cap_xml.write(
            cap_alert(form, identifier=plan.name, sender="plan.invalid", sent=now)
        )
    except CapError as error:
        raise InvalidPlanError(f"No alert can be made of the plan. {error}") from None


def facts(plan: Plan | None) -> dict[str, object] | None:
    """What the audit keeps of a plan."""
    if plan is None:
        return None
    form = plan.form
    return {
        "title": plan.title,
        "lasts_s": plan.lasts.total_seconds(),
        "status": form.status.value,
        "severity": form.severity.value,
        "headlines": {tag: text.headline for tag, text in form.texts.items()},
        "area_km2": round(form.area.area_km2, 3),
    }
