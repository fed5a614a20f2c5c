"""Operators, tokens and audit entries in memory; a transaction that can be lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import TracebackType
from typing import Self

from accounts.audit import GENESIS, AuditEntry
from accounts.errors import OperatorExistsError
from accounts.operators import Operator, Role


@dataclass
class FakeOperators:
    """Operators by name, tokens by digest."""

    by_name: dict[str, Operator] = field(default_factory=dict)
    tokens: dict[str, tuple[str, Role]] = field(default_factory=dict)

    def add(self, operator: Operator) -> None:
        if operator.name in self.by_name:
            raise OperatorExistsError(f"There is an operator {operator.name} already.")
        self.by_name[operator.name] = operator

    def find(self, name: str) -> Operator | None:
        return self.by_name.get(name)

    def all(self) -> Sequence[Operator]:
        return sorted(self.by_name.values(), key=lambda operator: operator.name)

    def add_token(
        self, digest: str, *, operator: str, role: Role, at: datetime
    ) -> None:
        del at
        self.tokens[digest] = (operator, role)

    def find_by_token(self, digest: str) -> Operator | None:
        name, role = self.tokens.get(digest, ("", Role.VIEWER))
        operator = self.by_name.get(name)
        if operator is None or not operator.is_active:
            return None
        return replace(operator, role=role) if operator.may(role) else operator


@dataclass
class FakeAudit:
    """A chain of entries."""

    chain: list[AuditEntry] = field(default_factory=list)

    def append(
        self,
        *,
        at: datetime,
        actor: str,
        action: str,
        subject: str,
        details: Mapping[str, object],
    ) -> AuditEntry:
        entry = AuditEntry(
            seq=len(self.chain) + 1,
            at=at,
            actor=actor,
            action=action,
            subject=subject,
            details=details,
            previous_hash=self.chain[-1].hash if self.chain else GENESIS,
        )
        self.chain.append(entry)
        return entry

    def entries(self, *, subject: str | None = None) -> Iterator[AuditEntry]:
        return (e for e in self.chain if subject in {None, e.subject})


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
