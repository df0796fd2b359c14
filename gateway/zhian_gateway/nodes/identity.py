"""Who may speak as a node: by its token, or by a certificate of the site's authority."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection, delete, func, select, update
from zhian_wire import times
from zhian_wire.codec import check_name
from zhian_wire.errors import DecodeError

from .. import moments
from ..errors import BadInput, NotFound, NotLoggedIn, Revoked
from ..store import audit
from ..store.tables import certificates, invitations, nodes
from ..tokens import digest, new_secret, same

#: So long the broker still carries a revoked node's words, so that it hears the order to delete what it has and can
#: answer; nothing that it says is stored any more.
LAST_WORDS: Final = timedelta(seconds=6)
#: No name holds it (`check_name`).
BETWEEN_NAMES: Final = "/"


class Shown(NamedTuple):
    """A certificate of the site's authority, as a connection showed it.

    Attributes:
        issuer: the root that signed it; empty: not said.
        generation: of the node, when it was given.
    """

    site: str
    node: str
    serial: str
    ends: datetime
    issuer: str = ""
    generation: int = 0


def add(link: Connection, *, site: str, node: str, now: str, who: str) -> str:
    """A new token for `node`; what it had before, token or certificate, holds no more. Only its digest is kept.

    Raises:
        BadInput: a name that cannot stand in a topic.
    """
    try:
        check_name(node, "node")
    except DecodeError as error:
        raise BadInput(str(error)) from error
    token = new_secret()
    _admit(link, site, node, token, now, generation=next_generation(link, site, node, now))
    audit.record(link, site=site, at=now, who=who, action="node.add", subject=node)
    return token


def certify(link: Connection, *, shown: Shown, now: str, joins: bool) -> None:
    """`shown` is the node's from now on.

    Args:
        joins: it came by a code, so that the token and all certificates of before hold no more; else it follows on
            one that the node still has, which holds until its end.
    """
    if joins:
        _admit(link, shown.site, shown.node, new_secret(), now, generation=shown.generation)
    link.execute(certificates.insert().values(_row(shown, now)))
    action = "node.join" if joins else "node.renew"
    audit.record(link, site=shown.site, at=now, who=shown.node, action=action, subject=shown.node)


def revoke(link: Connection, *, site: str, node: str, now: str, who: str) -> None:
    """The node's token and certificates hold no more, and the node is told to delete its roster and pictures.

    Nor does its code: the machine that used it could show it once more, and whoever has read an unused one join.

    Raises:
        NotFound: no such node, and no code for one.
    """
    code = delete(invitations).where(invitations.c.site == site, invitations.c.node == node)
    codes = link.execute(code).rowcount
    gone = update(nodes).where(nodes.c.site == site, nodes.c.node == node, nodes.c.revoked_at.is_(None))
    if link.execute(gone.values(revoked_at=now)).rowcount + codes == 0:
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


def check_certificate(link: Connection, shown: Shown, *, site: str, now: datetime) -> None:
    """Whether a certificate, which the authority has signed, still holds.

    One that the database does not know is believed: the authority signed it, and the database may have been restored
    from a backup of before.

    Raises:
        NotLoggedIn: it is over, was replaced, or is of another site or a node that there is not.
        Revoked: the node was revoked; it deletes what it has.
    """
    mine = select(nodes.c.revoked_at, nodes.c.generation).where(nodes.c.site == site, nodes.c.node == shown.node)
    kept = link.execute(mine).one_or_none()
    if shown.site != site or kept is None:
        raise NotLoggedIn(f"site {site!r} has no node '{shown.site}/{shown.node}'; invite it again")
    replaced = select(certificates.c.replaced_at).where(certificates.c.serial == shown.serial)
    if link.execute(replaced).scalar() is not None or shown.generation < kept.generation:
        raise NotLoggedIn(f"this certificate of {shown.node!r} was replaced when the node joined again elsewhere")
    if kept.revoked_at is not None:
        raise Revoked(f"node {shown.node!r} is revoked: delete roster and pictures")
    if shown.ends <= now:
        raise NotLoggedIn(f"this certificate of {shown.node!r} ended on {shown.ends:%Y-%m-%d}")


def news(link: Connection, shown: Shown) -> bool:
    """Whether a certificate that holds says something that the database does not know; `note` it then."""
    known = select(certificates.c.shown_at).where(certificates.c.serial == shown.serial)
    return link.execute(known).scalar() is None or generation(link, shown.site, shown.node) < shown.generation


def note(link: Connection, shown: Shown, now: str) -> None:
    """The node has this certificate: it came by it.

    A database that was restored from a backup learns so what was given since, and up to where its node has joined.
    """
    mine = (nodes.c.site == shown.site) & (nodes.c.node == shown.node) & (nodes.c.generation < shown.generation)
    link.execute(update(nodes).where(mine).values(generation=shown.generation))
    held = {"shown_at": now} | ({"issuer": shown.issuer} if shown.issuer else {})
    this = update(certificates).where(certificates.c.serial == shown.serial).values(held)
    if link.execute(this).rowcount == 0:
        link.execute(certificates.insert().values(_row(shown, now) | held))


def generation(link: Connection, site: str, node: str) -> int:
    """Of which number the node's certificates are; 0 also where there is no such node."""
    mine = select(nodes.c.generation).where(nodes.c.site == site, nodes.c.node == node)
    return int(link.execute(mine).scalar() or 0)


