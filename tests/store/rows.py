"""Rows for the tests of stores, with everything that does not matter filled in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from telephony.delivery import (
    AttemptReport,
    AttemptState,
    CarrierEvent,
    Channel,
    ClaimedDelivery,
    Content,
    ContentId,
    EventKind,
    Lane,
    NewDelivery,
)
from telephony.ports import UnitOfWork

NOW = datetime(2026, 3, 1, 2, 30, tzinfo=UTC)
OWNER = "alert:01JNDXT0A7N4V4W0M4YQ8M5C7K"


def after(**span: float) -> datetime:
    """An instant after NOW."""
    return NOW + timedelta(**span)


def phone_of(recipient_id: int) -> str:
    """The number of one of the people of these tests."""
    return f"+8551200{recipient_id:04d}"


def a_content(**changes: Any) -> Content:
    values: dict[str, Any] = {
        "owner_ref": OWNER,
        "variant": "warning",
        "language": "km",
        "sms_text": "ទឹកជំនន់",
        "script": "flood_warning",
        "variables": {"river": "Mekong"},
    }
    return Content(**(values | changes))


def a_delivery(recipient_id: int, content_id: ContentId, **changes: Any) -> NewDelivery:
    values: dict[str, Any] = {
        "owner_ref": OWNER,
        "recipient_id": recipient_id,
        "phone": phone_of(recipient_id),
        "channel": Channel.SMS,
        "content_id": content_id,
        "lane": Lane.WARNING,
        "position": recipient_id,
        "not_before": NOW,
        "deadline": after(hours=2),
    }
    return NewDelivery(**(values | changes))


def an_event(**changes: Any) -> CarrierEvent:
    values: dict[str, Any] = {
        "kind": EventKind.MESSAGE_STATUS,
        "received_at": NOW,
        "carrier": "main",
        "attempt_id": None,
        "form": [("MessageStatus", "delivered"), ("To", "+85512000001"), ("Blank", "")],
    }
    return CarrierEvent(**(values | changes))


def a_report(
    claimed: ClaimedDelivery, state: AttemptState, **changes: Any
) -> AttemptReport:
    values: dict[str, Any] = {
        "attempt_id": claimed.attempt_id,
        "state": state,
        "at": after(seconds=5),
    }
    return AttemptReport(**(values | changes))


def queue_up(uow: UnitOfWork, *recipient_ids: int, **changes: object) -> None:
    """Queue one delivery for each of these people."""
    content_id = uow.outbox.add_content(a_content())
    uow.outbox.enqueue([a_delivery(n, content_id, **changes) for n in recipient_ids])


def claim(
    uow: UnitOfWork, *, limit: int = 100, **changes: Any
) -> list[ClaimedDelivery]:
    """Claim text messages at NOW."""
    channel = changes.pop("channel", Channel.SMS)
    values: dict[str, Any] = {"now": NOW, "lease_until": after(seconds=60)} | changes
    return list(uow.queue.claim(channel, limit=limit, **values))


def states_of(uow: UnitOfWork, owner_ref: str = OWNER) -> dict[int, int]:
    """DeliveryState value → deliveries, over every channel."""
    states: dict[int, int] = {}
    for (_, state, _), n in uow.outbox.counts(owner_ref).items():
        states[state] = states.get(state, 0) + n
    return states
