"""When an alert is sent, how often again, and whose sleep it respects.

An alert goes live at once, at a time that its author chose, or, if it is of minor
danger and it is night, in the morning. Extreme and severe ones, and those whose
severity nobody knows, never wait.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from enum import StrEnum

from warning.cap import Severity
from warning.errors import InvalidAlertError

#: People who are told of one thing more often than this stop listening.
MIN_REPEAT = timedelta(minutes=5)
#: Severities that wait until morning.
_MAY_WAIT = frozenset({Severity.MINOR, Severity.MODERATE})


class RepeatTo(StrEnum):
    """Who is told again."""

    #: Whoever has not confirmed.
    UNCONFIRMED = "unconfirmed"
    ALL = "all"


@dataclass(frozen=True, kw_only=True, slots=True)
class Schedule:
    """What an author wants: all of it may be left open."""

    #: Aware; None means at once.
    send_at: datetime | None = None
    #: From going live; None means once.
    repeat_every: timedelta | None = None
    #: Aware; None means as long as the alert holds.
    repeat_until: datetime | None = None
    repeat_to: RepeatTo = RepeatTo.UNCONFIRMED

    def require_possible(self, *, now: datetime, until: datetime) -> None:
        """Refuse a schedule by which something would never be sent.

        Parameters
        ----------
        now, until : datetime
            Aware; until when the alert holds.

        Raises
        ------
        InvalidAlertError
            Saying which time is wrong.
        """
        if self.send_at is not None and self.send_at >= until:
            raise InvalidAlertError(
                f"send_at is {self.send_at.isoformat()}, but the alert holds only "
                f"until {until.isoformat()}."
            )
        if self.repeat_every is None:
            if self.repeat_until is not None:
                raise InvalidAlertError("repeat_until needs repeat_every_s.")
            return
        if self.repeat_every < MIN_REPEAT:
            raise InvalidAlertError(
                f"repeat_every_s is below {MIN_REPEAT.total_seconds():.0f}; people "
                "who are told too often stop listening."
            )
        if self.repeat_until is not None and self.repeat_until <= now:
            raise InvalidAlertError("repeat_until is in the past.")

    def round_at(self, at: datetime, *, live_at: datetime) -> int:
        """How often people should have been told again by then; 0 at first."""
        if self.repeat_every is None:
            return 0
        last = at if self.repeat_until is None else min(at, self.repeat_until)
        return max(0, (last - live_at) // self.repeat_every)


#: At once, and once.
NO_SCHEDULE = Schedule()


@dataclass(frozen=True, slots=True)
class QuietHours:
    """When people sleep, by the clocks of the country.

    Parameters
    ----------
    begin, end : datetime.time
        Local; the night may pass midnight. Equal times mean no night at all.
    zone : tzinfo
    """

    begin: time
    end: time
    zone: tzinfo

    def over_at(self, at: datetime) -> datetime:
        """When people may be disturbed from ``at`` on: aware, UTC; ``at`` by day."""
        local = at.astimezone(self.zone)
        if not self._is_night(local.time()):
            return at
        morning = datetime.combine(local.date(), self.end, self.zone)
        if morning <= local:
            morning = datetime.combine(
                local.date() + timedelta(days=1), self.end, self.zone
            )
        return morning.astimezone(UTC)

    def _is_night(self, now: time) -> bool:
        if self.begin <= self.end:
            return self.begin <= now < self.end
        return now >= self.begin or now < self.end


#: Nobody sleeps.
NO_QUIET = QuietHours(time(0), time(0), UTC)


def may_disturb_at(
    severities: Iterable[Severity],
    at: datetime,
    *,
    until: datetime,
    quiet: QuietHours,
) -> datetime:
    """When people may be told: ``at``, or in the morning.

    Parameters
    ----------
    severities : iterable of Severity
        Of all that is said; the worst counts.
    at, until : datetime
        Aware; until when it may be said at all.

    Notes
    -----
    What would be over by morning does not wait: better woken than never told.
    """
    if not set(severities) <= _MAY_WAIT:
        return at
    morning = quiet.over_at(at)
    return morning if morning < until else at
