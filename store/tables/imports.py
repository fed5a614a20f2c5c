"""Files of people that are read, or were lately."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, Table, Text

from store.sql.base import BigId, JsonText, UTCDateTime, metadata

people_imports = Table(
    "people_imports",
    metadata,
    Column("number", BigId, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("is_dry", Boolean, nullable=False),
    Column("by", Text, nullable=False),
    Column("n_bytes", BigId, nullable=False),
    Column("begun_at", UTCDateTime, nullable=False),
    # A sign of life of whoever reads it.
    Column("seen_at", UTCDateTime, nullable=False),
    Column("n_lines", Integer, nullable=False),
    Column("n_bytes_read", BigId, nullable=False),
    Column("is_over", Boolean, nullable=False),
    # Counts, and the first lines that are not used; no number, no name.
    Column("outcome", JsonText),
    Column("problem", Text, nullable=False),
    Column("is_refused", Boolean, nullable=False),
)
