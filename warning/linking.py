"""What a CAP document that came in follows: read from its references.

An authority's own Update, all-clear or Cancel of an alert that we have told people of
is drafted as what follows it. Approved, it speaks to exactly those whom it concerns;
until then the alert goes on. A Cancel that says nothing is given our words. A Cancel of
what still waits with us withdraws that at once: nobody has heard of either.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from warning import chain
from warning.alert import WAITING, AlertCase, AlertKind, AlertState
from warning.cap import Alert, MsgType, ResponseType
from warning.errors import InvalidAlertError
from warning.follow_up_cap import notices
from warning.ports import UnitOfWork
from warning.texts.message_templates import Notice
from warning.trail import note_step
from warning.validity import DEFAULT_VALIDITY

#: What can still be followed, by what follows it.
_FOLLOWED = {
    AlertKind.UPDATE: {AlertState.LIVE},
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


def worded(uow: UnitOfWork, cap: Alert) -> Alert:
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
    return replace(cap, infos=notices(head.cap, Notice.WITHDRAWN, expires=expires))


def withdraw_unsent(uow: UnitOfWork, case: AlertCase, *, at: datetime) -> AlertCase:
    """Let a Cancel of what has not gone out yet withdraw it, and itself be done.

    Returns
    -------
    AlertCase
        The Cancel: closed if what it names was still waiting.
    """
    if case.kind is not AlertKind.WITHDRAWAL or case.follows is None:
        return case
    old = uow.alerts.get_for_update(case.follows)
    if old.state not in WAITING:
        return case
    by, reason = case.created_by, f"{case.cap.sender} cancelled it by {case.alert_id}"
    dropped = old.cancel(by, at)
    uow.alerts.save(dropped)
    note_step(
        uow, dropped, "alert.cancel", before=old.state, by=by, at=at, reason=reason
    )
    return case.cancel(by, at)


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
    """Whether a Cancel means what its own sender gave us and nobody has heard."""
    is_same_sender = cap.sender == head.cap.sender
    return cap.msg_type is MsgType.CANCEL and is_same_sender and head.state in WAITING


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
