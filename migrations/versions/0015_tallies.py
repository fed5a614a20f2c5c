"""Figures of alerts that are kept, not counted; and how far files of people are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.sql.base import UTCDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_COUNTED_BY = "ix_recipients_alert_area_code_excluded_state"
_COUNTERS = sa.table("counters", sa.column("name"), sa.column("value"))
_COUNTED = (
    # Every delivery of an alert, by where it stands.
    """
    INSERT INTO delivery_tallies (owner_id, channel, state, code, n, n_tried, n_people)
    SELECT owner_id, channel, state, code, count(*),
           sum(CASE WHEN n_attempts > 0 THEN 1 ELSE 0 END), 0
      FROM deliveries WHERE owner_id IN
           (SELECT id FROM owners WHERE owner_ref LIKE 'alert:%')
     GROUP BY owner_id, state, channel, code
    """,
    # People stand in a row of their own: one may have deliveries in several states.
    """
    INSERT INTO delivery_tallies (owner_id, channel, state, code, n, n_tried, n_people)
    SELECT owner_id, 1, 10, NULL, 0, 0, count(DISTINCT recipient_id)
      FROM deliveries WHERE n_attempts > 0 AND owner_id IN
           (SELECT id FROM owners WHERE owner_ref LIKE 'alert:%')
     GROUP BY owner_id
    """,
    """
    INSERT INTO delivery_steps (owner_id, channel, round)
    SELECT DISTINCT owner_id, channel, round FROM deliveries WHERE owner_id IN
           (SELECT id FROM owners WHERE owner_ref LIKE 'alert:%')
    """,
    """
    INSERT INTO recipient_tallies (alert, area_code, excluded, state, n)
    SELECT alert, area_code, excluded, state, count(*)
      FROM recipients GROUP BY alert, area_code, excluded, state
    """,
)


def upgrade() -> None:
    op.create_table(
        "delivery_tallies",
        sa.Column("id", _BIG_ID, nullable=False),
        sa.Column("owner_id", _BIG_ID, nullable=False),
        sa.Column("channel", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("n_tried", sa.Integer(), nullable=False),
        sa.Column("n_people", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["owners.id"], name="fk_delivery_tallies_owner_id_owners"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_delivery_tallies"),
    )
    op.create_index("ix_delivery_tallies_owner_id", "delivery_tallies", ["owner_id"])
    op.create_table(
        "recipient_tallies",
        sa.Column("id", _BIG_ID, nullable=False),
        sa.Column("alert", _BIG_ID, nullable=False),
        sa.Column("area_code", sa.Text(), nullable=True),
        sa.Column("excluded", sa.Text(), nullable=True),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["alert"], ["alerts.id"], name="fk_recipient_tallies_alert_alerts"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_recipient_tallies"),
    )
    op.create_index("ix_recipient_tallies_alert", "recipient_tallies", ["alert"])
    op.create_table(
        "delivery_steps",
        sa.Column("owner_id", _BIG_ID, nullable=False),
        sa.Column("channel", sa.SmallInteger(), nullable=False),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["owners.id"], name="fk_delivery_steps_owner_id_owners"
        ),
        sa.PrimaryKeyConstraint(
            "owner_id", "channel", "round", name="pk_delivery_steps"
        ),
        sqlite_with_rowid=False,
    )
    for statement in _COUNTED:
        op.execute(statement)
    op.create_table(
        "people_imports",
        sa.Column("number", _BIG_ID, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_dry", sa.Boolean(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("n_bytes", _BIG_ID, nullable=False),
        sa.Column("begun_at", UTCDateTime(), nullable=False),
        sa.Column("seen_at", UTCDateTime(), nullable=False),
        sa.Column("n_lines", sa.Integer(), nullable=False),
        sa.Column("n_bytes_read", _BIG_ID, nullable=False),
        sa.Column("is_over", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("is_refused", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_people_imports"),
    )
    op.execute(sa.insert(_COUNTERS).values(name="imports", value=0))
    # Nobody counts by it any more, and every message wrote two of its pages.
    op.drop_index(_COUNTED_BY, table_name="recipients")


def downgrade() -> None:
    op.execute(sa.delete(_COUNTERS).where(_COUNTERS.c.name == "imports"))
    op.drop_table("people_imports")
    op.create_index(
        _COUNTED_BY, "recipients", ["alert", "area_code", "excluded", "state"]
    )
    op.drop_table("delivery_steps")
    op.drop_table("recipient_tallies")
    op.drop_table("delivery_tallies")
