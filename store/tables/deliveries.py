"""What goes out: deliveries, and every attempt at one."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    false,
    literal_column,
)

from store.sql.base import BigId, JsonText, UTCDateTime, metadata

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
    # Whether a later step was taken: escalation is past this one. Telling people again
    # is no step, and so counts as followed.
    Column("is_followed", Boolean, nullable=False),
    # Empty once the person is erased.
    Column("phone", Text, nullable=False),
    # Above 0, how often the person was told before, when told again on purpose; below,
    # a further call of escalation.
    Column("round", SmallInteger, nullable=False, server_default="0"),
    # One delivery a person, channel and round; people first, so that STOP finds theirs.
    UniqueConstraint("recipient_id", "owner_id", "channel", "round"),
)

#: Where deliveries of an owner that stands still wait: a lane that no claim asks for.
HELD_LANE = 99

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

# What does this reply answer? Which of a carrier's list do we know?
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
    # Who took a call, as the carrier heard it: 0 unsure, 1 a machine, 2 a person.
    Column("answerer", SmallInteger),
    # Number of the worker that made it: its calls use up its share of the lines.
    Column("worker", Integer),
    UniqueConstraint("delivery_id", "attempt_no"),
)

#: Attempts of which nobody knows whether the carrier has them.
IS_UNRESOLVED = attempts.c.state < literal_column("20")

#: Attempts that a carrier has and has not reported the end of.
IS_AT_CARRIER = attempts.c.state == literal_column("20")

WAS_ACCEPTED = attempts.c.accepted_at.is_not(None)

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