def next_generation(link: Connection, site: str, node: str, now: str) -> int:
    """For a node that joins: higher than any before, also where the database was restored from a backup."""
    return max(generation(link, site, node) + 1, int(times.from_text(now).timestamp()))


def behind(link: Connection, site: str, issuer: str, now: datetime) -> list[str]:
    """The nodes that hold a certificate, and have shown none that is signed by `issuer`."""
    mine = (nodes.c.site == certificates.c.site) & (nodes.c.node == certificates.c.node)
    query = select(certificates.c.node, certificates.c.issuer, certificates.c.shown_at).join(nodes, mine)
    query = query.where(certificates.c.site == site, certificates.c.replaced_at.is_(None))
    query = query.where(nodes.c.revoked_at.is_(None), certificates.c.expires_at > moments.text(now))
    held = link.execute(query).all()
    there = {row.node for row in held if row.issuer == issuer and row.shown_at is not None}
    return sorted({row.node for row in held} - there)


def every(link: Connection, site: str) -> list[str]:
    """The names of all nodes that are not revoked, in order.

    As one value, since this is asked for each batch of events: a thousand rows cost a tenth of one.
    """
    query = select(func.aggregate_strings(nodes.c.node, BETWEEN_NAMES))
    names = link.execute(query.where(nodes.c.site == site, nodes.c.revoked_at.is_(None))).scalar()
    return sorted(names.split(BETWEEN_NAMES)) if names else []


def certified(link: Connection, site: str, now: datetime) -> dict[str, int]:
    """The nodes that the broker is to serve, when they show a certificate of their generation, in order.

    Also those with `LAST_WORDS`. Whether the database knows a certificate of theirs does not count: it may have been
    restored from a backup.
    """
    heard = nodes.c.revoked_at.is_(None) | (
        (nodes.c.revoked_at > moments.text(now - LAST_WORDS)) & nodes.c.wiped_at.is_(None)
    )
    query = select(nodes.c.node, nodes.c.generation).where(nodes.c.site == site, heard).order_by(nodes.c.node)
    return {row.node: row.generation for row in link.execute(query)}


def withdrawn(link: Connection, site: str, now: datetime) -> dict[str, datetime]:
    """Since when each certificate holds no more that would still hold by its own dates; by serial."""
    since = {}
    mine = (nodes.c.site == certificates.c.site) & (nodes.c.node == certificates.c.node)
    query = (
        select(certificates.c.serial, certificates.c.replaced_at, nodes.c.revoked_at)
        .join(nodes, mine)
        .where(certificates.c.site == site, certificates.c.expires_at > moments.text(now))
    )
    spoken = moments.text(now - LAST_WORDS)
    for row in link.execute(query):
        over = row.replaced_at or (row.revoked_at if row.revoked_at and row.revoked_at <= spoken else None)
        if over is not None:
            since[row.serial] = times.from_text(over)
    return since


def ends(link: Connection, site: str) -> dict[str, str]:
    """When the last certificate of each node ends, of those that have one."""
    mine = (certificates.c.site == site) & certificates.c.replaced_at.is_(None)
    query = select(certificates.c.node, certificates.c.expires_at).where(mine).order_by(certificates.c.expires_at)
    return {row.node: row.expires_at for row in link.execute(query)}


def to_wipe(link: Connection, site: str) -> set[str]:
    """The revoked nodes that have not said that they deleted what they had."""
    query = select(nodes.c.node).where(
        nodes.c.site == site, nodes.c.revoked_at.is_not(None), nodes.c.wiped_at.is_(None)
    )
    return set(link.execute(query).scalars())


def wiped(link: Connection, *, site: str, node: str, now: str) -> None:
    """A revoked node has deleted roster and pictures."""
    mine = (nodes.c.site == site) & (nodes.c.node == node)
    done = update(nodes).where(mine, nodes.c.revoked_at.is_not(None), nodes.c.wiped_at.is_(None))
    if link.execute(done.values(wiped_at=now)).rowcount:
        audit.record(link, site=site, at=now, who=node, action="node.wiped", subject=node)


def _row(shown: Shown, now: str) -> dict[str, str | None]:
    ends = moments.text(shown.ends)
    who = {"serial": shown.serial, "site": shown.site, "node": shown.node}
    return {**who, "issued_at": now, "expires_at": ends, "issuer": shown.issuer or None}


def _admit(link: Connection, site: str, node: str, token: str, now: str, *, generation: int) -> None:
    """The node may speak, by `token` alone."""
    own = {"token": digest(token), "generation": generation}
    values = {**own, "created_at": now, "revoked_at": None, "wiped_at": None}
    if link.execute(update(nodes).where(nodes.c.site == site, nodes.c.node == node).values(values)).rowcount == 0:
        link.execute(nodes.insert().values(values | {"site": site, "node": node}))
    old = (certificates.c.site == site) & (certificates.c.node == node) & certificates.c.replaced_at.is_(None)
    link.execute(update(certificates).where(old).values(replaced_at=now))
