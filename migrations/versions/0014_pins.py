"""Who opens the address of a home shows a PIN: its seal, and how often it was wrong."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("responders", sa.Column("pin_seal", sa.Text()))
    op.add_column("responders", sa.Column("pin_wrong", sa.SmallInteger()))


def downgrade() -> None:
    op.drop_column("responders", "pin_wrong")
    op.drop_column("responders", "pin_seal")
