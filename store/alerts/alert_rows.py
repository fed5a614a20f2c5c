"""Alerts: rows to values and back. The CAP document is what counts."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from store.errors import StoreError
from warning.alert import AlertCase, AlertId, AlertKind, AlertState
from warning.cap_documents import cap_xml
from warning.schedule import RepeatTo, Schedule

if TYPE_CHECKING:
    from sqlalchemy import Row

    from warning.cap import Alert as CapAlert


def row_of(case: AlertCase) -> dict[str, object]:
    """Every column of a new alert."""
    cap = case.cap
    expires = [info.expires for info in cap.infos if info.expires is not None]
    return {
        "alert_id": case.alert_id,
        "cap_xml": write_cap(cap),
        "sender": cap.sender,
        "identifier": cap.identifier,
        "sent": cap.sent,
        "msg_type": cap.msg_type.value,
        "cap_status": cap.status.value,
        "event": cap.infos[0].event if cap.infos else None,
        "expires": max(expires, default=None),
        "kind": case.kind.value,
        "follows": case.follows,
        **life_of(case),
    }


def life_of(case: AlertCase) -> dict[str, object]:
    """The columns that may change: the state, and who did what when."""
    return {
        "state": case.state.value,
        "created_by": case.created_by,
        "created_at": case.created_at,
        "submitted_by": case.submitted_by,
        "submitted_at": case.submitted_at,
        "approved_by": case.approved_by,
        "approved_at": case.approved_at,
        "closed_by": case.closed_by,
        "closed_at": case.closed_at,
        "starts_at": case.starts_at,
        "live_at": case.live_at,
        "paused_at": case.paused_at,
        "paused_by": case.paused_by,
        "extended_until": case.extended_until,
        "texts_revision": case.texts_revision,
        "rules_revision": case.rules_revision,
        **_columns_of(case.schedule),
    }


def case_of(row: Row[*tuple[Any, ...]]) -> AlertCase:
    """The alert of a row of ``alerts``."""
    return AlertCase(
        alert_id=AlertId(row.alert_id),
        cap=read_cap(row.cap_xml),
        state=AlertState(row.state),
        created_by=row.created_by,
        created_at=row.created_at,
        submitted_by=row.submitted_by,
        submitted_at=row.submitted_at,
        approved_by=row.approved_by,
        approved_at=row.approved_at,
        closed_by=row.closed_by,
        closed_at=row.closed_at,
        kind=AlertKind(row.kind),
        follows=None if row.follows is None else AlertId(row.follows),
        schedule=_schedule_of(row),
        starts_at=row.starts_at,
        live_at=row.live_at,
        paused_at=row.paused_at,
        paused_by=row.paused_by,
        extended_until=row.extended_until,
        texts_revision=row.texts_revision,
        rules_revision=row.rules_revision,
    )


def _columns_of(schedule: Schedule) -> dict[str, object]:
    every = schedule.repeat_every
    return {
        "send_at": schedule.send_at,
        "repeat_every_s": None if every is None else int(every.total_seconds()),
        "repeat_until": schedule.repeat_until,
        "repeat_to": schedule.repeat_to.value,
    }


def _schedule_of(row: Row[*tuple[Any, ...]]) -> Schedule:
    every_s = row.repeat_every_s
    return Schedule(
        send_at=row.send_at,
        repeat_every=None if every_s is None else timedelta(seconds=every_s),
        repeat_until=row.repeat_until,
        repeat_to=RepeatTo(row.repeat_to),
    )


def write_cap(cap: CapAlert) -> str:
    """The document of an alert.

    Raises
    ------
    UnwritableAlertError
        If it would not be a proper CAP message.
    """
    return cap_xml.write(cap).decode()


@lru_cache(maxsize=64)
def read_cap(document: str) -> CapAlert:
    """The alert of a stored document; remembered, because it never changes.

    Raises
    ------
    StoreError
        If the stored document has been damaged.
    """
    result = cap_xml.read(document.encode())
    if result.alert is None:
        reasons = " ".join(defect.message for defect in result.defects)
        raise StoreError(f"A stored CAP document cannot be read. {reasons}")
    return result.alert
