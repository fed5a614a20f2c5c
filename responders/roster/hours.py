"""Hours of a day and days of a week, as people give them: local time, no dates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from responders.errors import InvalidResponderError

MINUTES_A_DAY = 24 * 60
_SPAN = re.compile(r"(\d{1,2}):?(\d{2})?\s*-\s*(\d{1,2}):?(\d{2})?")
_DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
_EVERY_DAY = 0b111_1111


@dataclass(frozen=True, slots=True)
class Hours:
    """A span of the day on some days of the week, local time; may pass midnight.

    Parameters
    ----------
    start, end : int
        Minutes after midnight, 0 to 1440; equal means the whole day.
    days : int
        Bits, Monday lowest: the days on which the span begins.

    Examples
    --------
    >>> from datetime import datetime
    >>> night = Hours.parse("23-07")
    >>> night.holds(datetime(2026, 3, 1, 6, 59)), night.holds(datetime(2026, 3, 1, 7))
    (True, False)
    """

    start: int
    end: int
    days: int = _EVERY_DAY

    def __post_init__(self) -> None:
        """Refuse minutes that no day has.

        Raises
        ------
        InvalidResponderError
            Says which.
        """
        if not (0 <= self.start <= MINUTES_A_DAY and 0 <= self.end <= MINUTES_A_DAY):
            raise InvalidResponderError(f"{self} is not within a day; use HH:MM-HH:MM.")

    @classmethod
    def parse(cls, text: str) -> Hours:
        """Read ``23:00-07:00``, ``8-17``, ``Mo-Fr 08:00-17:00``.

        Raises
        ------
        InvalidResponderError
            If it is written another way.
        """
        *days, span = text.strip().rsplit(maxsplit=1) or [""]
        found = _SPAN.fullmatch(span)
        if found is None:
            raise InvalidResponderError(
                f"{text[:40]!r} is no span of hours; write it like Mo-Fr 08:00-17:00."
            )
        hour, minute, to_hour, to_minute = (int(part or 0) for part in found.groups())
        return cls(
            hour * 60 + minute,
            to_hour * 60 + to_minute,
            _parse_days(days[0]) if days else _EVERY_DAY,
        )

    def holds(self, local: datetime) -> bool:
        """Whether a local time lies in the span; its end does not."""
        minute, day = local.hour * 60 + local.minute, local.weekday()
        if self.start == self.end:
            return self._begins_on(day)
        if self.start < self.end:
            return self._begins_on(day) and self.start <= minute < self.end
        is_evening = self._begins_on(day) and minute >= self.start
        return is_evening or (self._begins_on((day - 1) % 7) and minute < self.end)

    def _begins_on(self, day: int) -> bool:
        return bool(self.days >> day & 1)

    def __str__(self) -> str:
        span = "-".join(
            f"{at // 60:02d}:{at % 60:02d}" for at in (self.start, self.end)
        )
        if self.days == _EVERY_DAY:
            return span
        days = [name.title() for n, name in enumerate(_DAYS) if self._begins_on(n)]
        return f"{','.join(days)} {span}"


def _parse_days(text: str) -> int:
    """Bits of ``Mo-Fr`` or ``Mo,We,Sa``.

    Raises
    ------
    InvalidResponderError
        If a day has no such name.
    """
    bits = 0
    for part in text.lower().split(","):
        begin, dash, end = (word.strip() for word in part.partition("-"))
        names = (begin, end if dash else begin)
        if any(name not in _DAYS for name in names):
            raise InvalidResponderError(
                f"{text[:40]!r} are no days; write them like Mo-Fr or Sa,Su."
            )
        first, last = map(_DAYS.index, names)
        for n in range((last - first) % 7 + 1):
            bits |= 1 << (first + n) % 7
    return bits
