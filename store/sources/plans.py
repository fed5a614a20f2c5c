"""Prepared plans."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, exists, insert, select, update

from store.sql.locking import locked
from store.tables.sensors import plans, sensors
from warning.errors import PlanInUseError
from warning.sources import plan_json

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from warning.sources.plans import Plan


class SqlPlans:
    """``warning.sources.source_ports.PlanRepository``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def save(self, plan: Plan, *, by: str, now: datetime) -> bool:
        """Write a plan, over the one of its name if there is one; True if new."""
        values: dict[str, Any] = {
            "document": plan_json.to_json(plan),
            "updated_at": now,
            "updated_by": by,
        }
        changed = self._connection.execute(
            update(plans).where(plans.c.name == plan.name).values(values)
        )
        if changed.rowcount:
            return False
        self._connection.execute(insert(plans).values(name=plan.name, **values))
        return True

    def find(self, name: str) -> Plan | None:
        """Return a plan."""
        document = self._connection.scalar(
            select(plans.c.document).where(plans.c.name == name)
        )
        return None if document is None else plan_json.from_json(document)

    def list(self, *, after: str, limit: int) -> Sequence[Plan]:
        """Plans whose name is above ``after``, ascending."""
        documents = self._connection.scalars(
            select(plans.c.document)
            .where(plans.c.name > after)
            .order_by(plans.c.name)
            .limit(limit)
        )
        return [plan_json.from_json(document) for document in documents]

    def remove(self, name: str) -> bool:
        """Remove a plan that no sensor uses; False when there is none.

        Raises
        ------
        PlanInUseError
            If a sensor drafts from it.
        """
        self._connection.execute(
            locked(self._connection, select(plans.c.name).where(plans.c.name == name))
        )
        if self._connection.scalar(select(exists().where(sensors.c.plan == name))):
            raise PlanInUseError(
                f"A sensor drafts alerts from the plan {name}; give it another first."
            )
        gone = self._connection.execute(delete(plans).where(plans.c.name == name))
        return bool(gone.rowcount)
