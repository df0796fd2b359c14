"""Certificates that nodes were given, and the one-time codes by which they ask for them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nodes have tokens and no certificates, as before."""
    op.create_table(
        "certificates",
        *(sa.Column(name, sa.String(length=64), nullable=False) for name in ("serial", "site", "node")),
        *(sa.Column(name, sa.String(length=24), nullable=False) for name in ("issued_at", "expires_at")),
        sa.Column("replaced_at", sa.String(length=24)),
        sa.PrimaryKeyConstraint("serial", name=op.f("pk_certificates")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "invitations",
        *(sa.Column(name, sa.String(length=64), nullable=False) for name in ("site", "node", "secret")),
        sa.Column("key", sa.String(length=64)),
        sa.Column("expires_at", sa.String(length=24), nullable=False),
        sa.PrimaryKeyConstraint("site", "node", name=op.f("pk_invitations")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Nodes that joined by certificate need a token again."""
    op.drop_table("invitations")
    op.drop_table("certificates")
