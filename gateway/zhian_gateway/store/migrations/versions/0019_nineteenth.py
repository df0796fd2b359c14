"""By which root each certificate is, whether its node has shown it, and how often a node joined anew."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from zhian_gateway.store.migrations import NUMBER

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of certificates of before it is not known; their nodes say it when they show them."""
    op.add_column("certificates", sa.Column("issuer", sa.String(length=64)))
    op.add_column("certificates", sa.Column("shown_at", sa.String(length=24)))
    op.add_column("nodes", sa.Column("generation", NUMBER, nullable=False, server_default="0"))


def downgrade() -> None:
    """Certificates stay what they are."""
    op.drop_column("nodes", "generation")
    op.drop_column("certificates", "shown_at")
    op.drop_column("certificates", "issuer")
