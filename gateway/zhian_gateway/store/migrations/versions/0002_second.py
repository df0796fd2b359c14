"""Bodies of passages, colours of alerts' plates, foreign nodes' messages, and the pictures that people came with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from zhian_gateway.store.migrations import NUMBER

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is known of what was stored before."""
    op.add_column("passages", sa.Column("body", sa.String(length=64)))
    op.add_column("alerts", sa.Column("plate_colour", sa.String(length=64)))
    op.add_column("intake", sa.Column("turned_away", NUMBER, nullable=False, server_default="0"))
    op.create_table(
        "enrolment_pictures",
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64)),
        sa.Column("faults", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_enrolment_pictures_person_id")),
        sa.PrimaryKeyConstraint("person_id", "name", name=op.f("pk_enrolment_pictures")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_enrolment_pictures_sha256", "enrolment_pictures", ["sha256"], unique=False)


def downgrade() -> None:
    """Columns and table go with what they hold."""
    op.drop_table("enrolment_pictures")
    op.drop_column("intake", "turned_away")
    op.drop_column("alerts", "plate_colour")
    op.drop_column("passages", "body")
