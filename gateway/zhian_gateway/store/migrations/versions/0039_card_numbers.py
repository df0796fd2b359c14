"""No card's number in the key of a case: a keyed digest stands for it, as of what comes from now on."""

from __future__ import annotations

import hmac

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

#: Whose keys are `node/lane/kind/card/window`.
KINDS = ("unknown_card", "withdrawn_card")


def upgrade() -> None:
    """A case goes on under its new key: the same card at the same place merges into it."""
    link = op.get_bind()
    alerts = sa.table("alerts", sa.column("id"), sa.column("kind"), sa.column("key"))
    rows = link.execute(sa.select(alerts).where(alerts.c.kind.in_(KINDS))).all()
    keys = {row.id: parts for row in rows if (parts := _parts(row.key, row.kind))}
    if not keys:
        return
    secret = bytes.fromhex(link.execute(sa.text("SELECT key FROM store")).scalar_one())
    for number, (place, card, window) in keys.items():
        # As `rules/numbers.py` does.
        said = hmac.digest(secret, b"card in the key of a case\0" + card.encode(), "sha256").hex()
        key = f"{place}{said[:24]}/{window}"
        link.execute(sa.update(alerts).where(alerts.c.id == number).values(key=key))


def downgrade() -> None:
    """The numbers are gone: what is raised again is another case."""


def _parts(key: str, kind: str) -> tuple[str, str, str] | None:
    """What stands before the number, the number, and the window; None: an erased one, or a rule's own."""
    place, between, rest = key.partition(f"/{kind}/")
    card, slash, window = rest.rpartition("/")
    return (place + between, card, window) if card and slash else None
