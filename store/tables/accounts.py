"""Who works here, and what they did."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Table, Text

from store.sql.base import BigId, JsonText, UTCDateTime, metadata

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
    # NULL: until it is revoked.
    Column("expires_at", UTCDateTime),
    Column("revoked_at", UTCDateTime),
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
