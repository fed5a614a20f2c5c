"""Until when an alert, and each of its texts, may be sent.

CAP leaves open how long a message without ``expires`` holds. Here it holds for a day
from when it was sent or takes effect: counted from the document and never from the
clock, so that a worker which was down for a week does not tell people of last week.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from warning.alert import AlertCase
from warning.cap import Alert, Info

#: How long an info that names no end is worth delivering.
DEFAULT_VALIDITY = timedelta(hours=24)


def end_of(info: Info, alert: Alert) -> datetime:
    """When one info of an alert is over: aware."""
    if info.expires is not None:
        return info.expires
    return max(alert.sent, info.effective or alert.sent) + DEFAULT_VALIDITY


def latest_end(infos: Iterable[Info], alert: Alert) -> datetime:
    """When the last of some infos is over; at least one."""
    return max(end_of(info, alert) for info in infos)


def valid_until(case: AlertCase) -> datetime:
    """When the last info of an alert is over: nothing of it is sent from then on.

    An alert that was extended is sent until then instead.
    """
    return case.extended_until or latest_end(case.cap.infos, case.cap)
