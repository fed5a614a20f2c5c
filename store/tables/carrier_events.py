"""What carriers told us, as it came."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, SmallInteger, Table, Text

from store.sql.base import BigId, JsonText, UTCDateTime, metadata

carrier_events = Table(
    "carrier_events",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("kind", SmallInteger, nullable=False),
    Column("received_at", UTCDateTime, nullable=False),
    Column("carrier", Text, nullable=False),
    # No foreign key: events of unknown attempts are kept.
    Column("attempt_id", BigId),
    # The carrier's id of a text that somebody sent us.
    Column("text_ref", Text),
    Column("form", JsonText, nullable=False),
    Column("answers", JsonText, nullable=False),
    Column("folded_at", UTCDateTime),
    Column("is_unknown", Boolean, nullable=False),
)

_IS_TEXT = carrier_events.c.text_ref.is_not(None)

# A text counts once, however often its carrier repeats it.
Index(
    "uq_carrier_events_carrier_text_ref",
    carrier_events.c.carrier,
    carrier_events.c.text_ref,
    unique=True,
    sqlite_where=_IS_TEXT,
    postgresql_where=_IS_TEXT,
)

IS_UNFOLDED = carrier_events.c.folded_at.is_(None)

# The oldest that nobody has thought about.
Index(
    "ix_carrier_events_unfolded",
    carrier_events.c.id,
    carrier_events.c.folded_at,
    sqlite_where=IS_UNFOLDED,
    postgresql_where=IS_UNFOLDED,
)
