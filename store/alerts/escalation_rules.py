"""Rules of escalation of every moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from store import counters
from store.tables.escalation_rules import escalation_rules
from warning.escalation_ports import RuleSet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Row


class SqlEscalationRules:
    """``warning.escalation_ports.RuleSets``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def revision(self) -> int:
        """Number of the newest; 0 if it was never changed."""
        return counters.current(self._connection, counters.ESCALATION_RULES)

    def take_revision(self) -> int:
        """The next number; whoever else changes rules waits until this is over."""
        return counters.take_next(self._connection, counters.ESCALATION_RULES)

    def add(self, rules: RuleSet) -> None:
        """Keep the rules of a revision that was taken."""
        self._connection.execute(
            insert(escalation_rules).values(
                revision=rules.revision, rules=rules.rules, by=rules.by, at=rules.at
            )
        )

    def find(self, revision: int) -> RuleSet | None:
        """Those of a revision; None if there are none."""
        row = self._connection.execute(
            select(escalation_rules).where(escalation_rules.c.revision == revision)
        ).one_or_none()
        return None if row is None else _rules_of(row)

    def newest(self, *, limit: int) -> Sequence[RuleSet]:
        """The newest first."""
        rows = self._connection.execute(
            select(escalation_rules)
            .order_by(escalation_rules.c.revision.desc())
            .limit(limit)
        )
        return [_rules_of(row) for row in rows]


def _rules_of(row: Row[*tuple[Any, ...]]) -> RuleSet:
    return RuleSet(revision=row.revision, rules=row.rules, by=row.by, at=row.at)
