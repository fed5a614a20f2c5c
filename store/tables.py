"""Every table, in one place: the whole of what survives a restart.

Foreign keys go by table name and there are no relationships: rows are turned into
domain values beside each repository. States are kept as their ranks, so that "only
forward" is a comparison. The order of columns in an index is the order of a query;
each index says which one.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    false,
    literal_column,
)

from store.base import BigId, JsonText, UTCDateTime, metadata

#: Numbers that must not have gaps or repeats: one row each, locked by who counts.
counters = Table(
    "counters",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", BigId, nullable=False),
)

subscribers = Table(
    "subscribers",
    metadata,
    Column("id", BigId, primary_key=True),
    # NULL once erased; the id stays so that old reports still add up.
    Column("phone", Text, unique=True),
    Column("name", Text),
    Column("language", Text, nullable=False),
    Column("channels", SmallInteger, nullable=False),
    Column("groups", JsonText, nullable=False),
    Column("in_drill_group", Boolean, nullable=False),
    Column("vulnerable", Boolean, nullable=False),
    Column("consent_at", UTCDateTime),
    Column("status", Text, nullable=False),
    Column("status_at", UTCDateTime, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("updated_at", UTCDateTime, nullable=False),
    Column("added_revision", BigId, nullable=False),
    Column("revision", BigId, nullable=False),
    # "Who changed since revision r", and "whom did this transaction touch".
    Index(None, "revision"),
)

places = Table(
    "places",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("subscriber_id", ForeignKey("subscribers.id"), nullable=False, index=True),
    # Degrees, WGS 84; both NULL if only the area is known.
    Column("lon", Float),
    Column("lat", Float),
    Column("area_code", Text),
    Column("accuracy_m", Float),
    Column("source", Text, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
)

areas = Table(
    "areas",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("names", JsonText, nullable=False),
    Column("level", SmallInteger, nullable=False, index=True),
    Column("parent", Text),
    # WKB, lon and lat in degrees, WGS 84.
    Column("geometry", LargeBinary, nullable=False),
)

alerts = Table(
    "alerts",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("alert_id", Text, nullable=False, unique=True),
    # The CAP document is what counts; the columns up to expires are drawn from it.
    Column("cap_xml", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("identifier", Text, nullable=False),
    Column("sent", UTCDateTime, nullable=False),
    Column("msg_type", Text, nullable=False),
    Column("cap_status", Text, nullable=False),
    Column("event", Text),
    Column("expires", UTCDateTime),
    Column("state", Text, nullable=False, index=True),
    Column("created_by", Text, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("submitted_by", Text),
    Column("submitted_at", UTCDateTime),
    Column("approved_by", Text),
    Column("approved_at", UTCDateTime),
    Column("closed_by", Text),
    Column("closed_at", UTCDateTime),
    UniqueConstraint("sender", "identifier", "sent"),
)

audiences = Table(
    "audiences",
    metadata,
    Column("alert", ForeignKey("alerts.id"), primary_key=True),
    Column("n_affected", Integer, nullable=False),
    Column("n_planned", Integer, nullable=False),
    Column("subscribers_total", Integer, nullable=False),
    Column("by_language", JsonText, nullable=False),
    Column("by_area", JsonText, nullable=False),
    Column("excluded", JsonText, nullable=False),
    Column("geofence_ms", Float, nullable=False),
    Column("fixed_at", UTCDateTime, nullable=False),
)

#: Apart from ``audiences``: SQLite writes a row whole, and n_planned moves often.
audience_members = Table(
    "audience_members",
    metadata,
    Column("alert", ForeignKey("audiences.alert"), primary_key=True),
    # int64, little-endian, in sending order.
    Column("subscriber_ids", LargeBinary, nullable=False),
)

recipients = Table(
    "recipients",
    metadata,
    Column("alert", ForeignKey("alerts.id"), primary_key=True),
    Column("subscriber_id", ForeignKey("subscribers.id"), primary_key=True),
    Column("language", Text, nullable=False),
    Column("area_code", Text),
    Column("channels", SmallInteger, nullable=False),
    Column("vulnerable", Boolean, nullable=False),
    Column("position", Integer, nullable=False),
    Column("excluded", Text),
    Column("state", SmallInteger, nullable=False),
    # Counts by area, reason and state are read from the index alone.
    Index(None, "alert", "area_code", "excluded", "state"),
    sqlite_with_rowid=False,
)

#: Who orders deliveries, by the name under which they run: ``alert:01J…``.
owners = Table(
    "owners",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("owner_ref", Text, nullable=False, unique=True),
)

contents = Table(
    "contents",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("owner_id", ForeignKey("owners.id"), nullable=False),
    Column("variant", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("sms_text", Text, nullable=False),
    Column("script", Text, nullable=False),
    Column("variables", JsonText, nullable=False),
    UniqueConstraint("owner_id", "variant", "language"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("owner_id", ForeignKey("owners.id"), nullable=False),
    Column("recipient_id", BigId, nullable=False),
    Column("channel", SmallInteger, nullable=False),
    Column("content_id", ForeignKey("contents.id"), nullable=False),
    Column("lane", SmallInteger, nullable=False),
    Column("position", Integer, nullable=False),
    Column("not_before", UTCDateTime, nullable=False),
    Column("deadline", UTCDateTime, nullable=False),
    Column("state", SmallInteger, nullable=False),
    Column("state_at", UTCDateTime, nullable=False),
    Column("n_attempts", SmallInteger, nullable=False),
    # Of these, the ones that did not certainly stay here.
    Column("n_sent", SmallInteger, nullable=False),
    # Why the last try failed; NULL when something better is known.
    Column("code", Text),
    # When a carrier first took it.
    Column("sent_at", UTCDateTime),
    # Whether the person has one on another channel too: escalation is past this one.
    Column("is_followed", Boolean, nullable=False),
    # Empty once the person is erased.
    Column("phone", Text, nullable=False),
    # One delivery a person and channel; people first, so that STOP finds all of theirs.
    UniqueConstraint("recipient_id", "owner_id", "channel"),
)

#: What a claim may take. The same literal stands in the index and in the queries:
#: SQLite uses a partial index only if it can read one in the other.
IS_QUEUED = deliveries.c.state == literal_column("0")

# Claims: the next of a lane by due time and position.
Index(
    "ix_deliveries_queue",
    deliveries.c.channel,
    deliveries.c.lane,
    deliveries.c.not_before,
    deliveries.c.position,
    # Always 0 here; with it the queue can be counted without reading a row.
    deliveries.c.state,
    sqlite_where=IS_QUEUED,
    postgresql_where=IS_QUEUED,
)
# Expiry: what is queued beyond its deadline.
Index(
    "ix_deliveries_deadline",
    deliveries.c.deadline,
    sqlite_where=IS_QUEUED,
    postgresql_where=IS_QUEUED,
)
# Counts of an owner are read from the index alone; cancel finds what is queued.
Index(
    "ix_deliveries_progress",
    deliveries.c.owner_id,
    deliveries.c.state,
    deliveries.c.channel,
    deliveries.c.n_attempts,
    deliveries.c.code,
)
IS_NOT_FOLLOWED = deliveries.c.is_followed.is_(false())

# Escalation: those on whom nothing followed yet, the most endangered first.
Index(
    "ix_deliveries_not_followed",
    deliveries.c.owner_id,
    deliveries.c.channel,
    deliveries.c.position,
    sqlite_where=IS_NOT_FOLLOWED,
    postgresql_where=IS_NOT_FOLLOWED,
)
# What does this reply answer?
Index("ix_deliveries_phone", deliveries.c.phone)

attempts = Table(
    "attempts",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("delivery_id", ForeignKey("deliveries.id"), nullable=False),
    Column("attempt_no", SmallInteger, nullable=False),
    # Of the delivery, so that the questions below need no join.
    Column("owner_id", BigId, nullable=False),
    Column("channel", SmallInteger, nullable=False),
    Column("deadline", UTCDateTime, nullable=False),
    Column("state", SmallInteger, nullable=False),
    Column("intended_at", UTCDateTime, nullable=False),
    Column("lease_until", UTCDateTime, nullable=False),
    # Since when nothing was heard: the last report or poll.
    Column("quiet_since", UTCDateTime, nullable=False),
    # When the carrier took it.
    Column("accepted_at", UTCDateTime),
    Column("carrier", Text),
    Column("carrier_ref", Text),
    Column("code", Text),
    Column("http_status", SmallInteger),
    Column("duration_s", Integer),
    UniqueConstraint("delivery_id", "attempt_no"),
)

#: Attempts of which nobody knows whether the carrier has them.
IS_UNRESOLVED = attempts.c.state < literal_column("20")
#: Attempts that a carrier has and has not reported the end of.
IS_AT_CARRIER = attempts.c.state == literal_column("20")
WAS_ACCEPTED = attempts.c.accepted_at.is_not(None)
HAS_REF = attempts.c.carrier_ref.is_not(None)

# Reconciling: the longest quiet first.
Index(
    "ix_attempts_unresolved",
    attempts.c.quiet_since,
    sqlite_where=IS_UNRESOLVED,
    postgresql_where=IS_UNRESOLVED,
)
# Polling, and how many calls are under way: from a deadline on, for what is long past
# is never read again.
Index(
    "ix_attempts_at_carrier",
    attempts.c.channel,
    attempts.c.deadline,
    attempts.c.quiet_since,
    sqlite_where=IS_AT_CARRIER,
    postgresql_where=IS_AT_CARRIER,
)
# First and last message of an owner.
Index(
    "ix_attempts_accepted",
    attempts.c.owner_id,
    attempts.c.accepted_at,
    sqlite_where=WAS_ACCEPTED,
    postgresql_where=WAS_ACCEPTED,
)
# Does this entry of the carrier's list belong to an attempt?
Index(
    "ix_attempts_carrier_ref",
    attempts.c.carrier_ref,
    sqlite_where=HAS_REF,
    postgresql_where=HAS_REF,
)

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

#: Signs of life, one row a process name, written over.
heartbeats = Table(
    "heartbeats",
    metadata,
    Column("name", Text, primary_key=True),
    Column("at", UTCDateTime, nullable=False),
    Column("facts", JsonText, nullable=False),
)

operators = Table(
    "operators",
    metadata,
    Column("name", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("password_hash", Text),
    Column("is_active", Boolean, nullable=False),
)

tokens = Table(
    "tokens",
    metadata,
    # SHA-256 of the token; the token itself is nowhere.
    Column("digest", Text, primary_key=True),
    Column("operator", ForeignKey("operators.name"), nullable=False, index=True),
    Column("role", Text, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("seq", BigId, primary_key=True),
    Column("at", UTCDateTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False, index=True),
    Column("details", JsonText, nullable=False),
    Column("previous_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
)
