"""Words that volunteers send about themselves.

ON, OFF, PAUSE 8H, STATUS, MOVE, JOIN with a code, PIN with four digits, VOLUNTEER
with a name: short words on purpose, the same in every language, as taught at the
course.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from responders.roster.pins import seals_in, without_seals

#: Longer pauses are OFF.
LONGEST_PAUSE = timedelta(days=60)
DEFAULT_PAUSE = timedelta(hours=8)
_PAUSE = re.compile(r"(\d{1,3})\s*(h|d|hours?|days?)?", re.IGNORECASE)
_POSITION = re.compile(r"(-?\d{1,3}\.\d+)\s*[, ]\s*(-?\d{1,3}\.\d+)", re.ASCII)
_CODE = re.compile(r"\d{6}", re.ASCII)
_EDGES = " .,!?\t\r\n"


class DutyKind(StrEnum):
    """What a volunteer asks for; the value is the word."""

    ON = "ON"
    OFF = "OFF"
    PAUSE = "PAUSE"
    STATUS = "STATUS"
    MOVE = "MOVE"
    JOIN = "JOIN"
    PIN = "PIN"
    #: Somebody new offers to help.
    VOLUNTEER = "VOLUNTEER"


@dataclass(frozen=True, kw_only=True, slots=True)
class DutyWord:
    """A text about oneself, understood."""

    kind: DutyKind
    #: Of PAUSE.
    span: timedelta | None = None
    #: What was written after the word; of JOIN the digits of the code.
    argument: str = ""
    #: Seals of PINs in the text.
    pins: tuple[str, ...] = ()


def parse_duty(text: str) -> DutyWord | None:
    """Understand a text about one's own duty; None if it is none.

    Examples
    --------
    >>> parse_duty("pause 2d").span
    datetime.timedelta(days=2)
    >>> parse_duty("on the roof") is None
    True
    """
    pins = tuple(seals_in(text))
    first, _, rest = without_seals(text).strip(_EDGES).partition(" ")
    rest = rest.strip(_EDGES)
    try:
        kind = DutyKind(first.upper())
    except ValueError:
        return None
    if kind is DutyKind.PAUSE:
        return _pause(rest)
    if kind is DutyKind.JOIN:
        is_code = _CODE.fullmatch(rest) is not None
        return DutyWord(kind=kind, argument=rest, pins=pins) if is_code else None
    if kind is DutyKind.PIN:
        return DutyWord(kind=kind, pins=pins) if pins and not rest else None
    if kind in {DutyKind.MOVE, DutyKind.VOLUNTEER}:
        return DutyWord(kind=kind, argument=rest)
    return None if rest else DutyWord(kind=kind)


def parse_position(text: str) -> tuple[float, float] | None:
    """Read ``11.556, 104.928`` (latitude first, as phones show it) as lon, lat."""
    found = _POSITION.fullmatch(text.strip())
    return None if found is None else (float(found.group(2)), float(found.group(1)))


def _pause(rest: str) -> DutyWord | None:
    if not rest:
        return DutyWord(kind=DutyKind.PAUSE, span=DEFAULT_PAUSE)
    found = _PAUSE.fullmatch(rest)
    if found is None or int(found.group(1)) == 0:
        return None
    n, unit = int(found.group(1)), (found.group(2) or "h").lower()
    span = timedelta(days=n) if unit.startswith("d") else timedelta(hours=n)
    return DutyWord(kind=DutyKind.PAUSE, span=min(span, LONGEST_PAUSE))
