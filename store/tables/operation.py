"""What the installation keeps about itself."""

from __future__ import annotations

from sqlalchemy import Column, Table, Text

from store.sql.base import BigId, JsonText, UTCDateTime, metadata

#: Numbers that must not have gaps or repeats: one row each, locked by who counts.
counters = Table(
    "counters",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", BigId, nullable=False),
)

#: Signs of life, one row a process name, written over.
heartbeats = Table(
    "heartbeats",
    metadata,
    Column("name", Text, primary_key=True),
    Column("at", UTCDateTime, nullable=False),
    Column("facts", JsonText, nullable=False),
)
