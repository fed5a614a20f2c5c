"""Our texts in memory, with the real use cases over them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime

from accounts.audit import AuditEntry
from ops.wiring.text_services import TextServices
from tests.fakes.audit import FakeAuditList
from tests.fakes.transactions import OneAtATime
from warning.intake.text_samples import TextSamples
from warning.texts.template_book import InstallationManners, TemplateBook
from warning.texts.text_changes import TextChange
from warning.texts.text_desk import TextDesk
from warning.texts.text_exchange import TextExchange


class FakeMessageTexts:
    """Changes of texts in a list; passes the contract suite of the databases."""

    def __init__(self, changes: list[TextChange], revision: int) -> None:
        self.changes, self._revision = changes, revision

    def revision(self) -> int:
        return self._revision

    def take_revision(self) -> int:
        self._revision += 1
        return self._revision

    def add(self, changes: Sequence[TextChange]) -> None:
        self.changes += changes

    def all(self) -> Sequence[TextChange]:
        return sorted(
            self.changes, key=lambda one: (one.revision, one.language, one.path)
        )


class TextStore:
    """What is committed; ``unit_of_work`` works on a copy."""

    def __init__(self) -> None:
        self.changes: list[TextChange] = []
        self.revision = 0
        self.entries: list[AuditEntry] = []
        #: How often every change was read.
        self.n_read = 0
        self.lock = threading.Lock()

    def unit_of_work(self) -> TextUnitOfWork:
        return TextUnitOfWork(self)


class TextUnitOfWork(OneAtATime):
    """A transaction over texts."""

    def __init__(self, store: TextStore) -> None:
        super().__init__(store.lock)
        self._store = store

    def begin(self) -> None:
        self.message_texts = _Counted(self._store)
        self._entries = list(self._store.entries)
        self.audit = FakeAuditList(self._entries)

    def commit(self) -> None:
        self._store.changes = list(self.message_texts.changes)
        self._store.revision = self.message_texts.revision()
        self._store.entries = list(self._entries)


class _Counted(FakeMessageTexts):
    def __init__(self, store: TextStore) -> None:
        super().__init__(list(store.changes), store.revision)
        self._store = store

    def all(self) -> Sequence[TextChange]:
        self._store.n_read += 1
        return super().all()


def make_texts(
    store: TextStore, now: Callable[[], datetime], book: TemplateBook | None = None
) -> TextServices:
    """The services of texts over a store in memory."""
    desk = TextDesk(new_uow=store.unit_of_work, read_uow=store.unit_of_work, now=now)
    manners = InstallationManners(
        read_uow=store.unit_of_work, book=book or TemplateBook()
    )
    return TextServices(
        desk=desk,
        exchange=TextExchange(desk),
        samples=TextSamples(desk, manners=manners, sender="own.example", now=now),
        manners=manners,
    )
