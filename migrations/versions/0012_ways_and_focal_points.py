"""Who is rung before they are texted, and who hears of silent households."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_FLAGS = ("is_voice_first", "is_focal_point")


def upgrade() -> None:
    for name in _FLAGS:
        op.add_column(
            "subscribers",
            sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()),
        )
    op.create_index(
        "ix_subscribers_focal_point",
        "subscribers",
        ["id"],
        unique=False,
        sqlite_where=sa.text("is_focal_point IS 1"),
        postgresql_where=sa.text("is_focal_point IS true"),
    )


def downgrade() -> None:
    op.drop_index("ix_subscribers_focal_point", table_name="subscribers")
    for name in _FLAGS:
        op.drop_column("subscribers", name)
