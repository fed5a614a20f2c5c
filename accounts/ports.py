"""What accounts need from a store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self

from accounts.audit import AuditEntry
from accounts.operators import Operator, Role, Token


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

    def save(self, operator: Operator) -> None:
        """Write an operator's role, password and whether they work here."""
        ...

    def add_token(
        self,
        digest: str,
        *,
        operator: str,
        role: Role,
        at: datetime,
        expires_at: datetime | None = None,
    ) -> None:
        """Store a token of an operator; it may do no more than ``role``."""
        ...

    def find_by_token(self, digest: str, *, at: datetime) -> Operator | None:
        """Return the active operator of a token that is good, with its role."""
        ...

    def tokens(self) -> Sequence[Token]:
        """Every token, the oldest first."""
        ...

    def revoke_tokens(self, digest_prefix: str, *, at: datetime) -> Sequence[Token]:
        """Let tokens with this beginning of a digest in no more; return them."""
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

    def page(self, *, after: int, limit: int) -> Sequence[AuditEntry]:
        """Entries whose number is above ``after``, ascending."""
        ...

    def newest_before(self, seq: int | None, *, limit: int) -> Sequence[AuditEntry]:
        """Entries whose number is below ``seq``, or the newest, descending."""
        ...

    def kept(self) -> Iterator[tuple[AuditEntry, str]]:
        """Every entry in order, each with the hash that was kept of it."""
        ...

    def n_counted(self) -> int:
        """How many entries were ever made, by the counter that numbers them."""
        ...


class Transaction(Protocol):
    """All or nothing: what is not committed when the block is left is undone."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...

    def commit(self) -> None:
        """Make it true."""
        ...
