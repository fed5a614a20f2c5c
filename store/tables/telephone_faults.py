"""What carriers hold against numbers, say in words of their own, and are told."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, SmallInteger, Table, Text

from store.sql.base import BigId, UTCDateTime, metadata

#: Failures that speak against a number, by channel; gone when it is heard of again.
strikes = Table(
    "strikes",
    metadata,
    Column(
        "subscriber_id",
        ForeignKey("subscribers.id"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("channel", SmallInteger, primary_key=True, autoincrement=False),
    Column("n", SmallInteger, nullable=False),
    # The carrier's code of the last one, and when it came.
    Column("code", Text, nullable=False),
    Column("struck_at", UTCDateTime, nullable=False),
    # Until when nothing is sent on this channel; NULL while it does not rest.
    Column("resting_until", UTCDateTime),
)

IS_RESTING = strikes.c.resting_until.is_not(None)

# Whose rest is over.
Index(
    "ix_strikes_resting",
    strikes.c.resting_until,
    sqlite_where=IS_RESTING,
    postgresql_where=IS_RESTING,
)

#: Words and codes of carriers that no table of ours has, counted for a person to look.
strange_words = Table(
    "strange_words",
    metadata,
    Column("carrier", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("word", Text, primary_key=True),
    Column("n", BigId, nullable=False),
    Column("last_at", UTCDateTime, nullable=False),
)

#: When an operator last said that a carrier is mended; every worker reads it.
carrier_resumes = Table(
    "carrier_resumes",
    metadata,
    Column("carrier", Text, primary_key=True),
    Column("at", UTCDateTime, nullable=False),
)
