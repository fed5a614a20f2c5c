"""The rules of escalation, put together once for a process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ops.wiring.alert_parts import rule_book_of
from warning.escalation.rule_desk import RuleDesk

if TYPE_CHECKING:
    from ops.clock import Clock
    from ops.config.settings import Settings
    from ops.ports import Database
    from warning.escalation.rule_book import RuleBook


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
        book=rule_book_of(settings, database),
    )
