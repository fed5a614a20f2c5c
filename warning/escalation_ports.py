"""What changing the steps of escalation needs from a store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from accounts.ports import AuditLog
from telephony.ports import Transaction

#: Severity → what its plan says, as a plan file has it.
Rules = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleSet:
    """All rules from one moment on; never written over."""

    #: From 1, one more with every change.
    revision: int
    #: None: those that come with the release.
    rules: Rules | None
    by: str
    #: Aware.
    at: datetime


class RuleSets(Protocol):
    """The rules of every moment."""

    def revision(self) -> int:
        """Number of the newest; 0 if it was never changed."""
        ...

    def take_revision(self) -> int:
        """The next number; whoever else changes rules waits until this is over."""
        ...

    def add(self, rules: RuleSet) -> None:
        """Keep the rules of a revision that was taken."""
        ...

    def find(self, revision: int) -> RuleSet | None:
        """Those of a revision; None if there are none."""
        ...

    def newest(self, *, limit: int) -> Sequence[RuleSet]:
        """The newest first."""
        ...


class RuleTransaction(Protocol):
    """A transaction in which rules can be read."""

    @property
    def escalation_rules(self) -> RuleSets:
        """Rules of escalation."""
        ...


class UnitOfWork(RuleTransaction, Transaction, Protocol):
    """One transaction over rules."""

    @property
    def audit(self) -> AuditLog:
        """What was done."""
        ...
