"""Other systems that are told what becomes of alerts."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
)

from store.sql.base import BigId, JsonText, UTCDateTime, metadata

webhooks = Table(
    "webhooks",
    metadata,
    Column("webhook_id", Text, primary_key=True),
    Column("url", Text, nullable=False),
    # Needed whole: it signs.
    Column("secret", Text, nullable=False),
    Column("events", JsonText, nullable=False),
    # Told what comes after this entry of the audit.
    Column("since_seq", BigId, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("is_active", Boolean, nullable=False),
    # In a row, up to now.
    Column("n_failures", Integer, nullable=False),
    Column("ok_at", UTCDateTime),
    Column("error", Text),
)

webhook_messages = Table(
    "webhook_messages",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("webhook_id", ForeignKey("webhooks.webhook_id"), nullable=False),
    # The entry of the audit that is told: the event's id for the receiver.
    Column("seq", BigId, nullable=False),
    Column("event", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("n_tries", Integer, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    # Also until when whoever sends it now has to say what came of it.
    Column("next_at", UTCDateTime, nullable=False),
    Column("error", Text),
    UniqueConstraint("webhook_id", "seq"),
)

#: The same literal in the index and the queries, so that SQLite uses it.
IS_QUEUED = webhook_messages.c.state == literal_column("'queued'")

Index(
    "ix_webhook_messages_queue",
    webhook_messages.c.next_at,
    sqlite_where=IS_QUEUED,
    postgresql_where=IS_QUEUED,
)
