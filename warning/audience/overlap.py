"""Alerts that speak of the same event, so that nobody hears of it twice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import product

from warning.alert import AlertCase, AlertState
from warning.cap import Alert, Info, Severity
from warning.texts.language_choice import primary
from warning.validity import valid_until

#: How bad a severity is at most. Of one that nobody knows the worst is assumed.
_WORST: Mapping[Severity, int] = {
    Severity.EXTREME: 4,
    Severity.SEVERE: 3,
    Severity.MODERATE: 2,
    Severity.MINOR: 1,
    Severity.UNKNOWN: 4,
}


def is_same_event(one: Alert, other: Alert) -> bool:
    """Whether two alerts speak of one event.

    They share an incident; or an event code of one list; or the words for the event, in
    one language and one category.
    """
    if set(one.incidents) & set(other.incidents):
        return True
    return any(_is_same(a, b) for a, b in product(one.infos, other.infos))


def stands_in(told: AlertCase, case: AlertCase, *, now: datetime) -> bool:
    """Whether people who were told by one alert need not be told by another.

    Parameters
    ----------
    told : AlertCase
        Has told people.
    case : AlertCase
        Is to go live.

    Notes
    -----
    It must be live and hold, speak of the same event in the same earnest, and be at
    least as bad.
    """
    return (
        told.alert_id != case.alert_id
        and told.state is AlertState.LIVE
        and not told.kind.is_closing
        and told.cap.status is case.cap.status
        and valid_until(told) > now
        and _least(told.cap) >= _most(case.cap)
        and is_same_event(told.cap, case.cap)
    )


def _is_same(one: Info, other: Info) -> bool:
    if set(one.event_codes) & set(other.event_codes):
        return True
    return (
        primary(one.language) == primary(other.language)
        and _words(one.event) == _words(other.event)
        and bool(set(one.categories) & set(other.categories))
    )


def _words(event: str) -> str:
    return " ".join(event.casefold().split())


def _most(alert: Alert) -> int:
    return max(_WORST[info.severity] for info in alert.infos)


def _least(alert: Alert) -> int:
    """How bad an alert is at least for whoever was told; unknown counts for nothing."""
    known = [info.severity for info in alert.infos]
    if Severity.UNKNOWN in known:
        return 0
    return min(_WORST[severity] for severity in known)
