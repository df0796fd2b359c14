"""One-time codes: one open per node, kept as a digest, over after an hour, used with one key."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, select, update

from .. import moments
from ..errors import NotLoggedIn
from ..store import audit
from ..store.tables import invitations
from ..tokens import digest
from .certificates import check_fits

LASTS: Final = timedelta(hours=1)


def invite(link: Connection, *, site: str, node: str, secret: str, now: datetime, who: str) -> None:
    """Whoever shows `secret` within an hour may join as `node`; an older code of the node holds no more.

    Raises:
        BadInput: the names do not fit into a certificate.
    """
    check_fits(site, node)
    link.execute(delete(invitations).where(invitations.c.site == site, invitations.c.node == node))
    row = {"site": site, "node": node, "secret": digest(secret), "expires_at": moments.text(now + LASTS)}
    link.execute(invitations.insert().values(row))
    audit.record(link, site=site, at=moments.text(now), who=who, action="node.invite", subject=node)


def redeem(link: Connection, *, site: str, secret: str, key: str, now: datetime) -> str:
    """The node that this code is for.

    The same key may show it again: the first answer may not have arrived.

    Args:
        key: digest of the public key that is to be certified.

    Raises:
        NotLoggedIn: there is no such code, it is over, or was used.
    """
    query = select(invitations).where(invitations.c.site == site, invitations.c.secret == digest(secret))
    kept = link.execute(query).one_or_none()
    if kept is None:
        raise NotLoggedIn("no open invitation has this code; `zhian-gateway node invite` prints a new one")
    if kept.expires_at <= moments.text(now):
        raise NotLoggedIn(f"this code was good until {kept.expires_at}; `zhian-gateway node invite` prints a new one")
    if kept.key not in (None, key):
        raise NotLoggedIn("this code was used already; `zhian-gateway node invite` prints a new one")
    mine = (invitations.c.site == site) & (invitations.c.node == kept.node)
    link.execute(update(invitations).where(mine).values(key=key))
    return str(kept.node)
