"""A node's token on loopback; certificates take its place behind the same questions."""

from __future__ import annotations

from sqlalchemy import Connection, select, update
from zhian_wire.codec import check_name
from zhian_wire.errors import DecodeError

from ..errors import BadInput, NotFound, NotLoggedIn
from ..store import audit
from ..store.tables import nodes
from ..tokens import digest, new_secret, same


def add(link: Connection, *, site: str, node: str, now: str, who: str) -> str:
    """A new token for `node`; the one before holds no more. Only its digest is kept.

    Raises:
        BadInput: a name that cannot stand in a topic.
    """
    try:
        check_name(node, "node")
    except DecodeError as error:
        raise BadInput(str(error)) from error
    token = new_secret()
    values = {"token": digest(token), "created_at": now, "revoked_at": None}
    if link.execute(update(nodes).where(nodes.c.site == site, nodes.c.node == node).values(values)).rowcount == 0:
        link.execute(nodes.insert().values(values | {"site": site, "node": node}))
    audit.record(link, site=site, at=now, who=who, action="node.add", subject=node)
    return token


def revoke(link: Connection, *, site: str, node: str, now: str, who: str) -> None:
    """The node's token holds no more.

    Raises:
        NotFound: no such node.
    """
    gone = update(nodes).where(nodes.c.site == site, nodes.c.node == node, nodes.c.revoked_at.is_(None))
    if link.execute(gone.values(revoked_at=now)).rowcount == 0:
        raise NotFound(f"there is no node {node!r}")
    audit.record(link, site=site, at=now, who=who, action="node.revoke", subject=node)


def check(link: Connection, *, site: str, node: str, token: str) -> None:
    """Whether `token` is `node`'s.

    Raises:
        NotLoggedIn: it is not, or the node is revoked or unknown; which of them is not said.
    """
    query = select(nodes.c.token).where(nodes.c.site == site, nodes.c.node == node, nodes.c.revoked_at.is_(None))
    kept = link.execute(query).scalar()
    if kept is None or not same(kept, digest(token)):
        raise NotLoggedIn("no node of this site has that token")


def every(link: Connection, site: str) -> list[str]:
    """The names of all nodes that are not revoked."""
    query = select(nodes.c.node).where(nodes.c.site == site, nodes.c.revoked_at.is_(None)).order_by(nodes.c.node)
    return list(link.execute(query).scalars())
