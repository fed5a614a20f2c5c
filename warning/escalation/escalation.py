"""From a text that nobody answered to a call, and to another one.

Who has confirmed is left in peace; who could not be reached on one channel is tried on
the other at once. Nobody need answer an all-clear: of it only a failure is followed up.

Who is due is looked up in a transaction that only reads, and queued in small ones that
look again: while a million are being told, a call for a volunteer waits for one of
these at most, and they grow or shrink with what one takes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from telephony.delivery import NewDelivery
from warning.alert import AlertCase, AlertId, AlertState
from warning.escalation.escalation_steps import PlanChoice
from warning.ports import UnitOfWork
from warning.recipients import EscalationCandidate, Turn
from warning.rested import rests_until
from warning.retelling import told_again
from warning.schedule import NO_QUIET, QuietHours, may_disturb_at
from warning.validity import valid_until

log = logging.getLogger(__name__)

#: People looked up at once.
SEARCH = 2_000
#: People queued in one transaction, at first; and the fewest and the most.
CHUNK, MIN_CHUNK, MAX_CHUNK = 200, 20, 1_000
#: How long one transaction should take, seconds.
_TARGET_S = 0.02
#: Whether anybody is left is not asked again for so long while nobody moves.
_UNMOVED_S = 10.0
#: So long a step waits at most for callbacks that have come and are not read yet.
MOST_BEHIND = timedelta(minutes=5)
#: Longer than any step waits.
_FOR_EVER = timedelta(days=3650)


@dataclass(slots=True)
class _ChunkSize:
    """How many people one transaction takes, by what the last one took."""

    n: int = CHUNK

    def learn(self, n_done: int, took_s: float) -> None:
        """Half as many if it took too long, twice as many if it took much less."""
        if took_s > _TARGET_S:
            self.n = max(MIN_CHUNK, min(self.n, n_done) // 2)
        elif took_s < _TARGET_S / 2:
            self.n = min(MAX_CHUNK, self.n * 2)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Exhausted:
    """Whether nobody is left, as it was found."""

    answer: bool
    #: How the alert stood then.
    standing: object
    #: It holds until then, and while nobody moves until the latter.
    until: float
    until_unmoved: float

    def holds(self, standing: object, at: float) -> bool:
        """Whether it need not be looked for again."""
        return at < self.until or (
            at < self.until_unmoved and standing == self.standing
        )


class Escalation:
    """Queue the next step for everybody whose time has come.

    Parameters
    ----------
    new_uow, read_uow : callable
        Open a unit of work that writes, and one that only reads.
    plan : PlanChoice
        What comes after what.
    now : callable
        Aware UTC.
    monotonic : callable
        Seconds, for how long transactions take.
    quiet : QuietHours, optional
        When nobody is called because of something minor.
    unread_since : callable, optional
        When the oldest callback came that has not been read; None if all have been.
        The answer of whoever is due may be among them: what is not read yet counts as
        not yet, so that a machine that is behind does not ring those who have answered.
    """

    def __init__(
        self,
        *,
        new_uow: Callable[[], UnitOfWork],
        read_uow: Callable[[], UnitOfWork],
        plan: PlanChoice,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        quiet: QuietHours = NO_QUIET,
        unread_since: Callable[[], datetime | None] = lambda: None,
    ) -> None:
        self._new_uow = new_uow
        self._read_uow = read_uow
        self._plan = plan
        self._unread_since = unread_since
        self._now = now
        self._monotonic = monotonic
        self._quiet = quiet
        self._chunk = _ChunkSize()
        self._rests_until: dict[tuple[AlertId, Turn], float] = {}
        self._exhausted: dict[AlertId, _Exhausted] = {}

    def run_once(self) -> int:
        """Queue what is due in every live alert; return how many deliveries.

        An alert for which nothing can be queued does not hold up the others.
        """
        with self._read_uow() as uow:
            live = uow.alerts.all(states=[AlertState.LIVE])
        self._forget_rests([case.alert_id for case in live])
        known_until = self._known_until()
        return sum(
            self._try_turn(case, turn, known_until - after)
            for case in live
            for turn, after in self._plan.of(case).turns
        )

    def is_exhausted(
        self, uow: UnitOfWork, case: AlertCase, *, standing: object
    ) -> bool:
        """Whether nobody of an alert is left for whom a step is still to come.

        An answer that took long to find holds for a while, and any while nobody moves.

        Parameters
        ----------
        uow : UnitOfWork
        case : AlertCase
        standing : object
            How its deliveries and people stand; equal as long as nobody moves.
        """
        began = self._monotonic()
        known = self._exhausted.get(case.alert_id)
        if known is not None and known.holds(standing, began):
            return known.answer
        answer = not self._is_anybody_due(uow, case)
        ended = self._monotonic()
        self._exhausted[case.alert_id] = _Exhausted(
            answer=answer,
            standing=standing,
            until=rests_until(began, ended),
            until_unmoved=ended + _UNMOVED_S,
        )
        return answer

    def _is_anybody_due(self, uow: UnitOfWork, case: AlertCase) -> bool:
        now = self._now()
        return any(
            uow.alerts.to_escalate(
                case.alert_id, turn, sent_before=now + _FOR_EVER, now=now, limit=1
            )
            for turn, _ in self._plan.of(case).turns
        )

    def _known_until(self) -> datetime:
        """Up to when everything that came is known."""
        now = self._now()
        since = self._unread_since()
        return now if since is None else min(now, max(since, now - MOST_BEHIND))

    def _try_turn(self, case: AlertCase, turn: Turn, sent_before: datetime) -> int:
        try:
            return self._take(case, turn, sent_before)
        except Exception:
            log.exception("nobody was escalated", extra={"alert": case.alert_id})
            return 0

    def _take(self, case: AlertCase, turn: Turn, sent_before: datetime) -> int:
        """One turn of one alert, for as many as are looked up at once."""
        if not self._may_go_on(case):
            return 0
        due = self._look_up(case, turn, sent_before)
        n, start = 0, 0
        while start < len(due):
            part = due[start : start + self._chunk.n]
            start += len(part)
            n += self._queue(case.alert_id, turn, sent_before, part)
        return n

    def _look_up(
        self, case: AlertCase, turn: Turn, sent_before: datetime
    ) -> Sequence[int]:
        """Whose turn it is; nobody while a search that found nobody rests."""
        began, key = self._monotonic(), (case.alert_id, turn)
        if began < self._rests_until.get(key, began):
            return []
        with self._read_uow() as uow:
            due = uow.alerts.to_escalate(
                case.alert_id,
                turn,
                sent_before=sent_before,
                now=self._now(),
                limit=SEARCH,
            )
        if not due:
            self._rests_until[key] = rests_until(began, self._monotonic())
        return [person.subscriber_id for person in due]

    def _queue(
        self,
        alert_id: AlertId,
        turn: Turn,
        sent_before: datetime,
        people: Sequence[int],
    ) -> int:
        """Queue for those of a few people who are still due; all in one transaction."""
        with self._new_uow() as uow:
            began, now = self._monotonic(), self._now()
            case = uow.alerts.get_for_update(alert_id)
            if not self._may_go_on(case):
                return 0
            due = uow.alerts.to_escalate(
                alert_id,
                turn,
                sent_before=sent_before,
                now=now,
                limit=len(people),
                among=people,
            )
            n = uow.outbox.enqueue(_deliveries(case, due, turn, now))
            uow.commit()
        self._chunk.learn(len(people), self._monotonic() - began)
        return n

    def _may_go_on(self, case: AlertCase) -> bool:
        """Whether an alert still tells people, and they do not sleep through it."""
        now = self._now()
        if case.state is not AlertState.LIVE or now >= valid_until(case):
            return False
        return not (case.is_paused or self._disturbs(case, now))

    def _disturbs(self, case: AlertCase, now: datetime) -> bool:
        """Whether people sleep, and this can wait until morning."""
        severities = {info.severity for info in case.cap.infos}
        until = valid_until(case)
        if case.kind.is_closing:
            return False
        return may_disturb_at(severities, now, until=until, quiet=self._quiet) > now

    def _forget_rests(self, live: Sequence[AlertId]) -> None:
        """Of alerts that are over nothing is remembered."""
        self._rests_until = {
            key: until for key, until in self._rests_until.items() if key[0] in live
        }


def _deliveries(
    case: AlertCase,
    due: Sequence[EscalationCandidate],
    turn: Turn,
    now: datetime,
) -> list[NewDelivery]:
    """The same words to the same people, on another channel and no later."""
    return [
        told_again(case, person, turn.to_channel, number=turn.round, now=now)
        for person in due
    ]
