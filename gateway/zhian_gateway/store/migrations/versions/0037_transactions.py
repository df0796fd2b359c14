"""Of which lane transaction a case was raised last: its decision and its passage are one happening."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What was raised before is of none that is known."""
    op.add_column("alerts", sa.Column("transaction", sa.Text()))
    op.create_index("ix_alerts_transaction", "alerts", ["transaction"])


def downgrade() -> None:
    """A decision and its passage are two raises."""
    op.drop_index("ix_alerts_transaction", table_name="alerts")
    op.drop_column("alerts", "transaction")
