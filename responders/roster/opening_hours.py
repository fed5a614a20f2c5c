"""Whether an AED can be got at, at the very minute somebody would stand before it.

The library is a Rust core (MIT or Apache-2.0) that evaluates OpenStreetMap's
``opening_hours`` without any network.
"""

from __future__ import annotations

import math
from datetime import datetime
from functools import lru_cache

from opening_hours import OpeningHours, validate

from responders.errors import OpeningHoursError

#: Changes further away than this do not matter to somebody on the way.
_HORIZON_DAYS = 366
MAX_LENGTH = 500


def check_hours(text: str) -> str:
    """Return opening hours as they are kept.

    Parameters
    ----------
    text : str
        As in OpenStreetMap, e.g. ``Mo-Fr 08:00-18:00; PH off``; empty if unknown.

    Raises
    ------
    OpeningHoursError
        If they cannot be evaluated.
    """
    kept = text.strip()
    if len(kept) > MAX_LENGTH:
        raise OpeningHoursError(
            f"Opening hours of {len(kept)} characters are no hours."
        )
    if kept:
        _parsed(kept)
    return kept


def opening(text: str, local: datetime) -> tuple[float, float]:
    """The opening that begins first and has not ended.

    Parameters
    ----------
    text : str
        What `check_hours` returned, not empty.
    local : datetime
        The clock on the wall there.

    Returns
    -------
    tuple of float
        Begin and end, seconds from now: 0 if open now; ``inf`` for what never comes,
        or never ends.

    Examples
    --------
    >>> from datetime import datetime
    >>> opening("Mo-Fr 08:00-18:00", datetime(2026, 3, 2, 17, 59))
    (0.0, 60.0)
    >>> opening("Mo-Fr 08:00-18:00", datetime(2026, 3, 2, 7, 0))
    (3600.0, 39600.0)
    """
    at = local.replace(tzinfo=None)
    hours = _parsed(text)
    begins = at if hours.is_open(at) else _next(hours, at, is_open=True)
    if begins is None:
        return math.inf, math.inf
    ends = _next(hours, begins, is_open=False)
    return (begins - at).total_seconds(), (
        math.inf if ends is None else (ends - at).total_seconds()
    )


def _next(hours: OpeningHours, at: datetime, *, is_open: bool) -> datetime | None:
    """When it is next open, or next not; None if that never comes."""
    while (change := hours.next_change(at)) is not None:
        at = change.replace(tzinfo=None)
        if hours.is_open(at) == is_open:
            return at
    return None


@lru_cache(maxsize=4_096)
def _parsed(text: str) -> OpeningHours:
    """The hours as the library understands them.

    Raises
    ------
    OpeningHoursError
        If it does not.
    """
    if not validate(text):
        raise OpeningHoursError(
            f"{text[:60]!r} are no opening hours; write them like Mo-Fr 08:00-18:00, "
            "or 24/7."
        )
    return OpeningHours(text, max_interval_days=_HORIZON_DAYS)
