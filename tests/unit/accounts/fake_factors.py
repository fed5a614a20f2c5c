"""Second factors in memory; a transaction that can be lost."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Self

from accounts.second_factor import Factor
from tests.unit.accounts.fake_accounts import FakeAudit


@dataclass
class FakeFactors:
    """Factors, newest steps and recovery codes by operator."""

    known: dict[str, Factor] = field(default_factory=dict)
    steps: dict[str, int] = field(default_factory=dict)
    recovery: dict[str, dict[str, datetime | None]] = field(default_factory=dict)

    def find(self, operator: str) -> Factor | None:
        return self.known.get(operator)

    def put(self, factor: Factor) -> None:
        self.known[factor.operator] = factor

    def use_step(self, operator: str, step: int) -> bool:
        if self.steps.get(operator, 0) >= step:
            return False
        self.steps[operator] = step
        return True

    def remove(self, operator: str) -> bool:
        self.recovery.pop(operator, None)
        self.steps.pop(operator, None)
        return self.known.pop(operator, None) is not None

    def put_recovery(self, operator: str, digests: Sequence[str]) -> None:
        self.recovery[operator] = dict.fromkeys(digests)

    def use_recovery(self, operator: str, digest: str, *, at: datetime) -> bool:
        codes = self.recovery.get(operator, {})
        if digest not in codes or codes[digest] is not None:
            return False
        codes[digest] = at
        return True


@dataclass
class FactorStore:
    """What is committed."""

    factors: FakeFactors = field(default_factory=FakeFactors)
    audit: FakeAudit = field(default_factory=FakeAudit)

    def unit_of_work(self) -> FactorUnitOfWork:
        return FactorUnitOfWork(self)


class FactorUnitOfWork:
    """Works on a copy, which ``commit`` makes true."""

    def __init__(self, store: FactorStore) -> None:
        self._store = store
        self.factors = deepcopy(store.factors)
        self.audit = deepcopy(store.audit)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        del exc_type, exc, traceback

    def commit(self) -> None:
        self._store.factors, self._store.audit = self.factors, self.audit
