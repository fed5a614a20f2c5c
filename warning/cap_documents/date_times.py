"""CAP date-times: strict when written, forgiving and outspoken when read.

CAP 1.2 allows exactly ``YYYY-MM-DDThh:mm:ss±hh:mm``, with UTC written ``-00:00``.
Real feeds send ``Z``, fractions of a second, no offset, and Buddhist years. Whatever
names one instant without doubt is read, and each departure is reported as a fault.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum

from warning.cap import whole_second

#: The Buddhist calendar (Thailand, Cambodia, Laos) is 543 years ahead.
BUDDHIST_OFFSET_YEARS = 543
#: No CAP alert is older than the standard's first drafts, none is planned past this.
PLAUSIBLE_YEARS = range(1990, 2201)

_MIDNIGHT = 24
_FARTHEST_ZONE = timedelta(hours=14)
_TIME = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)(?P<t>[Tt ])(?P<hour>\d\d):(?P<minute>\d\d)"
    r"(?::(?P<second>\d\d))?(?P<fraction>[.,]\d*)?"
    r"(?P<offset>[Zz]|[+-]\d\d:?\d\d)?",
    re.ASCII,
)
_STRICT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", re.ASCII)


class TimeFault(StrEnum):
    """How a date-time departs from CAP; the value is the defect's code."""

    UNREADABLE = "date_unreadable"
    NO_OFFSET = "date_no_offset"
    BUDDHIST_YEAR = "date_buddhist_year"
    IMPLAUSIBLE_YEAR = "date_implausible_year"
    LETTER = "date_letter"
    FRACTION = "date_fraction"
    FORMAT = "date_format"


#: Faults after which the instant itself is in doubt.
DOUBTFUL_FAULTS = frozenset(
    {
        TimeFault.UNREADABLE,
        TimeFault.NO_OFFSET,
        TimeFault.BUDDHIST_YEAR,
        TimeFault.IMPLAUSIBLE_YEAR,
    }
)


@dataclass(frozen=True, slots=True)
class TimeReading:
    """What a date-time text says, and what is wrong with the way it says it."""

    #: Aware, whole seconds; None if the text names no instant.
    at: datetime | None
    faults: tuple[TimeFault, ...] = ()


def read_time(text: str) -> TimeReading:
    """Read a date-time as leniently as its meaning allows.

    Parameters
    ----------
    text : str
        The element's text; surrounding white space is passed over.

    Returns
    -------
    TimeReading
        ``at`` keeps the sender's offset. A Buddhist or implausible year is left as it
        stands: guessing a date in a warning is not ours to do.

    Examples
    --------
    >>> read_time("2026-10-01T06:00:00+07:00").at.isoformat()
    '2026-10-01T06:00:00+07:00'
    >>> read_time("2026-10-01T06:00:00Z").faults
    (<TimeFault.LETTER: 'date_letter'>,)
    """
    text = text.strip()
    match = _TIME.fullmatch(text)
    if match is None:
        return TimeReading(None, (TimeFault.UNREADABLE,))
    if match["offset"] is None:
        return TimeReading(None, (TimeFault.NO_OFFSET,))
    try:
        at = _instant(match)
    except (ValueError, OverflowError):
        return TimeReading(None, (TimeFault.UNREADABLE,))
    return TimeReading(at, _faults(text, match, at))


def write_time(at: datetime) -> str:
    """Return the instant in CAP's one form, its offset kept, UTC as ``-00:00``.

    Examples
    --------
    >>> write_time(datetime(2026, 10, 1, 6, tzinfo=UTC))
    '2026-10-01T06:00:00-00:00'
    """
    text = whole_second(at).isoformat()
    return text.replace("+00:00", "-00:00")


def _instant(match: re.Match[str]) -> datetime:
    hour = int(match["hour"])
    # xs:dateTime lets 24:00:00 stand for the midnight that ends the day.
    is_whole = match["minute"] == "00" and not int(match["second"] or 0)
    ends_day = hour == _MIDNIGHT and is_whole
    naive = datetime.fromisoformat(match["date"]).replace(
        hour=0 if ends_day else hour,
        minute=int(match["minute"]),
        second=int(match["second"] or 0),
    )
    at = naive.replace(tzinfo=_zone(match["offset"]))
    return whole_second(at + timedelta(days=1) if ends_day else at)


def _zone(offset: str) -> timezone:
    if offset in {"Z", "z"}:
        return UTC
    digits = offset[1:].replace(":", "")
    hours, minutes = int(digits[:2]), int(digits[2:])
    span = timedelta(hours=hours, minutes=minutes)
    if minutes not in range(60) or span > _FARTHEST_ZONE:
        raise ValueError(offset)
    return timezone(-span if offset[0] == "-" else span)


def _faults(text: str, match: re.Match[str], at: datetime) -> tuple[TimeFault, ...]:
    faults = []
    if at.year not in PLAUSIBLE_YEARS:
        is_buddhist = at.year - BUDDHIST_OFFSET_YEARS in PLAUSIBLE_YEARS
        faults.append(
            TimeFault.BUDDHIST_YEAR if is_buddhist else TimeFault.IMPLAUSIBLE_YEAR
        )
    if match["offset"] in {"Z", "z"} or match["t"] == "t":
        faults.append(TimeFault.LETTER)
    if match["fraction"] is not None:
        faults.append(TimeFault.FRACTION)
    if not faults and not _STRICT.fullmatch(text):
        faults.append(TimeFault.FORMAT)
    return tuple(faults)
