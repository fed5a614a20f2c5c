"""Other systems that are told what becomes of alerts, and how they know it is us.

The record of what was done is the queue: every change of state writes its entry of the
audit in its own transaction, and what other systems are told is drawn from the entries,
in order and without a gap. No service needs to think of them.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from warning.alert import OWNER_PREFIX, AlertId
from warning.errors import InvalidWebhookError

if TYPE_CHECKING:
    from accounts.audit import AuditEntry
    from warning.alert import AlertCase

SIGNATURE_HEADER = "Tocsin-Signature"
EVENT_HEADER = "Tocsin-Event"
ID_HEADER = "Tocsin-Event-Id"
#: Families of actions that other systems may hear of: no people, no accounts.
FAMILIES = ("alert", "sensor")
#: So long a message is tried.
GIVE_UP_AFTER = timedelta(hours=24)
_FIRST_PAUSE = timedelta(seconds=10)
_LONGEST_PAUSE = timedelta(hours=1)
#: Each thing that happens to an alert or a sensor, as the audit calls it.
EVENTS = (
    "alert.all_clear",
    "alert.approve",
    "alert.cancel",
    "alert.correction",
    "alert.draft",
    "alert.end",
    "alert.extend",
    "alert.pause",
    "alert.plan",
    "alert.reject",
    "alert.resume",
    "alert.silent_list",
    "alert.start",
    "alert.submit",
    "alert.supersede",
    "sensor.alarm",
    "sensor.save",
)
_MAX_URL = 2_000


class MessageState(StrEnum):
    """Where a message to another system stands."""

    QUEUED = "queued"
    #: It was answered with 2xx.
    DONE = "done"
    #: It was tried for a day.
    GIVEN_UP = "given_up"


@dataclass(frozen=True, kw_only=True, slots=True)
class Webhook:
    """Another system that is told."""

    webhook_id: str
    url: str
    secret: str = field(repr=False)
    #: Actions, or families of them: ``alert.approve``, ``alert``.
    events: tuple[str, ...]
    #: It is told what comes after this entry of the audit.
    since_seq: int
    created_by: str
    created_at: datetime
    is_active: bool = True
    #: In a row, up to now.
    n_failures: int = 0
    ok_at: datetime | None = None
    #: What is wrong, for the operator; None if nothing is.
    error: str | None = None

    def wants(self, entry: AuditEntry) -> bool:
        """Whether it is told of an entry."""
        family = entry.action.partition(".")[0]
        is_named = entry.action in self.events or family in self.events
        return (
            self.is_active
            and is_named
            and family in FAMILIES
            and entry.seq > self.since_seq
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """One thing that one other system is told."""

    message_id: int
    webhook_id: str
    #: The entry of the audit: the event's id, the same for every try.
    seq: int
    event: str
    body: str
    #: Tries up to now, this one included.
    n_tries: int
    created_at: datetime


def require_usable(url: str, events: Sequence[str]) -> None:
    """Refuse an address or an event that cannot be.

    Raises
    ------
    InvalidWebhookError
        Saying which.
    """
    try:
        parts = urlsplit(url)
        is_url = parts.scheme in {"http", "https"} and bool(parts.hostname)
        is_plain = not parts.username and not parts.fragment and parts.port != 0
    except ValueError:
        is_url = is_plain = False
    if not (is_url and is_plain and url.isprintable() and len(url) <= _MAX_URL):
        raise InvalidWebhookError(
            "url: an http or https URL without user name and fragment is wanted."
        )
    # A misspelt one would never be told, and nobody would notice.
    wrong = [event for event in events if event not in FAMILIES and event not in EVENTS]
    if wrong or not events:
        raise InvalidWebhookError(
            f"events: {', '.join(wrong)[:100] or 'none'} cannot be told. Write "
            f"{', '.join((*FAMILIES, *EVENTS))}."
        )


def body_of(entry: AuditEntry, case: AlertCase | None, *, base_url: str) -> str:
    """What is told of an entry: JSON, the same at every try."""
    told: dict[str, Any] = {
        "id": str(entry.seq),
        "event": entry.action,
        "at": entry.at.astimezone(UTC).isoformat(),
        "subject": entry.subject,
        "details": dict(entry.details),
    }
    if case is not None:
        told["alert"] = _about(case, base_url)
    return json.dumps(told, ensure_ascii=False)


def alert_of(entry: AuditEntry) -> AlertId | None:
    """The alert of which an entry tells; None if it tells of something else."""
    if not entry.subject.startswith(OWNER_PREFIX):
        return None
    return AlertId(entry.subject.removeprefix(OWNER_PREFIX))


def signature(secret: str, body: bytes, at: datetime) -> str:
    """How a receiver knows that a message is ours and new.

    ``t=SECONDS,v1=HEX``: HMAC-SHA256 over the seconds since 1970, a dot, and the body.

    Examples
    --------
    >>> signature("k", b"{}", datetime(2026, 9, 1, tzinfo=UTC))[:20]
    't=1788220800,v1=0e9a'
    """
    seconds = int(at.timestamp())
    signed = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256)
    return f"t={seconds},v1={signed.hexdigest()}"


def pause_after(n_tries: int) -> timedelta:
    """How long to wait after so many tries: 10 s, 20 s, 40 s … an hour."""
    doublings: int = min(n_tries - 1, 20)
    return min(_FIRST_PAUSE * (1 << doublings), _LONGEST_PAUSE)


def _about(case: AlertCase, base_url: str) -> dict[str, Any]:
    cap = case.cap
    first = cap.infos[0] if cap.infos else None
    return {
        "id": case.alert_id,
        "identifier": cap.identifier,
        "sender": cap.sender,
        "sent": cap.sent.isoformat(),
        "status": cap.status.value,
        "msg_type": cap.msg_type.value,
        "event": first.event if first else None,
        "severity": first.severity.value if first else None,
        "headlines": {i.language: i.headline or i.event for i in cap.infos},
        "url": f"{base_url}/api/v1/alerts/{case.alert_id}",
        "cap": f"{base_url}/feeds/cap/{case.alert_id}.xml",
    }
