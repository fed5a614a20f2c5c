"""What the views need around the rules of escalation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from warning.alert import AlertCase
    from warning.escalation.escalation_steps import EscalationPlan
    from warning.escalation.rule_desk import RulesNow
    from warning.escalation_ports import Rules


class RuleDesk(Protocol):
    """What is done with the rules; ``by`` is an operator's name."""

    def rules(self) -> RulesNow:
        """What is in force, and what was done to it."""
        ...

    def save(self, rules: Rules, *, seen: int, by: str) -> bool:
        """Let other rules hold for alerts that are submitted from now on."""
        ...

    def bring_back(self, *, seen: int, by: str) -> bool:
        """Let those of the release hold again."""
        ...


class RuleBook(Protocol):
    """Which steps an alert follows."""

    @property
    def pace(self) -> float:
        """How long a minute of the rules is here, minutes."""
        ...

    def of(self, case: AlertCase) -> EscalationPlan:
        """The plan of an alert, by the rules that it was submitted with."""
        ...


class EscalationServices(Protocol):
    """The rules, and what follows from them."""

    @property
    def desk(self) -> RuleDesk:
        """What is done with them."""
        ...

    @property
    def book(self) -> RuleBook:
        """Which steps an alert follows."""
        ...
