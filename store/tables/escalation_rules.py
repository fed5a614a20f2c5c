"""What follows a text that nobody confirmed, as an authority has it."""

from __future__ import annotations

from sqlalchemy import Column, Table, Text

from store.sql.base import BigId, JsonText, UTCDateTime, metadata

#: All rules from a moment on: an alert keeps those that it was submitted with.
escalation_rules = Table(
    "escalation_rules",
    metadata,
    Column("revision", BigId, primary_key=True, autoincrement=False),
    # As a plan file has them; NULL: those that come with the release.
    Column("rules", JsonText),
    Column("by", Text, nullable=False),
    Column("at", UTCDateTime, nullable=False),
)
