"""What people tell us of themselves: conversations, calls for help, reports."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
)

from store.sql.base import BigId, JsonText, UTCDateTime, metadata

conversations = Table(
    "conversations",
    metadata,
    # E.164; the row goes when the person is erased, or after some weeks of silence.
    Column("phone", Text, primary_key=True),
    # What was asked and answered last; ``warning.citizens.conversation``.
    Column("document", JsonText, nullable=False),
    Column("updated_at", UTCDateTime, nullable=False, index=True),
)

help_requests = Table(
    "help_requests",
    metadata,
    Column("id", BigId, primary_key=True),
    # Empty once the person is erased.
    Column("phone", Text, nullable=False),
    # NULL for somebody who is not registered.
    Column("subscriber_id", BigId),
    # The alert that was answered, if any.
    Column("owner_ref", Text),
    Column("is_urgent", Boolean, nullable=False),
    Column("vulnerable", Boolean, nullable=False),
    Column("language", Text, nullable=False),
    Column("words", Text, nullable=False),
    # Degrees, WGS 84; NULL if only the area, or nothing, is known.
    Column("lon", Float),
    Column("lat", Float),
    Column("area_code", Text),
    Column("opened_at", UTCDateTime, nullable=False),
    Column("heard_at", UTCDateTime, nullable=False),
    Column("n_calls", SmallInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("taken_by", Text),
    Column("taken_at", UTCDateTime),
    Column("closed_by", Text),
    Column("closed_at", UTCDateTime),
    Column("outcome", Text),
    # Who called back last, when, for the how manieth time, and what came of it.
    Column("called_by", Text),
    Column("called_at", UTCDateTime),
    Column("n_call_backs", SmallInteger),
    Column("call_outcome", Text),
    # Is there an open one of this number?
    Index(None, "phone"),
    Index(None, "state"),
)

citizen_reports = Table(
    "citizen_reports",
    metadata,
    Column("id", BigId, primary_key=True),
    # Id of the first report of the same thing; its own if it is the first.
    Column("cluster", BigId, nullable=False, index=True),
    # Empty for an operator's own, and once the person is erased.
    Column("phone", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("is_hurt", Boolean, nullable=False),
    Column("words", Text, nullable=False),
    # Degrees, WGS 84.
    Column("lon", Float),
    Column("lat", Float),
    Column("accuracy_m", Float),
    Column("area_code", Text),
    Column("reported_at", UTCDateTime, nullable=False),
    Column("state", Text, nullable=False),
    Column("judged_by", Text),
    Column("judged_at", UTCDateTime),
    # What was reported of this kind in the last hour?
    Index(None, "kind", "reported_at"),
    Index(None, "phone"),
)

voice_notes = Table(
    "voice_notes",
    metadata,
    Column("id", BigId, primary_key=True),
    # ``help:12`` or ``report:7``.
    Column("subject", Text, nullable=False, index=True),
    # Whose, and under which name of theirs.
    Column("ref", Text, nullable=False, unique=True),
    # Name below ``var/voice_notes``; NULL until it is fetched.
    Column("file", Text),
    Column("duration_ms", Integer),
    Column("n_tries", SmallInteger, nullable=False),
    # NULL when nothing more is tried.
    Column("next_at", UTCDateTime, index=True),
    # Why it is not here.
    Column("trouble", Text),
    Column("forget_at", UTCDateTime, nullable=False, index=True),
)
