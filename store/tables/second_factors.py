"""Second factors of operators, and codes for who lost theirs."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, LargeBinary, Table, Text

from store.sql.base import BigId, UTCDateTime, metadata

second_factors = Table(
    "second_factors",
    metadata,
    Column("operator", ForeignKey("operators.name"), primary_key=True),
    Column("sealed_secret", LargeBinary, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("confirmed_at", UTCDateTime),
    # Of the newest code that was used; an older one counts no more.
    Column("last_step", BigId, nullable=False),
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("operator", ForeignKey("operators.name"), primary_key=True),
    # SHA-256; the code itself is nowhere.
    Column("digest", Text, primary_key=True),
    Column("used_at", UTCDateTime),
)
