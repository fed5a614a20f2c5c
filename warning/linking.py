"""What a CAP document that came in follows: read from its references.

An authority's own Update, all-clear or Cancel of an alert that we have told people of
is drafted as what follows it. Approved, it speaks to exactly those whom it concerns;
until then the alert goes on.
"""

from __future__ import annotations

from dataclasses import replace

from warning import chain
from warning.alert import AlertCase, AlertKind, AlertState
from warning.cap import Alert, MsgType, ResponseType
from warning.ports import UnitOfWork

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
    kind = _kind_of(case.cap)
    if kind is None:
        return case
    for reference in case.cap.references:
        known = uow.alerts.find_by_reference(
            sender=reference.sender, identifier=reference.identifier
        )
        for one in known:
            head = _head(uow, one)
            if head.state in _FOLLOWED[kind] and _may_follow(case, head):
                return replace(case, kind=kind, follows=head.alert_id)
    return case


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


def _may_follow(case: AlertCase, head: AlertCase) -> bool:
    is_itself = case.cap.reference() == head.cap.reference()
    return not (
        is_itself or head.kind.is_closing or head.cap.status is not case.cap.status
    )
