"""Rules of escalation in memory, with the real use cases over them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime

from accounts.audit import AuditEntry
from ops.wiring.escalation_services import EscalationServices
from tests.fakes.audit import FakeAuditList
from tests.fakes.transactions import OneAtATime
from warning.escalation.escalation_plans import USUAL
from warning.escalation.rule_book import RuleBook
from warning.escalation.rule_desk import RuleDesk
from warning.escalation_ports import RuleSet


class RuleStore:
    """What is committed; ``unit_of_work`` works on a copy."""

    def __init__(self) -> None:
        self.sets: list[RuleSet] = []
        self.entries: list[AuditEntry] = []
        self.revision = 0
        self.n_read = 0
        self.lock = threading.Lock()

    def unit_of_work(self) -> RuleUnitOfWork:
        return RuleUnitOfWork(self)


class FakeRules:
    """Rules in a list; passes the contract suite of the databases."""

    def __init__(self, store: RuleStore) -> None:
        self._store = store
        self.sets = list(store.sets)
        self.taken = store.revision

    def revision(self) -> int:
        return self.taken

    def take_revision(self) -> int:
        self.taken += 1
        return self.taken

    def add(self, rules: RuleSet) -> None:
        self.sets.append(rules)

    def find(self, revision: int) -> RuleSet | None:
        self._store.n_read += 1
        return next((one for one in self.sets if one.revision == revision), None)

    def newest(self, *, limit: int) -> Sequence[RuleSet]:
        return sorted(self.sets, key=lambda one: -one.revision)[:limit]


class RuleUnitOfWork(OneAtATime):
    """A transaction over rules."""

    def __init__(self, store: RuleStore) -> None:
        super().__init__(store.lock)
        self._store = store

    def begin(self) -> None:
        self.escalation_rules = FakeRules(self._store)
        self._entries = list(self._store.entries)
        self.audit = FakeAuditList(self._entries)

    def commit(self) -> None:
        self._store.sets = list(self.escalation_rules.sets)
        self._store.revision = self.escalation_rules.taken
        self._store.entries = list(self._entries)


def make_rules(store: RuleStore, now: Callable[[], datetime]) -> EscalationServices:
    """The services of rules over a store in memory."""
    return EscalationServices(
        desk=RuleDesk(new_uow=store.unit_of_work, read_uow=store.unit_of_work, now=now),
        book=RuleBook(store.unit_of_work, after=USUAL),
    )
