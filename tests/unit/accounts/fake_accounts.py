"""Operators, tokens and audit entries in memory; a transaction that can be lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import TracebackType
from typing import Self

from accounts.audit import GENESIS, AuditEntry
from accounts.errors import OperatorExistsError
from accounts.operators import TOKEN_ID_LENGTH, Operator, Role, Token, lesser
from tests.fakes.audit import FakeAuditList


@dataclass
class FakeOperators:
    """Operators by name, tokens by digest."""

    by_name: dict[str, Operator] = field(default_factory=dict)
    known: dict[str, Token] = field(default_factory=dict)

    def add(self, operator: Operator) -> None:
        if operator.name in self.by_name:
            raise OperatorExistsError(f"There is an operator {operator.name} already.")
        self.by_name[operator.name] = operator

    def find(self, name: str) -> Operator | None:
        return self.by_name.get(name)

    def all(self) -> Sequence[Operator]:
        return sorted(self.by_name.values(), key=lambda operator: operator.name)

    def save(self, operator: Operator) -> None:
        self.by_name[operator.name] = operator

    def add_token(
        self,
        digest: str,
        *,
        operator: str,
        role: Role,
        at: datetime,
        expires_at: datetime | None = None,
    ) -> None:
        self.known[digest] = Token(
            token_id=digest[:TOKEN_ID_LENGTH],
            operator=operator,
            role=role,
            created_at=at,
            expires_at=expires_at,
        )

    def find_by_token(self, digest: str, *, at: datetime) -> Operator | None:
        token = self.known.get(digest)
        operator = self.by_name.get(token.operator) if token else None
        if token is None or operator is None or not token.is_good(at):
            return None
        role = lesser(operator.role, token.role)
        return replace(operator, role=role) if operator.is_active else None

    def tokens(self) -> Sequence[Token]:
        return sorted(self.known.values(), key=lambda token: token.created_at)

    def revoke_tokens(self, digest_prefix: str, *, at: datetime) -> Sequence[Token]:
        found = [digest for digest in self.known if digest.startswith(digest_prefix)]
        for digest in found:
            if self.known[digest].revoked_at is None:
                self.known[digest] = replace(self.known[digest], revoked_at=at)
        return [self.known[digest] for digest in found]


@dataclass
class FakeAudit(FakeAuditList):
    """A chain of entries."""

    def newest_hash(self) -> str:
        return self.chain[-1].hash if self.chain else GENESIS

    def page(self, *, after: int, limit: int) -> Sequence[AuditEntry]:
        return self.chain[after : after + limit]

    def newest_before(self, seq: int | None, *, limit: int) -> Sequence[AuditEntry]:
        older = self.chain if seq is None else self.chain[: seq - 1]
        return older[::-1][:limit]

    def kept(self) -> Iterator[tuple[AuditEntry, str]]:
        return ((entry, entry.hash) for entry in self.chain)

    def n_counted(self) -> int:
        return len(self.chain)


@dataclass
class FakeAccounts:
    """What is committed."""

    operators: FakeOperators = field(default_factory=FakeOperators)
    audit: FakeAudit = field(default_factory=FakeAudit)

    def unit_of_work(self) -> FakeUnitOfWork:
        return FakeUnitOfWork(self)


class FakeUnitOfWork:
    """Works on a copy, which ``commit`` makes true."""

    def __init__(self, store: FakeAccounts) -> None:
        self._store = store
        self.operators = deepcopy(store.operators)
        self.audit = deepcopy(store.audit)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        return None

    def commit(self) -> None:
        self._store.operators = self.operators
        self._store.audit = self.audit
