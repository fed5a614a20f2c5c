"""What other systems are told, and how they know it is us."""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts.audit import GENESIS, AuditEntry
from tests.architecture.source_tree import ROOT
from warning.errors import InvalidWebhookError
from warning.publishing.webhooks import Webhook, pause_after, require_usable, signature

DOCUMENT = ROOT / "docs" / "how-to" / "send-out.md"
NOW = datetime(2026, 9, 1, 3, 0, tzinfo=UTC)


def a_webhook(*events: str, **changes: Any) -> Webhook:
    known: dict[str, Any] = {
        "webhook_id": "w1",
        "url": "https://hub.example",
        "secret": "k",
        "events": events or ("alert",),
        "since_seq": 5,
        "created_by": "admin",
        "created_at": NOW,
    }
    return Webhook(**{**known, **changes})


def an_entry(action: str, seq: int = 6) -> AuditEntry:
    return AuditEntry(
        seq=seq,
        at=NOW,
        actor="x",
        action=action,
        subject="alert:a1",
        details={},
        previous_hash=GENESIS,
    )


def test_a_receiver_can_check_a_signature() -> None:
    """As the how-to says: HMAC-SHA256 over seconds, a dot, and the body."""
    body = b'{"id": "7"}'
    parts = dict(part.split("=") for part in signature("secret", body, NOW).split(","))
    wanted = hmac.new(b"secret", f"{parts['t']}.".encode() + body, hashlib.sha256)

    assert parts == {"t": str(int(NOW.timestamp())), "v1": wanted.hexdigest()}
    assert signature("other", body, NOW) != signature("secret", body, NOW)


@pytest.mark.parametrize(
    ("webhook", "entry", "wants"),
    [
        (a_webhook(), an_entry("alert.approve"), True),
        (a_webhook("alert.approve"), an_entry("alert.approve"), True),
        (a_webhook("alert.approve"), an_entry("alert.submit"), False),
        (a_webhook(), an_entry("sensor.alarm"), False),
        (a_webhook(), an_entry("alert.approve", seq=5), False),
        (a_webhook(is_active=False), an_entry("alert.approve"), False),
        (a_webhook("subscriber"), an_entry("subscriber.add"), False),
        (a_webhook("alerting"), an_entry("alert.approve"), False),
    ],
)
def test_who_is_told_what(webhook: Webhook, entry: AuditEntry, wants: bool) -> None:
    """Families and actions by name, from registration on, and never of people."""
    assert webhook.wants(entry) is wants


def test_pauses_grow_to_an_hour() -> None:
    """10 s, 20 s, 40 s … an hour, also after years."""
    assert [pause_after(n).total_seconds() for n in (1, 2, 3)] == [10, 20, 40]
    assert pause_after(100_000) == timedelta(hours=1)


def test_a_secret_is_not_shown() -> None:
    """Neither in a log nor in a traceback."""
    assert "s3cret" not in repr(a_webhook(secret="s3cret"))


def test_what_cannot_be_told_is_refused() -> None:
    """No other scheme, no password in an address."""
    for url in ("file:///x", "https://", "https://a:b@c", "http://a:0", "x" * 3_000):
        with pytest.raises(InvalidWebhookError, match="url"):
            require_usable(url, ["alert"])


def test_the_receivers_example_in_the_docs_works() -> None:
    """What receivers copy tells ours from others', and new from old."""
    text = DOCUMENT.read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.+?)```", text, re.DOTALL)
    names: dict[str, Any] = {}
    exec(example, names)  # noqa: S102 - our own document
    body = b'{"id": "7"}'
    now = datetime.now(UTC)  # noqa: TID251 - the example looks at the clock

    assert names["is_ours"]("k", signature("k", body, now), body)
    assert not names["is_ours"]("k", signature("x", body, now), body)
    assert not names["is_ours"]("k", signature("k", body, now), body + b" ")
    old = now - timedelta(minutes=6)
    assert not names["is_ours"]("k", signature("k", body, old), body)
