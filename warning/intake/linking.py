"""What a CAP document that came in follows: read from its references.

An authority's own Update, all-clear or Cancel of an alert that we have told people of
is drafted as what follows it. Approved, it speaks to exactly those whom it concerns;
until then the alert goes on. A Cancel that says nothing is given our words. A Cancel of
what nobody has heard of yet withdraws that at once, and says nothing; an Update of it
takes its place, and waits for two people as it did (``docs/adr/0091``).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from warning import chain
from warning.alert import WAITING, AlertCase, AlertKind, AlertState
from warning.arrival_ports import UnitOfWork
from warning.cap import Alert, MsgType, ResponseType
from warning.errors import InvalidAlertError
from warning.intake.follow_up_cap import notices
from warning.schedule import NO_SCHEDULE, Schedule
from warning.texts.message_templates import MessageTemplates
from warning.texts.text_slots import Notice
from warning.trail import note_step
from warning.validity import DEFAULT_VALIDITY, valid_until

#: Nobody has agreed to it yet: an Update takes its place, and needs two people anew.
_UNREAD = {AlertState.DRAFT, AlertState.SUBMITTED}
#: What can still be followed, by what follows it. What was approved for later stays
#: approved while its Update waits.
_FOLLOWED = {
    AlertKind.UPDATE: {AlertState.LIVE, AlertState.SCHEDULED},
    AlertKind.ALL_CLEAR: {AlertState.LIVE, AlertState.ENDED},
    AlertKind.WITHDRAWAL: {AlertState.LIVE, AlertState.ENDED, AlertState.CANCELLED},
}


def linked(uow: UnitOfWork, case: AlertCase) -> AlertCase:
    """Make a draft follow the alert that its references name, if that went live.

    A reference to what we do not know changes nothing: whoever starts to listen in the
    middle of an event has to warn of it all the same.
    """
    kind, head = _kind_of(case.cap), _followed(uow, case.cap)
    if kind is None or head is None:
        return case
    return replace(case, kind=kind, follows=head.alert_id)


def worded(uow: UnitOfWork, cap: Alert, texts: MessageTemplates) -> Alert:
    """Give a Cancel without a word ours, about the alert that it names.

    Raises
    ------
    InvalidAlertError
        If we know of no alert that it could mean: there is nobody to tell, and nothing.
    """
    if cap.msg_type is not MsgType.CANCEL or cap.infos:
        return cap
    head = _followed(uow, cap)
    if head is None:
        named = ", ".join(one.identifier for one in cap.references) or "nothing"
        raise InvalidAlertError(
            f"The Cancel has no text, and what it names ({named}) is no alert that "
            "could be withdrawn here: there is nobody to tell."
        )
    expires = cap.sent + DEFAULT_VALIDITY
    infos = notices(head.cap, Notice.WITHDRAWN, texts=texts, expires=expires)
    return replace(cap, infos=infos)


def settled(
    uow: UnitOfWork, case: AlertCase, *, source: str | None, at: datetime
) -> AlertCase:
    """Let a document about an alert that nobody has heard of settle that at once.

    Only what came the same way as the alert itself does: a stranger who borrows its
    sender's name withdraws nothing.

    Parameters
    ----------
    case : AlertCase
        The document's draft, as ``linked`` gave it.
    source : str or None
        Which way it came.

    Returns
    -------
    AlertCase
        After a Cancel or an all-clear, closed: there is nothing to say. An Update has
        become what its predecessor was, and has to be submitted anew.
    """
    if case.follows is None:
        return case
    # From the oldest on, as everybody locks them.
    chained = reversed(chain.before(uow, case))
    *_, old = [uow.alerts.get_for_update(one.alert_id) for one in chained]
    is_update = case.kind is AlertKind.UPDATE
    if (is_update and old.state not in _UNREAD) or not _is_unheard(uow, old):
        return case
    if not _came_by(uow, old, source):
        return (
            replace(case, kind=AlertKind.WARNING, follows=None) if is_update else case
        )
    _drop(uow, old, case, at=at)
    after = replace(case, follows=old.follows)
    if is_update:
        return replace(after, kind=old.kind, schedule=_schedule(case, old, at=at))
    if old.follows is not None:
        return settled(uow, after, source=source, at=at)
    # A carrier may have taken the first text meanwhile.
    is_heard = chain.is_anybody_told(uow, old)
    return case if is_heard else case.cancel(case.created_by, at)


def _is_unheard(uow: UnitOfWork, old: AlertCase) -> bool:
    """Whether an alert may still go out, and nobody has been told by it."""
    if old.state in WAITING:
        return True
    return old.state is AlertState.LIVE and not chain.is_anybody_told(uow, old)


def _came_by(uow: UnitOfWork, old: AlertCase, source: str | None) -> bool:
    arrival = uow.arrivals.find([old.alert_id]).get(old.alert_id)
    return (None if arrival is None else arrival.source) == source


def _drop(uow: UnitOfWork, old: AlertCase, case: AlertCase, *, at: datetime) -> None:
    """Withdraw an alert, and what waited to follow it."""
    what = "replaced" if case.kind is AlertKind.UPDATE else "cancelled"
    reason = f"{case.cap.sender} {what} it by {case.alert_id}"
    for one in [*chain.waiting(uow.alerts.followers(old.alert_id)), old]:
        locked = uow.alerts.get_for_update(one.alert_id)
        dropped = locked.cancel(case.created_by, at)
        uow.alerts.save(dropped)
        uow.outbox.cancel(dropped.owner_ref, now=at)
        note_step(
            uow,
            dropped,
            "alert.cancel",
            before=locked.state,
            by=case.created_by,
            at=at,
            reason=reason,
        )


def _schedule(case: AlertCase, old: AlertCase, *, at: datetime) -> Schedule:
    """The times that an operator gave the old draft, if they still can be kept."""
    try:
        old.schedule.require_possible(now=at, until=valid_until(case))
    except InvalidAlertError:
        return NO_SCHEDULE
    return old.schedule


def _followed(uow: UnitOfWork, cap: Alert) -> AlertCase | None:
    """The newest alert of ours that a document is about, if that may be followed."""
    kind = _kind_of(cap)
    if kind is None:
        return None
    for reference in cap.references:
        known = uow.alerts.find_by_reference(
            sender=reference.sender, identifier=reference.identifier
        )
        for one in known:
            head = _head(uow, one)
            if _may_follow(cap, head) and (
                head.state in _FOLLOWED[kind] or _is_unsent(cap, head)
            ):
                return head
    return None


def _is_unsent(cap: Alert, head: AlertCase) -> bool:
    """Whether a document means what its own sender gave us and nobody has heard."""
    return cap.sender == head.cap.sender and head.state in WAITING


def _kind_of(cap: Alert) -> AlertKind | None:
    if cap.msg_type is MsgType.CANCEL:
        return AlertKind.WITHDRAWAL
    if cap.msg_type is not MsgType.UPDATE:
        return None
    is_over = all(ResponseType.ALL_CLEAR in info.response_types for info in cap.infos)
    return AlertKind.ALL_CLEAR if is_over else AlertKind.UPDATE


def _head(uow: UnitOfWork, case: AlertCase) -> AlertCase:
    """The newest update of an alert."""
    heir = chain.successor(uow.alerts.followers(case.alert_id))
    return case if heir is None else _head(uow, heir)


def _may_follow(cap: Alert, head: AlertCase) -> bool:
    is_itself = cap.reference() == head.cap.reference()
    return not (is_itself or head.kind.is_closing or head.cap.status is not cap.status)
