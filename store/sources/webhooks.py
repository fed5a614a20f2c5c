"""Other systems, and the queue of what they are told."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select, update

from store import counters
from store.sql.conflicts import insert_new
from store.sql.locking import locked
from store.tables.webhooks import IS_QUEUED, webhook_messages, webhooks
from warning.publishing.webhooks import Message, MessageState, Webhook

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

#: Messages looked at for one claim: some may be of a system that had its share.
_LOOK_AHEAD = 8


class SqlWebhooks:
    """``warning.publishing.webhook_ports.WebhookRepository``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def told(self) -> int:
        """Number of the newest entry of the audit of which other systems were told."""
        return counters.current(self._connection, counters.TOLD)

    @told.setter
    def told(self, seq: int) -> None:
        counters.set_to(self._connection, counters.TOLD, seq)

    def add(self, webhook: Webhook) -> None:
        """Store a new one."""
        self._connection.execute(
            insert(webhooks).values(
                webhook_id=webhook.webhook_id,
                url=webhook.url,
                secret=webhook.secret,
                events=list(webhook.events),
                since_seq=webhook.since_seq,
                created_by=webhook.created_by,
                created_at=webhook.created_at,
                is_active=webhook.is_active,
                n_failures=webhook.n_failures,
                ok_at=webhook.ok_at,
                error=webhook.error,
            )
        )

    def find(self, webhook_id: str) -> Webhook | None:
        """Return one."""
        row = self._connection.execute(
            select(webhooks).where(webhooks.c.webhook_id == webhook_id)
        ).one_or_none()
        return None if row is None else _webhook(row)

    def all(self) -> Sequence[Webhook]:
        """Every one, the oldest first."""
        rows = self._connection.execute(
            select(webhooks).order_by(webhooks.c.created_at, webhooks.c.webhook_id)
        )
        return [_webhook(row) for row in rows]

    def remove(self, webhook_id: str) -> None:
        """Remove one, and what it was still to be told."""
        for table in (webhook_messages, webhooks):
            self._connection.execute(
                delete(table).where(table.c.webhook_id == webhook_id)
            )

    def put(
        self, webhook_id: str, *, seq: int, event: str, body: str, now: datetime
    ) -> None:
        """Queue a message; one that is queued already stays as it is."""
        self._connection.execute(
            insert_new(self._connection, webhook_messages).values(
                webhook_id=webhook_id,
                seq=seq,
                event=event,
                body=body,
                state=MessageState.QUEUED.value,
                n_tries=0,
                created_at=now,
                next_at=now,
            )
        )

    def claim(
        self, *, now: datetime, until: datetime, limit: int, each: int
    ) -> Sequence[tuple[Message, Webhook]]:
        """Take due messages for this worker until a time, the oldest first."""
        due = (
            select(webhook_messages)
            .where(IS_QUEUED, webhook_messages.c.next_at <= now)
            .order_by(webhook_messages.c.next_at, webhook_messages.c.id)
            .limit(limit * _LOOK_AHEAD)
        )
        rows = self._connection.execute(
            locked(self._connection, due, webhook_messages, skip_locked=True)
        ).all()
        known = {one.webhook_id: one for one in self.all()}
        share: Counter[str] = Counter()
        taken: list[tuple[Message, Webhook]] = []
        for row in rows:
            webhook = known[row.webhook_id]
            share[row.webhook_id] += 1
            if share[row.webhook_id] <= (1 if webhook.n_failures else each):
                taken.append((_message(row), webhook))
        taken = taken[:limit]
        if taken:
            ids = [message.message_id for message, _ in taken]
            self._connection.execute(
                update(webhook_messages)
                .where(webhook_messages.c.id.in_(ids))
                .values(next_at=until, n_tries=webhook_messages.c.n_tries + 1)
            )
        return taken

    def record(
        self,
        message: Message,
        state: MessageState,
        *,
        now: datetime,
        next_at: datetime,
        error: str | None,
    ) -> None:
        """Write what came of a try, for the message and for its system."""
        self._connection.execute(
            update(webhook_messages)
            .where(webhook_messages.c.id == message.message_id)
            .values(state=state.value, next_at=next_at, error=error)
        )
        news: dict[str, Any] = {"n_failures": 0, "ok_at": now, "error": None}
        if state is not MessageState.DONE:
            news = {"n_failures": webhooks.c.n_failures + 1, "error": error}
        self._connection.execute(
            update(webhooks)
            .where(webhooks.c.webhook_id == message.webhook_id)
            .values(news)
        )

    def n_queued(self) -> int:
        """How many messages wait."""
        counted = select(func.count()).select_from(webhook_messages).where(IS_QUEUED)
        return self._connection.scalar(counted) or 0

    def forget(self, *, before: datetime) -> int:
        """Remove messages that are done with since a time; return how many."""
        return self._connection.execute(
            delete(webhook_messages).where(
                ~IS_QUEUED, webhook_messages.c.created_at < before
            )
        ).rowcount


def _webhook(row: Row[*tuple[Any, ...]]) -> Webhook:
    return Webhook(
        webhook_id=row.webhook_id,
        url=row.url,
        secret=row.secret,
        events=tuple(row.events),
        since_seq=row.since_seq,
        created_by=row.created_by,
        created_at=row.created_at,
        is_active=row.is_active,
        n_failures=row.n_failures,
        ok_at=row.ok_at,
        error=row.error,
    )


def _message(row: Row[*tuple[Any, ...]]) -> Message:
    return Message(
        message_id=row.id,
        webhook_id=row.webhook_id,
        seq=row.seq,
        event=row.event,
        body=row.body,
        n_tries=row.n_tries + 1,
        created_at=row.created_at,
    )
