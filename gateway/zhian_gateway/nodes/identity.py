"""A node's token on loopback; certificates take its place behind the same questions."""

from __future__ import annotations

from sqlalchemy import Connection, select, update
from zhian_wire.codec import check_name
from zhian_wire.errors import DecodeError

from ..errors import BadInput, NotFound, NotLoggedIn, Revoked
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
    values = {"token": digest(token), "created_at": now, "revoked_at": None, "wiped_at": None}
    if link.execute(update(nodes).where(nodes.c.site == site, nodes.c.node == node).values(values)).rowcount == 0:
        link.execute(nodes.insert().values(values | {"site": site, "node": node}))
    audit.record(link, site=site, at=now, who=who, action="node.add", subject=node)
    return token


def revoke(link: Connection, *, site: str, node: str, now: str, who: str) -> None:
    """The node's token holds no more, and the node is told to delete its roster and pictures.

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
        NotLoggedIn: it is not, or there is no such node; which of them is not said.
        Revoked: it was, until the node was revoked; the node deletes what it has.
    """
    query = select(nodes.c.token, nodes.c.revoked_at).where(nodes.c.site == site, nodes.c.node == node)
    kept = link.execute(query).one_or_none()
    if kept is None or not same(kept.token, digest(token)):
        raise NotLoggedIn("no node of this site has that token")
    if kept.revoked_at is not None:
        raise Revoked(f"node {node!r} is revoked: delete roster and pictures")


def every(link: Connection, site: str) -> list[str]:
    """The names of all nodes that are not revoked."""
    query = select(nodes.c.node).where(nodes.c.site == site, nodes.c.revoked_at.is_(None)).order_by(nodes.c.node)
    return list(link.execute(query).scalars())


def to_wipe(link: Connection, site: str) -> set[str]:
    """The revoked nodes that have not said that they deleted what they had."""
    query = select(nodes.c.node).where(
        nodes.c.site == site, nodes.c.revoked_at.is_not(None), nodes.c.wiped_at.is_(None)
    )
    return set(link.execute(query).scalars())


def wiped(link: Connection, *, site: str, node: str, now: str) -> None:
    """A revoked node has deleted roster and pictures."""
    done = update(nodes).where(nodes.c.site == site, nodes.c.node == node, nodes.c.revoked_at.is_not(None))
    if link.execute(done.values(wiped_at=now)).rowcount:
        audit.record(link, site=site, at=now, who=node, action="node.wiped", subject=node)
