"""How alerts come in: a CAP document or a form becomes a draft, or is refused.

A draft reaches nobody. Whatever comes in, an operator sees the same verdict as
``tocsin cap check`` gives, and a defect that blocks never becomes a draft.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from warning import cap_check, cap_xml
from warning.alert import AlertCase, AlertId, AlertState
from warning.alert_form import AlertForm, cap_alert
from warning.cap import CapStatus, MsgType, Scope
from warning.cap_target import target
from warning.errors import DuplicateAlertError, InvalidAlertError
from warning.fitting import one_line
from warning.validity import valid_until

if TYPE_CHECKING:
    from shapely import MultiPolygon, Polygon

    from warning.cap import Alert
    from warning.ports import UnitOfWork


class AlertIntake:
    """Take alerts in.

    Parameters
    ----------
    new_uow : callable
        Opens a unit of work that writes.
    sender : str
        Who our own alerts come from: a CAP sender, e.g. a host name.
    now : callable
        Aware UTC.
    """

    def __init__(
        self,
        *,
        new_uow: Callable[[], UnitOfWork],
        sender: str,
        now: Callable[[], datetime],
    ) -> None:
        self._new_uow = new_uow
        self._sender = sender
        self._now = now

    def check_cap(self, data: bytes) -> Mapping[str, object]:
        """Judge a CAP document; the answer is that of ``tocsin cap check --json``."""
        return cap_check.check(data, filename="request").as_dict()

    def draft_from_cap(self, data: bytes, *, by: str) -> AlertCase:
        """Take a CAP document in as a draft.

        Raises
        ------
        InvalidAlertError
            If a defect blocks it; every one is named.
        DuplicateAlertError
            If this sender, identifier and sent time is known; carries its id.
        """
        return self.draft(_usable(data), by=by)

    def check_form(self, form: AlertForm) -> Mapping[str, object]:
        """Judge a form as ``check_cap`` judges the document it becomes."""
        return self.check_cap(cap_xml.write(self._from_form(form)))

    def draft_from_form(self, form: AlertForm, *, by: str) -> AlertCase:
        """Take a form in as a draft; judged and refused as ``draft_from_cap``."""
        return self.draft(_usable(cap_xml.write(self._from_form(form))), by=by)

    def draft(self, cap: Alert, *, by: str) -> AlertCase:
        """Take an alert in as a draft.

        Raises
        ------
        InvalidAlertError
            If it says nothing, has no area, or its end is past.
        DuplicateAlertError
            If this sender, identifier and sent time is known; carries its id.
        """
        case = AlertCase(
            alert_id=new_alert_id(),
            cap=cap,
            state=AlertState.DRAFT,
            created_by=by,
            created_at=self._now(),
        )
        require_sayable(case, now=self._now())
        with self._new_uow() as uow:
            known = uow.alerts.find_by_identity(
                sender=cap.sender, identifier=cap.identifier, sent=cap.sent
            )
            if known is not None:
                raise DuplicateAlertError(
                    f"This alert is already here as {known}.", alert_id=known
                )
            uow.alerts.add(case)
            uow.audit.append(
                at=self._now(),
                actor=by,
                action="alert.draft",
                subject=case.owner_ref,
                details={"state": case.state.value, "identifier": cap.identifier},
            )
            uow.commit()
        return case

    def _from_form(self, form: AlertForm) -> Alert:
        return cap_alert(
            form,
            identifier=uuid.uuid4().urn,
            sender=self._sender,
            sent=self._now(),
        )


def require_sayable(case: AlertCase, *, now: datetime) -> None:
    """Refuse an alert that says nothing, is not for people, aims nowhere, or is over.

    Raises
    ------
    InvalidAlertError
        With what is missing.
    """
    if not case.cap.infos:
        raise InvalidAlertError("The alert has no info block: it says nothing.")
    for info in case.cap.infos:
        if not (one_line(info.headline) or one_line(info.event)):
            raise InvalidAlertError(
                f"The text in {info.language} has neither headline nor event."
            )
    _require_public(case.cap)
    geometry_of(case.cap)
    until = valid_until(case)
    if until <= now:
        raise InvalidAlertError(
            f"The alert expired at {until.isoformat()}; give it a later end."
        )


def _require_public(cap: Alert) -> None:
    """Refuse what is meant for other systems, or for some people only.

    Raises
    ------
    InvalidAlertError
        Saying whom it is meant for.
    """
    if cap.msg_type in {MsgType.ACK, MsgType.ERROR}:
        raise InvalidAlertError(
            f"A message of type {cap.msg_type.value} is an answer to another system; "
            "it says nothing to people."
        )
    # A drill reaches nobody but the drill group, whoever its author had in mind.
    if cap.status is CapStatus.ACTUAL and cap.scope is not Scope.PUBLIC:
        raise InvalidAlertError(
            f"The scope of the alert is {cap.scope.value}: it is not meant for the "
            "public. Publish it with scope Public, or pass it on by other means."
        )


def _usable(data: bytes) -> Alert:
    """Read a CAP document in which nothing blocks.

    Raises
    ------
    InvalidAlertError
        If something does; every defect is named.
    """
    verdict = cap_check.check(data, filename="request")
    if verdict.alert is None or not verdict.usable:
        blocking = tuple(defect for defect in verdict.defects if defect.blocks)
        error = InvalidAlertError(" ".join(one.message for one in blocking))
        error.defects = blocking
        raise error
    return verdict.alert


def geometry_of(cap: Alert) -> Polygon | MultiPolygon:
    """The area in which people are warned: lon and lat in WGS 84 degrees.

    Raises
    ------
    InvalidAlertError
        If the alert has no area that people can be found in; says why.
    """
    aim = target(cap.infos)
    if aim.area is None:
        reasons = " ".join(aim.missing) or "It has no area."
        raise InvalidAlertError(
            f"Nobody can be found by this alert ({aim.state.value}). {reasons} "
            "Draw its area."
        )
    return aim.area.geometry


def new_alert_id() -> AlertId:
    """Make an id that nobody can guess and nobody need understand."""
    return AlertId(secrets.token_hex(8))
