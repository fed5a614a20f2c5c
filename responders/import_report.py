"""What became of the lines of a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Self, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Line(Generic[T]):
    """One line of a file: a value, or the reason why there is none."""

    line_no: int
    value: T | None = None
    column: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class FileReport:
    """What an import did, and which lines it could not use."""

    read: int
    added: int
    updated: int
    rejected: Sequence[Line[object]]

    @classmethod
    def of(cls, lines: Sequence[Line[T]], *, added: int, updated: int) -> Self:
        """Report on lines of which the good ones have been written."""
        rejected: list[Line[object]] = [
            Line(line_no=one.line_no, column=one.column, reason=one.reason)
            for one in lines
            if one.value is None
        ]
        return cls(read=len(lines), added=added, updated=updated, rejected=rejected)
