"""Keeping prepared plans, and making drafts of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from warning.errors import PlanNotFoundError
from warning.sources.plans import Plan, facts, require_usable

if TYPE_CHECKING:
    from warning.alert import AlertCase
    from warning.intake.intake import AlertIntake
    from warning.sources.source_ports import UnitOfWork


class PlanService:
    """The use cases of prepared plans.

    Parameters
    ----------
    new_uow, read_uow : callable
        Open a unit of work that writes, and one that only reads.
    intake : AlertIntake
        Makes drafts.
    now : callable
        Aware UTC.
    """

    def __init__(
        self,
        *,
        new_uow: Callable[[], UnitOfWork],
        read_uow: Callable[[], UnitOfWork],
        intake: AlertIntake,
        now: Callable[[], datetime],
    ) -> None:
        self._new_uow = new_uow
        self._read_uow = read_uow
        self._intake = intake
        self._now = now

    def save(self, plan: Plan, *, by: str) -> bool:
        """Keep a plan, over the one of its name if there is one; True if it is new.

        Raises
        ------
        InvalidPlanError
            If no alert could be made of it; better now than at 3 a.m.
        """
        require_usable(plan, now=self._now())
        with self._new_uow() as uow:
            known = uow.plans.find(plan.name)
            uow.plans.save(plan, by=by, now=self._now())
            self._note(uow, "plan.save", plan.name, by, before=facts(known))
            uow.commit()
        return known is None

    def get(self, name: str) -> Plan:
        """Return a plan.

        Raises
        ------
        PlanNotFoundError
            If there is none of this name.
        """
        with self._read_uow() as uow:
            return require_plan(uow, name)

    def list(self, *, after: str = "", limit: int = 1_000) -> Sequence[Plan]:
        """Plans whose name is above ``after``, ascending."""
        with self._read_uow() as uow:
            return uow.plans.list(after=after, limit=limit)

    def remove(self, name: str, *, by: str) -> None:
        """Remove a plan.

        Raises
        ------
        PlanNotFoundError
            If there is none of this name.
        PlanInUseError
            If a sensor drafts from it.
        """
        with self._new_uow() as uow:
            plan = require_plan(uow, name)
            uow.plans.remove(name)
            self._note(uow, "plan.remove", name, by, before=facts(plan))
            uow.commit()

    def draft(self, name: str, *, by: str) -> AlertCase:
        """Make a draft of a plan, as it is now.

        Raises
        ------
        PlanNotFoundError
            If there is none of this name.
        """
        return self._intake.draft_from_form(self.get(name).form_at(self._now()), by=by)

    def _note(
        self, uow: UnitOfWork, action: str, name: str, by: str, *, before: object
    ) -> None:
        after = facts(uow.plans.find(name))
        uow.audit.append(
            at=self._now(),
            actor=by,
            action=action,
            subject=f"plan:{name}",
            details={"before": before, "after": after},
        )


def require_plan(uow: UnitOfWork, name: str) -> Plan:
    """Return a plan within a transaction.

    Raises
    ------
    PlanNotFoundError
        If there is none of this name.
    """
    plan = uow.plans.find(name)
    if plan is None:
        raise PlanNotFoundError(
            f"There is no plan {name[:64]!r}; the list of plans shows what there is."
        )
    return plan
