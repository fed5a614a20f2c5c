"""Who took a call: a person, a machine, or nobody could tell."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("attempts", sa.Column("answerer", sa.SmallInteger()))


def downgrade() -> None:
    op.drop_column("attempts", "answerer")
