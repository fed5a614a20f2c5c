"""Conversations with citizens: what they ask, calls for help, reports, recordings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.sql.base import BigId, JsonText, UTCDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "citizen_reports",
        sa.Column("id", BigId, nullable=False),
        sa.Column("cluster", BigId, nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("is_hurt", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("accuracy_m", sa.Float(), nullable=True),
        sa.Column("area_code", sa.Text(), nullable=True),
        sa.Column("reported_at", UTCDateTime(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("judged_by", sa.Text(), nullable=True),
        sa.Column("judged_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citizen_reports")),
    )
    op.create_index(
        op.f("ix_citizen_reports_cluster"), "citizen_reports", ["cluster"], unique=False
    )
    op.create_index(
        op.f("ix_citizen_reports_kind_reported_at"),
        "citizen_reports",
        ["kind", "reported_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_citizen_reports_phone"), "citizen_reports", ["phone"], unique=False
    )
    op.create_table(
        "conversations",
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("document", JsonText(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("phone", name=op.f("pk_conversations")),
    )
    op.create_index(
        op.f("ix_conversations_updated_at"),
        "conversations",
        ["updated_at"],
        unique=False,
    )
    op.create_table(
        "help_requests",
        sa.Column("id", BigId, nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("subscriber_id", BigId, nullable=True),
        sa.Column("owner_ref", sa.Text(), nullable=True),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("vulnerable", sa.Boolean(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("area_code", sa.Text(), nullable=True),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("heard_at", UTCDateTime(), nullable=False),
        sa.Column("n_calls", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("taken_by", sa.Text(), nullable=True),
        sa.Column("taken_at", UTCDateTime(), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_requests")),
    )
    op.create_index(
        op.f("ix_help_requests_phone"), "help_requests", ["phone"], unique=False
    )
    op.create_index(
        op.f("ix_help_requests_state"), "help_requests", ["state"], unique=False
    )
    op.create_table(
        "voice_notes",
        sa.Column("id", BigId, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=True),
        sa.Column("n_tries", sa.SmallInteger(), nullable=False),
        sa.Column("next_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice_notes")),
        sa.UniqueConstraint("url", name=op.f("uq_voice_notes_url")),
    )
    op.create_index(
        op.f("ix_voice_notes_next_at"), "voice_notes", ["next_at"], unique=False
    )
    op.create_index(
        op.f("ix_voice_notes_subject"), "voice_notes", ["subject"], unique=False
    )


def downgrade() -> None:
    op.drop_table("voice_notes")
    op.drop_table("help_requests")
    op.drop_table("conversations")
    op.drop_table("citizen_reports")
