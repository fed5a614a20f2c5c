"""What became of the lines of a file."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
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


def without_repeats(
    lines: Sequence[Line[T]], *, key: Callable[[T], Hashable], column: str
) -> list[Line[T]]:
    """Keep the first of lines that say something of the same person or thing.

    Which of two was meant nobody can know; the later ones are told with the first.
    """
    first: dict[Hashable, int] = {}
    kept: list[Line[T]] = []
    for line in lines:
        known = line.line_no
        if line.value is not None:
            known = first.setdefault(key(line.value), line.line_no)
        if known == line.line_no:
            kept.append(line)
        else:
            reason = f"The same as in line {known}, which is taken."
            kept.append(Line(line_no=line.line_no, column=column, reason=reason))
    return kept
