"""What follows an alert: an update, the all-clear, a withdrawal, a correction.

Stopping takes one person, speaking takes two: whoever says that a danger is over or was
none stops at once what has not left, and prepares in the same transaction what those
who were told will be told; a second person approves it
(``docs/adr/0041-stopping-takes-one-person.md``).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from warning import chain
from warning.alert import AlertCase, AlertId, AlertKind, AlertState
from warning.alert_form import AlertForm, cap_alert
from warning.cap import Alert
from warning.cap_documents import cap_xml
from warning.cap_documents.cap_gate import CapGate
from warning.errors import FollowUpError, TransitionError
from warning.intake import follow_up_cap
from warning.intake.intake import new_draft, usable
from warning.intake.submitting import submitted
from warning.ports import UnitOfWork
from warning.texts.manner import PLAINLY, Manners
from warning.trail import note_step

#: States from which each kind of end may be told.
_MAY_CLOSE = {
    AlertKind.ALL_CLEAR: (AlertState.LIVE, AlertState.ENDED),
    AlertKind.CORRECTION: (AlertState.LIVE, AlertState.ENDED, AlertState.CANCELLED),
}


class FollowUps:
    """The use cases of what comes after an alert.

    Parameters
    ----------
    new_uow : callable
        Opens a unit of work that writes.
    sender : str
        Who our own alerts come from: a CAP sender, e.g. a host name.
    now : callable
        Aware UTC.
    gate : CapGate, optional
        Judges documents, and knows the codes of areas.
    manners : Manners, optional
        Knows our texts.
    """

    def __init__(
        self,
        *,
        new_uow: Callable[[], UnitOfWork],
        sender: str,
        now: Callable[[], datetime],
        gate: CapGate | None = None,
        manners: Manners = PLAINLY,
    ) -> None:
        self._new_uow = new_uow
        self._sender = sender
        self._now = now
        self._gate = gate or CapGate(now=now)
        self._manners = manners

    def update_from_cap(self, alert_id: AlertId, data: bytes, *, by: str) -> AlertCase:
        """Take a CAP document in as the draft of an update; see ``update``."""
        return self.update(alert_id, self._gate.accept(data), by=by)

    def update_from_form(
        self, alert_id: AlertId, form: AlertForm, *, by: str
    ) -> AlertCase:
        """Take a form in as the draft of an update; see ``update``."""
        cap = cap_alert(form, identifier="-", sender=self._sender, sent=self._now())
        return self.update(alert_id, usable(cap_xml.write(cap)), by=by)

    def update(self, alert_id: AlertId, cap: Alert, *, by: str) -> AlertCase:
        """Draft what is to take a live alert's place.

        The alert goes on until a second person approves the draft.

        Raises
        ------
        TransitionError
            If the alert is not live, or only tells of another one's end.
        FollowUpError
            If another update of it waits already; carries that one's id.
        InvalidAlertError
            If the draft means it in another earnest, or refers to something else.
        """
        with self._new_uow() as uow:
            old = uow.alerts.get_for_update(alert_id)
            followers = uow.alerts.followers(alert_id)
            _require_updatable(old, followers)
            references = chain.references(uow, old, now=self._now())
            cap = follow_up_cap.updating(cap, old, references, identity=self._own)
            draft = new_draft(cap, by=by, now=self._now(), lookup=self._gate.table())
            draft = replace(draft, kind=AlertKind.UPDATE, follows=alert_id)
            uow.alerts.add(draft)
            _note_draft(uow, draft)
            uow.commit()
        return draft

    def all_clear(self, alert_id: AlertId, *, by: str) -> AlertCase:
        """Say that the danger is over: stop at once, and prepare to tell whoever knew.

        Returns
        -------
        AlertCase
            The message that waits for a second person; or, if nobody was told and so
            nobody need be, the alert itself, ended. Asked for again, the message that
            waits already.

        Raises
        ------
        TransitionError
            If the alert never went live, was withdrawn, or another one took its place.
        FollowUpError
            If its end has been told already; carries the id of what told it.
        """
        return self._close(alert_id, AlertKind.ALL_CLEAR, by=by)

    def correct(self, alert_id: AlertId, *, by: str) -> AlertCase:
        """Say that it was a false alarm: stop at once, prepare to tell whoever knew.

        Also of an alert that was withdrawn or has ended. Returns and raises as
        ``all_clear``.
        """
        return self._close(alert_id, AlertKind.CORRECTION, by=by)

    def prepare_withdrawal(
        self, uow: UnitOfWork, case: AlertCase, *, by: str
    ) -> AlertCase | None:
        """Prepare what people are told of a live alert that was cancelled just now.

        Returns
        -------
        AlertCase or None
            None if nobody was told, or the alert itself told of another one's end.
        """
        self._drop_waiting(uow, case, by=by)
        if case.kind.is_closing or not chain.is_anybody_told(uow, case):
            return None
        return self._prepare(uow, case, AlertKind.WITHDRAWAL, by=by)

    def _close(self, alert_id: AlertId, kind: AlertKind, *, by: str) -> AlertCase:
        with self._new_uow() as uow:
            old = uow.alerts.get_for_update(alert_id)
            followers = uow.alerts.followers(alert_id)
            again = chain.waiting(followers, kind)
            if again and old.state is not AlertState.LIVE:
                return again[0]  # asked for twice, prepared once
            _require_closable(old, followers, kind)
            if old.state is AlertState.LIVE:
                old = self._stop(uow, old, kind, by=by)
            self._drop_waiting(uow, old, by=by)
            told = chain.is_anybody_told(uow, old)
            result = self._prepare(uow, old, kind, by=by) if told else old
            uow.commit()
        return result

    def _stop(
        self, uow: UnitOfWork, old: AlertCase, kind: AlertKind, *, by: str
    ) -> AlertCase:
        at, is_wrong = self._now(), kind is AlertKind.CORRECTION
        closed = chain.stop(uow, old, is_taken_back=is_wrong, by=by, at=at)
        action = f"alert.{kind.value}"
        note_step(uow, closed, action, before=old.state, by=by, at=at)
        return closed

    def _drop_waiting(self, uow: UnitOfWork, old: AlertCase, *, by: str) -> None:
        """Withdraw what waited to follow an alert that is closed now."""
        at = self._now()
        for one in chain.waiting(uow.alerts.followers(old.alert_id)):
            locked = uow.alerts.get_for_update(one.alert_id)
            dropped = locked.cancel(by, at)
            uow.alerts.save(dropped)
            note_step(
                uow,
                dropped,
                "alert.cancel",
                before=locked.state,
                by=by,
                at=at,
                reason=f"{old.alert_id} was closed",
            )

    def _prepare(
        self, uow: UnitOfWork, old: AlertCase, kind: AlertKind, *, by: str
    ) -> AlertCase:
        """Write the message and hand it to a second person, in one step."""
        now = self._now()
        references = chain.references(uow, old, now=now)
        cap = follow_up_cap.closing(
            old,
            kind,
            references,
            sent=now,
            texts=self._manners.texts_in(uow),
            identity=self._own,
        )
        draft = new_draft(cap, by=by, now=now, lookup=self._gate.table())
        draft = replace(draft, kind=kind, follows=old.alert_id)
        waiting = submitted(uow, draft, by=by, at=now)
        uow.alerts.add(waiting)
        _note_draft(uow, waiting)
        return waiting

    def _own(self, cap: Alert) -> Alert:
        """Give a message an identity of ours: for good, it never changes after this."""
        return replace(
            cap, identifier=uuid.uuid4().urn, sender=self._sender, sent=self._now()
        )


def _note_draft(uow: UnitOfWork, draft: AlertCase) -> None:
    note_step(
        uow,
        draft,
        "alert.draft",
        before=None,
        by=draft.created_by,
        at=draft.created_at,
        identifier=draft.cap.identifier,
        kind=draft.kind.value,
        follows=draft.follows,
    )


def _require_updatable(old: AlertCase, followers: Sequence[AlertCase]) -> None:
    """Let only what is live, and warns, be updated, by one update at a time.

    Raises
    ------
    TransitionError
        Saying what to do instead.
    FollowUpError
        If another update waits.
    """
    _require_head(old, followers)
    if old.kind.is_closing:
        raise TransitionError(
            "The alert only tells of another one's end. Write a new alert."
        )
    if old.state is not AlertState.LIVE:
        raise TransitionError(
            f"The alert is {old.state.value} and cannot be updated; only a live one "
            "can. Write a new alert."
        )
    for other in chain.waiting(followers, AlertKind.UPDATE):
        raise FollowUpError(
            f"The update {other.alert_id} of this alert is {other.state.value}. "
            "Approve or cancel it first.",
            alert_id=other.alert_id,
        )


def _require_closable(
    old: AlertCase, followers: Sequence[AlertCase], kind: AlertKind
) -> None:
    """Let an end be told once, and only of what people were told.

    Raises
    ------
    TransitionError
        Saying what to do instead.
    FollowUpError
        If its end is told already, or waits to be.
    """
    _require_head(old, followers)
    what = kind.value.replace("_", "-")
    if old.kind.is_closing:
        raise TransitionError(
            f"The alert itself tells of the end of {old.follows}. Write a new alert."
        )
    if old.state not in _MAY_CLOSE[kind]:
        raise TransitionError(
            f"The alert is {old.state.value}: there is nothing to tell of by "
            f"{what}. Cancel it if it is not to go out."
        )
    for other in followers:
        is_told = other.live_at is not None and (
            other.kind is kind or kind is AlertKind.ALL_CLEAR
        )
        if other.kind.is_closing and (
            is_told or other in chain.waiting(followers, kind)
        ):
            raise FollowUpError(
                f"The {other.kind.value.replace('_', '-')} {other.alert_id} of this "
                f"alert is {other.state.value} already.",
                alert_id=other.alert_id,
            )


def _require_head(old: AlertCase, followers: Sequence[AlertCase]) -> None:
    """Send whoever works on an alert whose place was taken to the one that took it.

    Raises
    ------
    FollowUpError
        Carries the id of that one.
    """
    heir = chain.successor(followers)
    if heir is not None:
        raise FollowUpError(
            f"The update {heir.alert_id} took this alert's place; do it there.",
            alert_id=heir.alert_id,
        )
