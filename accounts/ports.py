"""What accounts need from a store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from accounts.audit import AuditEntry
from accounts.operators import Operator, Role


class OperatorRepository(Protocol):
    """Operators by name, tokens by digest."""

    def add(self, operator: Operator) -> None:
        """Store a new operator.

        Raises
        ------
        OperatorExistsError
            If the name is taken.
        """
        ...

    def find(self, name: str) -> Operator | None:
        """Return the operator of this name."""
        ...

    def all(self) -> Sequence[Operator]:
        """Every operator, by name."""
        ...

    def add_token(
        self, digest: str, *, operator: str, role: Role, at: datetime
    ) -> None:
        """Store a token of an operator; it may do no more than ``role``."""
        ...

    def find_by_token(self, digest: str) -> Operator | None:
        """Return the active operator of this token, with the token's role."""
        ...


class AuditLog(Protocol):
    """Append-only, chained."""

    def append(
        self,
        *,
        at: datetime,
        actor: str,
        action: str,
        subject: str,
        details: Mapping[str, object],
    ) -> AuditEntry:
        """Add an entry to the chain, in this transaction."""
        ...

    def entries(self, *, subject: str | None = None) -> Iterator[AuditEntry]:
        """Every entry in order, or those of one subject."""
        ...
