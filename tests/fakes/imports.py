"""Files of people on their way, in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Self

from warning.people.import_book import FileImport, ImportBook


@dataclass
class FakeImports:
    """An ``ImportRepository``, and a transaction that is always right."""

    known: dict[int, FileImport] = field(default_factory=dict)
    n: int = 0

    @property
    def imports(self) -> FakeImports:
        return self

    def next_number(self) -> int:
        self.n += 1
        return self.n

    def under_way(self) -> Sequence[FileImport]:
        return [one for one in self.known.values() if not one.is_over]

    def find(self, number: int) -> FileImport | None:
        return self.known.get(number)

    def save(self, one: FileImport) -> None:
        self.known[one.number] = one

    def forget(self, *, before: datetime) -> None:
        self.known = {n: one for n, one in self.known.items() if one.begun_at >= before}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...

    def commit(self) -> None: ...


def make_import_book(store: FakeImports, now: Callable[[], datetime]) -> ImportBook:
    """The real rules over files in memory."""
    return ImportBook(new_uow=lambda: store, read_uow=lambda: store, now=now)
