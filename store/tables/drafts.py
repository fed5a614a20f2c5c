"""Warnings that are being written, before any alert exists."""

from __future__ import annotations

from sqlalchemy import Column, Integer, Table, Text

from store.sql.base import JsonText, UTCDateTime, metadata

warning_drafts = Table(
    "warning_drafts",
    metadata,
    Column("draft_id", Text, primary_key=True),
    # Grows by one with every save; who saves names the one they have read.
    Column("version", Integer, nullable=False),
    Column("fields", JsonText, nullable=False),
    # The live alert that it is to update.
    Column("follows", Text),
    Column("begun_by", Text, nullable=False),
    Column("begun_at", UTCDateTime, nullable=False),
    Column("saved_by", Text, nullable=False),
    Column("saved_at", UTCDateTime, nullable=False),
)
