"""Rest for dead numbers, what stops a carrier, and which worker made an attempt."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.sql.base import BigId, UTCDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_COUNTERS = sa.table("counters", sa.column("name"), sa.column("value"))
_IS_RESTING = sa.text("resting_until IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "strikes",
        sa.Column("subscriber_id", BigId, autoincrement=False, nullable=False),
        sa.Column("channel", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("n", sa.SmallInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("struck_at", UTCDateTime(), nullable=False),
        sa.Column("resting_until", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscribers.id"],
            name=op.f("fk_strikes_subscriber_id_subscribers"),
        ),
        sa.PrimaryKeyConstraint("subscriber_id", "channel", name=op.f("pk_strikes")),
    )
    op.create_index(
        "ix_strikes_resting",
        "strikes",
        ["resting_until"],
        unique=False,
        sqlite_where=_IS_RESTING,
        postgresql_where=_IS_RESTING,
    )
    op.create_table(
        "strange_words",
        sa.Column("carrier", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("n", BigId, nullable=False),
        sa.Column("last_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint(
            "carrier", "kind", "word", name=op.f("pk_strange_words")
        ),
    )
    op.create_table(
        "carrier_resumes",
        sa.Column("carrier", sa.Text(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("carrier", name=op.f("pk_carrier_resumes")),
    )
    op.add_column("attempts", sa.Column("worker", sa.Integer(), nullable=True))
    op.bulk_insert(_COUNTERS, [{"name": "workers", "value": 0}])


def downgrade() -> None:
    op.execute(_COUNTERS.delete().where(_COUNTERS.c.name == "workers"))
    op.drop_column("attempts", "worker")
    op.drop_table("carrier_resumes")
    op.drop_table("strange_words")
    op.drop_index("ix_strikes_resting", table_name="strikes")
    op.drop_table("strikes")
