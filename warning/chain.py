"""An alert, those whose place it takes, and those that follow it.

Alerts of one chain are locked from the oldest on, so that two operators who work on
one chain wait for each other and never for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from warning.alert import WAITING, AlertCase, AlertKind, AlertState, lists_ref
from warning.cap import Reference
from warning.errors import FollowUpError, TransitionError
from warning.ports import UnitOfWork
from warning.told import Told, nobody
from warning.validity import valid_until

#: What an update may take the place of: also what was to go out later.
_UPDATABLE = {AlertState.LIVE, AlertState.SCHEDULED, AlertState.ENDED}


def before(uow: UnitOfWork, case: AlertCase) -> list[AlertCase]:
    """The alerts that this one follows, the nearest first."""
    found: list[AlertCase] = []
    follows = case.follows
    while follows is not None:
        found.append(uow.alerts.get(follows))
        follows = found[-1].follows
    return found


def told_before(uow: UnitOfWork, case: AlertCase) -> Told:
    """Whoever was told by the alerts that this one follows; the last text counts."""
    told = nobody()
    for one in reversed(before(uow, case)):
        told = told.then(uow.alerts.told(one.alert_id))
    return told


def told_so_far(uow: UnitOfWork, case: AlertCase) -> Told:
    """Whoever was told by this alert or those that it follows."""
    return told_before(uow, case).then(uow.alerts.told(case.alert_id))


def is_anybody_told(uow: UnitOfWork, case: AlertCase) -> bool:
    """Whether anybody was told by this alert or those that it follows."""
    chain = [case, *before(uow, case)]
    return any(uow.alerts.is_anybody_told(one.alert_id) for one in chain)


def references(
    uow: UnitOfWork, case: AlertCase, *, now: datetime
) -> tuple[Reference, ...]:
    """How a message that follows ``case`` names it and what it follows, oldest first.

    Alerts whose time is over are left out, but never the one that is followed.
    """
    older = [one for one in before(uow, case) if valid_until(one) > now]
    return tuple(one.cap.reference() for one in [*reversed(older), case])


def successor(followers: Sequence[AlertCase]) -> AlertCase | None:
    """The update that took an alert's place."""
    updates = (one for one in followers if one.kind is AlertKind.UPDATE)
    return next((one for one in updates if one.live_at is not None), None)


def waiting(
    followers: Sequence[AlertCase], kind: AlertKind | None = None
) -> list[AlertCase]:
    """Those of an alert's followers that may still go live."""
    return [
        one
        for one in followers
        if one.state in WAITING and (kind is None or one.kind is kind)
    ]


def make_room(
    uow: UnitOfWork, case: AlertCase, predecessor: AlertCase, *, by: str, at: datetime
) -> AlertCase:
    """Let an alert that goes live take the place of the one that it follows.

    What the predecessor has queued never leaves.

    Parameters
    ----------
    predecessor : AlertCase
        Read in this transaction with ``get_for_update``.

    Returns
    -------
    AlertCase
        The predecessor as it now is; saved.

    Raises
    ------
    TransitionError
        If it was withdrawn: there is nothing to update.
    FollowUpError
        If an update took its place meanwhile.
    """
    was = predecessor.state
    if case.kind is AlertKind.UPDATE and was not in _UPDATABLE:
        raise TransitionError(
            f"The alert {predecessor.alert_id} that this one updates is {was.value}. "
            "Write a new alert."
        )
    heir = successor(uow.alerts.followers(predecessor.alert_id))
    if heir is not None and heir.alert_id != case.alert_id:
        raise FollowUpError(
            f"The update {heir.alert_id} took the place of {predecessor.alert_id} "
            "meanwhile. Write this anew as what follows that one.",
            alert_id=heir.alert_id,
        )
    if was not in {AlertState.LIVE, AlertState.SCHEDULED}:
        return predecessor
    is_taken_back = case.kind in {AlertKind.WITHDRAWAL, AlertKind.CORRECTION}
    return stop(uow, predecessor, is_taken_back=is_taken_back, by=by, at=at)


def stop(
    uow: UnitOfWork, case: AlertCase, *, is_taken_back: bool, by: str, at: datetime
) -> AlertCase:
    """Close an alert, at once and for good: nothing more of it leaves.

    Parameters
    ----------
    is_taken_back : bool
        Whether it should not hold any more, or has only come to its end.
    """
    closed = case.cancel(by, at) if is_taken_back else case.end(at, by)
    uow.alerts.save(closed)
    uow.outbox.cancel(case.owner_ref, now=at)
    uow.outbox.cancel(lists_ref(case.alert_id), now=at)
    return closed
