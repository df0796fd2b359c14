"""In which weeks somebody may collect a child whom two households share."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Who was listed before may in every week."""
    op.add_column("collectors", sa.Column("turn", sa.String(length=8), nullable=False, server_default=""))
    op.add_column("collectors", sa.Column("turn_from", sa.String(length=10), nullable=False, server_default=""))


def downgrade() -> None:
    """Who may in some weeks alone may not in any: a child goes with nobody rather than with the wrong one."""
    op.execute("DELETE FROM collectors WHERE turn <> ''")
    for name in ("turn", "turn_from"):
        op.drop_column("collectors", name)
