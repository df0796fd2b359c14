"""The words of what is agreed to, and those that somebody was shown, beside their version."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_ADDED = (("consent_texts", "zh"), ("consent_texts", "en"), ("consents", "words"))


def upgrade() -> None:
    """What was declared before was on paper."""
    for table, column in _ADDED:
        op.add_column(table, sa.Column(column, sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """The versions stay."""
    for table, column in _ADDED:
        op.drop_column(table, column)
