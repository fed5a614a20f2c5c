"""What an authority says in place of the texts that come with a release."""

from __future__ import annotations

from sqlalchemy import Column, Table, Text

from store.sql.base import BigId, UTCDateTime, metadata

#: Every change there was: an alert keeps the texts that it was submitted with.
message_text_changes = Table(
    "message_text_changes",
    metadata,
    # One number a transaction, one change a text in it.
    Column("revision", BigId, primary_key=True, autoincrement=False),
    Column("language", Text, primary_key=True),
    Column("path", Text, primary_key=True),
    Column("change", Text, nullable=False),
    # What was written, or read; empty for what went back to what was brought.
    Column("words", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", UTCDateTime, nullable=False),
)
