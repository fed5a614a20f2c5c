"""Alerts and audiences for the tests of stores."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np

from store.unit_of_work import SqlUnitOfWork
from telephony.delivery import Channel
from tests.store.rows import NOW, OWNER, after
from warning.alert import OWNER_PREFIX, AlertCase, AlertId, AlertState
from warning.cap import (
    Alert,
    Area,
    CapStatus,
    Category,
    Certainty,
    Info,
    MsgType,
    Scope,
    Severity,
    Urgency,
)
from warning.recipients import Audience, Recipient

TRIANGLE = "11,104 12,104 12,105 11,104"
ALERT = AlertId(OWNER.removeprefix(OWNER_PREFIX))


def a_cap(*, identifier: str = "KH-2026-001", sent: datetime = NOW) -> Alert:
    info = Info(
        event="Flood",
        urgency=Urgency.IMMEDIATE,
        severity=Severity.EXTREME,
        certainty=Certainty.OBSERVED,
        categories=(Category.MET,),
        language="km",
        headline="ទឹកជំនន់ទន្លេមេគង្គ",
        expires=after(hours=12),
        areas=(Area(area_desc="Kampong Cham", polygons=(TRIANGLE,)),),
    )
    return Alert(
        identifier=identifier,
        sender="alerts@ncdm.example",
        sent=sent,
        status=CapStatus.ACTUAL,
        msg_type=MsgType.ALERT,
        scope=Scope.PUBLIC,
        infos=(info,),
    )


def a_case(alert_id: str = ALERT, **changes: Any) -> AlertCase:
    values: dict[str, Any] = {
        "alert_id": AlertId(alert_id),
        "cap": a_cap(identifier=f"id-{alert_id}"),
        "state": AlertState.DRAFT,
        "created_by": "dara",
        "created_at": NOW,
    }
    return AlertCase(**(values | changes))


def an_audience(ids: Sequence[int], **changes: Any) -> Audience:
    values: dict[str, Any] = {
        "subscriber_ids": np.array(ids, dtype=np.int64),
        "subscribers_total": 100,
        "by_language": {"km": len(ids)},
        "by_area": {"03": len(ids)},
        "excluded": {},
        "geofence_ms": 1.5,
        "fixed_at": NOW,
    }
    return Audience(**(values | changes))


def a_recipient(subscriber_id: int, **changes: Any) -> Recipient:
    values: dict[str, Any] = {
        "subscriber_id": subscriber_id,
        "language": "km",
        "area_code": "03",
        "channels": Channel.SMS | Channel.VOICE,
        "vulnerable": False,
        "position": subscriber_id,
    }
    return Recipient(**(values | changes))


def go_live(uow: SqlUnitOfWork, ids: Sequence[int], alert_id: str = ALERT) -> AlertCase:
    """Store an alert that was approved for these people, nobody written out yet."""
    draft = a_case(alert_id)
    case = draft.submit("dara", NOW).approve("sok", NOW)
    uow.alerts.add(draft)
    uow.alerts.save(case)
    uow.alerts.set_audience(case.alert_id, an_audience(ids))
    return case
