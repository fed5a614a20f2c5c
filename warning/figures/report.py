"""What an alert came to: the facts for those who look back at it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from warning.alert import AlertCase, AlertId
from warning.figures.board import AlertBoard
from warning.ports import UnitOfWork
from warning.progress import Progress


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportStep:
    """One thing that was done to the alert."""

    at: datetime
    actor: str
    action: str
    details: Mapping[str, object]


@dataclass(frozen=True, kw_only=True, slots=True)
class Shares:
    """Of the people who were told on any channel, from 0 to 1; None of nobody."""

    reached: float | None
    confirmed: float | None
    needs_help: float | None
    unreachable: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertReport:
    """Everything, as it stands now."""

    case: AlertCase
    made_at: datetime
    steps: Sequence[ReportStep]
    #: Variant → people for whom it was meant.
    by_variant: Mapping[str, int]
    subscribers_total: int
    #: How often people were told again.
    rounds: int
    progress: Progress
    shares: Shares
    #: Seconds from the first draft to approval, and from approval to the end.
    drafting_s: float | None
    open_s: float | None
    #: Whether told and left out make up everybody whom it concerned.
    is_balanced: bool
    followers: Sequence[AlertCase]


class Reports:
    """Puts reports together.

    Parameters
    ----------
    read_uow : callable
        Opens a unit of work that only reads.
    board : AlertBoard
    now : callable
        Aware UTC.
    """

    def __init__(
        self,
        *,
        read_uow: Callable[[], UnitOfWork],
        board: AlertBoard,
        now: Callable[[], datetime],
    ) -> None:
        self._read_uow = read_uow
        self._board = board
        self._now = now

    def report(self, alert_id: AlertId) -> AlertReport:
        """Return what an alert came to so far.

        Raises
        ------
        AlertNotFoundError
            If there is none of this id.
        """
        progress = self._board.progress(alert_id)
        with self._read_uow() as uow:
            case = uow.alerts.get(alert_id)
            audience = uow.alerts.audience_summary(alert_id)
            followers = uow.alerts.followers(alert_id)
            rounds, _ = uow.alerts.round_of(alert_id)
            steps = [
                ReportStep(at=e.at, actor=e.actor, action=e.action, details=e.details)
                for e in uow.audit.entries(subject=case.owner_ref)
            ]
        told = progress.people_attempted
        return AlertReport(
            case=case,
            made_at=self._now(),
            steps=steps,
            by_variant={} if audience is None else audience.by_variant,
            subscribers_total=0 if audience is None else audience.subscribers_total,
            rounds=rounds,
            progress=progress,
            shares=_shares(progress),
            drafting_s=_between(case.created_at, case.approved_at),
            open_s=_between(case.live_at, case.closed_at),
            is_balanced=told + sum(progress.excluded.values()) == progress.affected,
            followers=followers,
        )


def _shares(progress: Progress) -> Shares:
    told = progress.people_attempted
    states = progress.by_state
    help_, heard = states.get("needs_help", 0), states.get("heard", 0)
    confirmed = progress.confirmed

    def share(n: int) -> float | None:
        return n / told if told else None

    return Shares(
        reached=share(states.get("reached", 0) + heard + confirmed),
        confirmed=share(confirmed),
        needs_help=share(help_),
        unreachable=share(states.get("unreachable", 0)),
    )


def _between(first: datetime | None, last: datetime | None) -> float | None:
    if first is None or last is None:
        return None
    return (last - first).total_seconds()
