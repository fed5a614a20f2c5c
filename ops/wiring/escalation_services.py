"""The rules of escalation, put together once for a process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from warning.escalation.rule_book import RuleBook
from warning.escalation.rule_desk import RuleDesk

if TYPE_CHECKING:
    from ops.clock import Clock
    from ops.config.settings import Settings
    from ops.ports import Database


@dataclass(frozen=True, kw_only=True, slots=True)
class EscalationServices:
    """What is done with the rules, and which steps an alert follows."""

    desk: RuleDesk
    book: RuleBook


def build_rules(
    settings: Settings, database: Database, clock: Clock
) -> EscalationServices:
    """Put them together; reads nothing yet."""
    return EscalationServices(
        desk=RuleDesk(
            new_uow=database.unit_of_work, read_uow=database.read_only, now=clock.now
        ),
        book=RuleBook(
            database.read_only, after=timedelta(seconds=settings.escalate_after_s)
        ),
    )
