"""Where alerts came from, and the feeds that are read."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, Table, Text

from store.sql.base import UTCDateTime, metadata

#: One row for each alert that came in as a document.
arrivals = Table(
    "arrivals",
    metadata,
    Column("alert_id", ForeignKey("alerts.alert_id"), primary_key=True),
    Column("source", Text, nullable=False),
    # SHA-256 of the bytes: the same document, or another under its name?
    Column("digest", Text, nullable=False),
    # SHA-256 of what it says; NULL if it names the messages it replaces.
    Column("fingerprint", Text, index=True),
    Column("received_at", UTCDateTime, nullable=False),
    # The alert that says the same; an operator decides.
    Column("duplicate_of", Text),
)

#: One row a feed, written over at each look.
feeds = Table(
    "feeds",
    metadata,
    Column("name", Text, primary_key=True),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("polled_at", UTCDateTime),
    # When it was last read without a problem.
    Column("ok_at", UTCDateTime),
    Column("next_at", UTCDateTime, nullable=False),
    # In a row, up to now.
    Column("n_failures", Integer, nullable=False),
    Column("n_entries", Integer, nullable=False),
    Column("error", Text),
)

feed_entries = Table(
    "feed_entries",
    metadata,
    Column("feed", Text, primary_key=True),
    # SHA-256 of its id, time and link.
    Column("entry", Text, primary_key=True),
    Column("outcome", Text, nullable=False),
    Column("alert_id", Text),
    Column("sentence", Text, nullable=False),
    Column("n_tries", Integer, nullable=False),
    Column("first_seen_at", UTCDateTime, nullable=False),
    Column("last_seen_at", UTCDateTime, nullable=False, index=True),
    sqlite_with_rowid=False,
)
