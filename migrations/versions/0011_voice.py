"""What is spoken: recordings of citizens, of operators by phone, and calling back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.sql.base import BigId, UTCDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_CALLED = (("called_by", sa.Text()), ("called_at", UTCDateTime()),
           ("n_call_backs", sa.SmallInteger()), ("call_outcome", sa.Text()))  # fmt: skip


def upgrade() -> None:
    for name, kind in _CALLED:
        op.add_column("help_requests", sa.Column(name, kind, nullable=True))
    # Addresses at carriers become names: nothing could be fetched by them before.
    op.drop_table("voice_notes")
    op.create_table(
        "voice_notes",
        sa.Column("id", BigId, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=True),
        sa.Column("duration_ms", sa.Integer(), nullable=True),
        sa.Column("n_tries", sa.SmallInteger(), nullable=False),
        sa.Column("next_at", UTCDateTime(), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.Column("forget_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice_notes")),
        sa.UniqueConstraint("ref", name=op.f("uq_voice_notes_ref")),
    )
    for name in ("forget_at", "next_at", "subject"):
        op.create_index(
            op.f(f"ix_voice_notes_{name}"), "voice_notes", [name], unique=False
        )
    op.create_table(
        "recording_calls",
        sa.Column("id", BigId, nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("sound", sa.Text(), nullable=True),
        sa.Column("duration_ms", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording_calls")),
    )


def downgrade() -> None:
    op.drop_table("recording_calls")
    op.drop_table("voice_notes")
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
    for name in ("next_at", "subject"):
        op.create_index(
            op.f(f"ix_voice_notes_{name}"), "voice_notes", [name], unique=False
        )
    for name, _ in reversed(_CALLED):
        op.drop_column("help_requests", name)
