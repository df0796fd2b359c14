"""Since when a case waits, who was sent, who was told when nobody acknowledged, and what was photographed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from zhian_gateway.store.migrations import NUMBER

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_TIME, _NAME, _DIGEST = sa.String(length=24), sa.String(length=64), sa.String(length=64)


def upgrade() -> None:
    """What was raised before waits for nobody: an upgrade wakes no one up because of last month's cases."""
    for name in ("opened_at", "last_at"):
        op.add_column("alerts", sa.Column(name, _TIME, nullable=False, server_default=""))
    op.add_column("alerts", sa.Column("waiting_since", _TIME))
    op.execute("UPDATE alerts SET opened_at = raised_at, last_at = raised_at")
    for column in (sa.Column("assignee_role", _NAME), sa.Column("assignee", sa.Text()), sa.Column("picture", _DIGEST)):
        op.add_column("transitions", column)
    with op.batch_alter_table("notices", table_kwargs={"sqlite_autoincrement": True}) as notices:
        notices.add_column(sa.Column("contact", _NAME))
        for name in ("passage_id", "guardian_id"):
            notices.alter_column(name, existing_type=NUMBER, nullable=True)
    _case_pictures()
    _escalations()


def _case_pictures() -> None:
    op.create_table(
        "case_pictures",
        sa.Column("alert_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("sha256", _DIGEST, nullable=False),
        sa.Column("who", _NAME, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name=op.f("fk_case_pictures_alert_id")),
        sa.PrimaryKeyConstraint("alert_id", "sha256", name=op.f("pk_case_pictures")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_case_pictures_sha256", "case_pictures", ["sha256"], unique=False)


def _escalations() -> None:
    op.create_table(
        "escalations",
        *(sa.Column(name, NUMBER, autoincrement=False, nullable=False) for name in ("alert_id", "round", "step")),
        sa.Column("contact", _NAME, nullable=False),
        sa.Column("state", _NAME, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("notice_id", NUMBER),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name=op.f("fk_escalations_alert_id")),
        sa.PrimaryKeyConstraint("alert_id", "round", "step", "contact", name=op.f("pk_escalations")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_escalations_notice_id", "escalations", ["notice_id"], unique=False)


def downgrade() -> None:
    """Notices of cases go; each step's own words stay in the audit."""
    op.drop_table("escalations")
    op.drop_table("case_pictures")
    op.execute("DELETE FROM notices WHERE passage_id IS NULL OR guardian_id IS NULL")
    with op.batch_alter_table("notices", table_kwargs={"sqlite_autoincrement": True}) as notices:
        notices.drop_column("contact")
        for name in ("passage_id", "guardian_id"):
            notices.alter_column(name, existing_type=NUMBER, nullable=False)
    for table, names in (
        ("transitions", ("assignee_role", "assignee", "picture")),
        ("alerts", ("opened_at", "last_at", "waiting_since")),
    ):
        for name in names:
            op.drop_column(table, name)
