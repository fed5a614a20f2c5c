"""Alerts that pause and are extended; warnings that are being written."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.sql.base import JsonText, UTCDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("alerts", sa.Column("paused_at", UTCDateTime()))
    op.add_column("alerts", sa.Column("paused_by", sa.Text()))
    op.add_column("alerts", sa.Column("extended_until", UTCDateTime()))
    op.create_table(
        "warning_drafts",
        sa.Column("draft_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("fields", JsonText(), nullable=False),
        sa.Column("follows", sa.Text(), nullable=True),
        sa.Column("begun_by", sa.Text(), nullable=False),
        sa.Column("begun_at", UTCDateTime(), nullable=False),
        sa.Column("saved_by", sa.Text(), nullable=False),
        sa.Column("saved_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("draft_id", name=op.f("pk_warning_drafts")),
    )
