"""Updates, all-clears, and when to send."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.sql.base import JsonText, UTCDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_PERSON = ["recipient_id", "owner_id", "channel"]
_ONCE = "uq_deliveries_recipient_id_owner_id_channel"


def upgrade() -> None:
    for table, columns in _added().items():
        for column in columns:
            op.add_column(table, column)
    op.create_index("ix_alerts_follows", "alerts", ["follows"], unique=False)
    with op.batch_alter_table("deliveries") as deliveries:
        deliveries.add_column(
            sa.Column("round", sa.SmallInteger(), server_default="0", nullable=False)
        )
        deliveries.drop_constraint(_ONCE, type_="unique")
        deliveries.create_unique_constraint(f"{_ONCE}_round", [*_PERSON, "round"])


def downgrade() -> None:
    with op.batch_alter_table("deliveries") as deliveries:
        deliveries.drop_constraint(f"{_ONCE}_round", type_="unique")
        deliveries.create_unique_constraint(_ONCE, _PERSON)
        deliveries.drop_column("round")
    op.drop_index("ix_alerts_follows", table_name="alerts")
    for table, columns in _added().items():
        for column in columns:
            op.drop_column(table, column.name)


def _added() -> dict[str, list[sa.Column]]:
    return {
        "alerts": [
            sa.Column("kind", sa.Text(), server_default="warning", nullable=False),
            sa.Column("follows", sa.Text()),
            sa.Column("send_at", UTCDateTime()),
            sa.Column("repeat_every_s", sa.Integer()),
            sa.Column("repeat_until", UTCDateTime()),
            sa.Column(
                "repeat_to", sa.Text(), server_default="unconfirmed", nullable=False
            ),
            sa.Column("starts_at", UTCDateTime()),
            sa.Column("live_at", UTCDateTime()),
        ],
        "audiences": [
            sa.Column("told_by", JsonText(), server_default="[]", nullable=False),
            sa.Column("round", sa.Integer(), server_default="0", nullable=False),
            sa.Column("n_repeated", sa.Integer(), server_default="0", nullable=False),
        ],
        "audience_members": [
            sa.Column("variants", sa.LargeBinary()),
            sa.Column("channels", sa.LargeBinary()),
        ],
        "recipients": [
            sa.Column("variant", sa.Text(), server_default="warning", nullable=False),
        ],
    }
