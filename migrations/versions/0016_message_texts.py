"""An authority's own texts and rules of escalation in place of those of a release."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.sql.base import JsonText, UTCDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_COUNTED = ("message_texts", "escalation_rules")
_COUNTERS = sa.table("counters", sa.column("name"), sa.column("value"))


def upgrade() -> None:
    op.create_table(
        "message_text_changes",
        sa.Column("revision", _BIG_ID, autoincrement=False, nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint(
            "revision", "language", "path", name="pk_message_text_changes"
        ),
    )
    op.create_table(
        "escalation_rules",
        sa.Column("revision", _BIG_ID, autoincrement=False, nullable=False),
        sa.Column("rules", JsonText(), nullable=True),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("revision", name="pk_escalation_rules"),
    )
    for name in _COUNTED:
        op.execute(sa.insert(_COUNTERS).values(name=name, value=0))
    # 0: what comes with the release; nothing else was there to submit with.
    for column in ("texts_revision", "rules_revision"):
        op.add_column(
            "alerts", sa.Column(column, _BIG_ID, server_default="0", nullable=False)
        )


def downgrade() -> None:
    op.drop_column("alerts", "rules_revision")
    op.drop_column("alerts", "texts_revision")
    op.execute(sa.delete(_COUNTERS).where(_COUNTERS.c.name.in_(_COUNTED)))
    op.drop_table("escalation_rules")
    op.drop_table("message_text_changes")
