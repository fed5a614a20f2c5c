"""What a report says, in words that are ready to be printed; nothing is drawn here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from warning.ports import AreaRow


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """One table with its heading."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    #: Shares of the width.
    widths: tuple[int, ...]
    #: Whether all but the first column are figures.
    is_figures: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Pages:
    """Everything the report says, in words that are ready to be printed."""

    title: str
    #: Below the title.
    lines: Sequence[str]
    #: Says that it was no alert for the public; empty if it was one.
    drill: str
    #: Name → figure.
    figures: Mapping[str, str]
    #: Sentences about them.
    notes: Sequence[str]
    outline: BaseGeometry
    areas: Sequence[AreaRow]
    #: Area code → sums, for the map.
    people: Mapping[str, Mapping[str, int]]
    map_title: str
    tables: Sequence[Table]
    texts_title: str
    #: Language → paragraphs.
    texts: Sequence[tuple[str, Sequence[str]]]
    steps: Table
    #: On every page; ``{page}`` and ``{pages}`` are filled in.
    foot: str
    made_at: datetime
    is_right_to_left: bool
