"""Which steps an alert follows: those that it was submitted with, in every process.

Rules of a revision never change: each is read once a process.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

from warning.alert import AlertCase, AlertState
from warning.escalation.escalation_plans import (
    USUAL,
    EscalationPlans,
    load_plans,
    plans_of,
)
from warning.escalation.escalation_steps import EscalationPlan
from warning.escalation_ports import RuleTransaction

#: Revisions that are kept ready: those of the alerts that are live.
_READY = 32


class RuleBook:
    """``warning.escalation.escalation_steps.PlanChoice`` of an installation.

    Parameters
    ----------
    read_uow : callable
        Opens a unit of work that only reads.
    after : timedelta
        How long three minutes of the rules are here.
    """

    def __init__(
        self,
        read_uow: Callable[[], AbstractContextManager[RuleTransaction]],
        *,
        after: timedelta,
    ) -> None:
        self._read_uow = read_uow
        self._after = after
        self._ready: dict[int, EscalationPlans] = {}

    @property
    def pace(self) -> float:
        """How long a minute of the rules is here, minutes."""
        return self._after / USUAL

    def of(self, case: AlertCase) -> EscalationPlan:
        """The plan of an alert, by the rules that it was submitted with.

        A draft has those that are in force.
        """
        revision = case.rules_revision
        if case.state is AlertState.DRAFT:
            with self._read_uow() as uow:
                revision = uow.escalation_rules.revision()
        return self._plans(revision).of(case)

    def _plans(self, revision: int) -> EscalationPlans:
        known = self._ready.get(revision)
        if known is not None:
            return known
        with self._read_uow() as uow:
            kept = uow.escalation_rules.find(revision) if revision else None
        if kept is None or kept.rules is None:
            plans = load_plans(self._after)
        else:
            plans = plans_of(kept.rules, self._after)
        if len(self._ready) >= _READY:
            # Of a copy: other threads add to it meanwhile.
            self._ready.pop(min(tuple(self._ready)), None)
        self._ready[revision] = plans
        return plans
