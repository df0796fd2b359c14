"""Who has deleted somebody's templates: asked of every node when they withdraw, answered by its heart-beats.

A heart-beat names the version of the roster that the node holds on its disk and uses; from the version of the
withdrawal on, the person is not in it. The mark of that version shows that it is one of this store's. A revoked node
answers by its word that it wiped all it had.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, RowMapping, and_, delete, select, update

from ..nodes import identity
from ..nodes.presence import Presence
from ..store import audit, counters
from ..store.tables import deletions, nodes
from . import marks


def ask(link: Connection, *, site: str, person_id: str, opaque: str, version: int, now: str) -> None:
    """Somebody, or their face, left the roster at `version`: every node of the site is to say that it has deleted it.

    Also a revoked one that has not said that it is wiped: it may be a stolen machine, and holds them still.

    Who took the consent to their face back, and leaves later, is asked for anew.
    """
    asked = {"person_id": person_id, "opaque": opaque, "version": version, "asked_at": now}
    link.execute(delete(deletions).where(deletions.c.opaque == opaque))
    rows = [asked | {"node": node} for node in sorted({*identity.every(link, site), *identity.to_wipe(link, site)})]
    if rows:
        link.execute(deletions.insert(), rows)


def waiting(link: Connection) -> Sequence[RowMapping]:
    """What no node has confirmed yet."""
    query = select(deletions).where(deletions.c.confirmed_at.is_(None)).order_by(deletions.c.opaque, deletions.c.node)
    return link.execute(query).mappings().all()


def of(link: Connection, person_id: str) -> Sequence[RowMapping]:
    """What was asked about somebody, and answered."""
    query = select(deletions).where(deletions.c.person_id == person_id).order_by(deletions.c.asked_at, deletions.c.node)
    return link.execute(query).mappings().all()


def confirmed(link: Connection, presence: Presence, site: str) -> list[RowMapping]:
    """Of those that are waited for, what the nodes' last words confirm."""
    rows = waiting(link)
    holds = {node: _held(link, presence, node) for node in {row["node"] for row in rows}}
    return [row for row in rows if row["version"] <= holds[row["node"]] or _is_wiped(link, site, row["node"])]


def _held(link: Connection, presence: Presence, node: str) -> int:
    """The version of this store's roster that a node says it holds; -1: none."""
    heard = presence.last(node)
    if heard is None:
        return -1
    if heard.state.roster_mark:
        found = marks.version_of(link, heard.state.roster_mark)
        return -1 if found is None else found
    # A node of an older version shows no mark. What this store has not reached is another's, from before a restore.
    version = heard.state.roster_version
    return version if version <= counters.current(link, "roster") else -1


def _is_wiped(link: Connection, site: str, node: str) -> bool:
    mine = (nodes.c.site == site) & (nodes.c.node == node)
    return link.execute(select(nodes.c.wiped_at).where(mine)).scalar() is not None


def confirm(link: Connection, rows: Sequence[RowMapping], *, site: str, now: str) -> None:
    """Write it down."""
    for row in rows:
        this = and_(deletions.c.opaque == row["opaque"], deletions.c.node == row["node"])
        if link.execute(update(deletions).where(this, deletions.c.confirmed_at.is_(None)).values(confirmed_at=now)):
            audit.record(link, site=site, at=now, who=row["node"], action="people.deleted", subject=row["person_id"])
