"""Drafts in memory, and a live alert that is held."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self, cast

from accounts.ports import AuditLog
from warning.alert import AlertCase, AlertId
from warning.errors import InvalidAlertError
from warning.intake.drafts import Draft, DraftBook, DraftId
from warning.validity import valid_until


@dataclass
class FakeDrafts:
    """A ``DraftRepository``, and a transaction that is always right."""

    known: dict[DraftId, Draft] = field(default_factory=dict)
    steps: list[tuple[str, str]] = field(default_factory=list)

    @property
    def drafts(self) -> FakeDrafts:
        return self

    @property
    def audit(self) -> AuditLog:
        return cast("AuditLog", FakeAudit(self.steps))

    def add(self, draft: Draft) -> None:
        self.known[draft.draft_id] = draft

    def find(self, draft_id: DraftId) -> Draft | None:
        return self.known.get(draft_id)

    def replace(self, draft: Draft) -> bool:
        there = self.known.get(draft.draft_id)
        if there is None or there.version != draft.version - 1:
            return False
        self.known[draft.draft_id] = draft
        return True

    def list(self, *, limit: int) -> Sequence[Draft]:
        newest = sorted(self.known.values(), key=lambda one: one.saved_at, reverse=True)
        return newest[:limit]

    def remove(self, draft_id: DraftId) -> bool:
        return self.known.pop(draft_id, None) is not None

    def untouched_since(self, then: datetime, *, limit: int) -> Sequence[Draft]:
        old = [one for one in self.known.values() if one.saved_at < then]
        return sorted(old, key=lambda one: one.saved_at)[:limit]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...

    def commit(self) -> None: ...


@dataclass
class FakeAudit:
    """Who did what."""

    steps: list[tuple[str, str]]

    def append(
        self,
        *,
        at: datetime,
        actor: str,
        action: str,
        subject: str,
        details: object,
    ) -> None:
        del at, subject, details
        self.steps.append((actor, action))


def make_draft_book(store: FakeDrafts, now: Callable[[], datetime]) -> DraftBook:
    """The real rules over drafts in memory."""
    return DraftBook(new_uow=lambda: store, read_uow=lambda: store, now=now)


class Register(Protocol):
    """Where the alerts are."""

    cases: dict[AlertId, AlertCase]

    def get(self, alert_id: AlertId) -> AlertCase: ...


@dataclass
class FakeHolding:
    """``warning.approval.holding.Holding`` without deliveries."""

    alerts: Register
    now: Callable[[], datetime]

    def pause(self, alert_id: AlertId, *, by: str) -> AlertCase:
        return self._keep(self.alerts.get(alert_id).pause(by, self.now()))

    def resume(self, alert_id: AlertId, *, by: str) -> AlertCase:
        del by
        return self._keep(self.alerts.get(alert_id).resume())

    def extend(self, alert_id: AlertId, until: datetime, *, by: str) -> AlertCase:
        del by
        case = self.alerts.get(alert_id)
        if until <= valid_until(case):
            raise InvalidAlertError("The alert is sent until then already.")
        return self._keep(case.extend(until))

    def _keep(self, case: AlertCase) -> AlertCase:
        self.alerts.cases[case.alert_id] = replace(case)
        return case
