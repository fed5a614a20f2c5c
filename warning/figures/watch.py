"""Watching a live alert: how it spread, and when it will be through. Reads only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING, Protocol

from telephony.delivery import DeliveryState
from warning import ports
from warning.alert import AlertId
from warning.recipients import RecipientState
from warning.rested import Rested

if TYPE_CHECKING:
    from warning.progress import Progress

#: Points of a curve: more than a screen's width can show apart are not asked for.
MAX_POINTS = 120
_SHORTEST_STEP = timedelta(seconds=1)
#: People of whom something is known but not that they have understood.
_SILENT = (RecipientState.ATTEMPTED, RecipientState.REACHED, RecipientState.HEARD)


@dataclass(frozen=True, kw_only=True, slots=True)
class Movement:
    """Deliveries that did the same in the same step of time."""

    #: Steps from the beginning; None if no carrier has taken them.
    sent_step: int | None
    #: When they came into their present state.
    state_step: int
    state: DeliveryState
    n: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Curves:
    """Texts and calls over time, each point the sum up to its instant.

    A delivery counts in every curve up to its present state, from when it came into
    that: one that was confirmed counts as reached then and not before, so the last
    point is exact and earlier ones never say too much.
    """

    at: Sequence[datetime]
    sent: Sequence[int]
    reached: Sequence[int]
    heard: Sequence[int]
    confirmed: Sequence[int]
    failed: Sequence[int]


class WatchRepository(Protocol):
    """What watching asks of a store."""

    def movements(
        self, owner_ref: str, *, since: datetime, step: timedelta
    ) -> Sequence[Movement]:
        """Count deliveries by when they left and when they came to their state."""
        ...


class UnitOfWork(ports.UnitOfWork, Protocol):
    """A transaction in which can be watched."""

    @property
    def watch(self) -> WatchRepository:
        """What there is to see of a live alert."""
        ...


class AlertWatch:
    """The use cases of whoever watches an alert.

    Parameters
    ----------
    read_uow : callable
        Opens a unit of work that only reads.
    now : callable
        Aware UTC.
    monotonic : callable, optional
        Seconds that only grow, for how long it takes to look; by default every question
        is looked up.
    """

    def __init__(
        self,
        *,
        read_uow: Callable[[], UnitOfWork],
        now: Callable[[], datetime],
        monotonic: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self._read_uow = read_uow
        self._now = now
        self._curves: Rested[AlertId, Curves] = Rested(monotonic)

    def curves(self, alert_id: AlertId) -> Curves:
        """Return how an alert spread; without any point before it is live.

        One look at each of its deliveries, for everybody who watches.

        Raises
        ------
        AlertNotFoundError
            If there is none of this id.
        """
        return self._curves.get(alert_id, lambda: self._look(alert_id))

    def _look(self, alert_id: AlertId) -> Curves:
        with self._read_uow() as uow:
            case = uow.alerts.get(alert_id)
            since = case.live_at
            if since is None:
                return curves_of([], since=self._now(), step=_SHORTEST_STEP, n=0)
            span = max((case.closed_at or self._now()) - since, _SHORTEST_STEP)
            step = max(_SHORTEST_STEP, span / MAX_POINTS)
            moves = uow.watch.movements(case.owner_ref, since=since, step=step)
        return curves_of(moves, since=since, step=step, n=int(span / step) + 1)


def curves_of(
    moves: Sequence[Movement], *, since: datetime, step: timedelta, n: int
) -> Curves:
    """Add movements up to curves of ``n`` points; what came later counts at the last.

    Parameters
    ----------
    moves : sequence of Movement
    since : datetime
        Aware; where the steps count from.
    step : timedelta
    n : int
    """

    def curve(step_of: Callable[[Movement], int | None]) -> list[int]:
        counted: Counter[int] = Counter()
        for move in moves:
            place = step_of(move)
            if place is not None:
                counted[min(max(place, 0), n - 1)] += move.n
        return list(accumulate(counted[place] for place in range(n)))

    def at_least(floor: DeliveryState) -> list[int]:
        return curve(lambda move: move.state_step if move.state >= floor else None)

    return Curves(
        at=[since + step * (place + 1) for place in range(n)],
        sent=curve(lambda move: move.sent_step),
        reached=at_least(DeliveryState.REACHED),
        heard=at_least(DeliveryState.HEARD),
        confirmed=at_least(DeliveryState.CONFIRMED),
        failed=curve(
            lambda move: move.state_step if move.state is DeliveryState.FAILED else None
        ),
    )


def all_tried_at(progress: Progress, *, now: datetime) -> datetime | None:
    """When everybody will have been tried once, at the pace so far.

    Returns
    -------
    datetime or None
        None when everybody was, or when nothing has left yet.
    """
    n_left = progress.affected - sum(progress.excluded.values())
    n_left -= progress.people_attempted
    if n_left <= 0 or not progress.messages_per_s:
        return None
    return now + timedelta(seconds=n_left / progress.messages_per_s)


def silent_by_area(progress: Progress) -> Sequence[tuple[str, int]]:
    """Area code → people who were told and of whom nothing came, the most first."""
    words = [state.name.lower() for state in _SILENT]
    counted = {
        code: sum(states.get(word, 0) for word in words)
        for code, states in progress.by_area.items()
    }
    silent = [(code, n) for code, n in counted.items() if n]
    return sorted(silent, key=lambda line: (-line[1], line[0]))
