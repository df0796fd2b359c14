"""Wants another configuration of a node: kept until the node fetches it, one at a time, audited without secrets."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Final, NamedTuple

import msgspec
from sqlalchemy import Connection, RowMapping, select, update
from zhian_wire import codec
from zhian_wire.commands import Answer, CheckConfiguration, FetchConfiguration
from zhian_wire.configuration import Desired, Problem, Push

from .. import moments
from ..errors import BadInput, Conflict, NotFound
from ..lanes.ordering import clock_of
from ..nodes import identity
from ..services import Services
from ..store import audit
from ..store.tables import configuration_pushes, configuration_versions, node_configurations
from .looking import difference, faults

#: A node that hears a question later than this need not answer it.
LASTS: Final = timedelta(seconds=5)
#: A push that is not over.
OPEN: Final = ("waiting", "fetched", "trying")
#: Of the difference, in the audit.
MOST_AUDITED: Final = 4000


class _Look(NamedTuple):
    """A question to a node."""

    node: str
    command: CheckConfiguration


class Wanted(NamedTuple):
    """What somebody wants: a text, or a former configuration by its mark; made from the one marked `base`."""

    base: str
    text: str
    restore: str
    why: str
    confirm_s: int


def current(link: Connection, site: str, node: str) -> RowMapping:
    """What the node said last.

    Raises:
        NotFound: there is no such node, or it never said.
    """
    if node not in identity.every(link, site):
        raise NotFound(f"there is no node {node!r}")
    table = node_configurations
    found = link.execute(select(table).where(table.c.site == site, table.c.node == node)).mappings().one_or_none()
    if found is None:
        raise NotFound(f"node {node!r} has not told its configuration: it was not heard yet, or is of an older version")
    return found


def push(parts: Services, node: str, wanted: Wanted, *, who: str) -> str:
    """Want it; the id of the push.

    Raises:
        NotFound: as `current`.
        Conflict: the node runs another one by now, or another push is not over.
        BadInput: nothing changes, or it holds what may not be pushed.
    """
    name = f"push-{secrets.token_hex(8)}"
    with parts.store.write() as link:
        now_runs = current(link, parts.site, node)
        lines = _judged(link, parts, now_runs, wanted)
        said = {"base": wanted.base, "restore": wanted.restore, "why": wanted.why, "confirm_s": wanted.confirm_s}
        link.execute(
            configuration_pushes.insert().values(
                id=name, site=parts.site, node=node, who=who, state="waiting", sealed=wanted.text, detail="",
                diff="\n".join(lines), asked_at=parts.now(), **said,
            )
        )  # fmt: skip
        detail = f"{name}: {wanted.why}\n" + "\n".join(lines)[:MOST_AUDITED]
        by = {"site": parts.site, "at": parts.now(), "who": who}
        audit.record(link, **by, action="configuration.push", subject=node, detail=detail)
    hurry(parts, node)
    return name


def withdraw(parts: Services, node: str, name: str, *, who: str) -> None:
    """Want it no more; a node that tries it already goes on.

    Raises:
        NotFound: there is none that waits.
    """
    table = configuration_pushes
    where = (table.c.site == parts.site) & (table.c.node == node) & (table.c.id == name)
    waits = table.c.state.in_(("waiting", "fetched"))
    values = {"state": "withdrawn", "sealed": "", "ended_at": parts.now()}
    with parts.store.write() as link:
        if link.execute(update(table).where(where, waits).values(values)).rowcount == 0:
            raise NotFound("it does not wait any more")
        by = {"site": parts.site, "at": parts.now(), "who": who}
        audit.record(link, **by, action="configuration.withdraw", subject=node, detail=name)


def desired(parts: Services, node: str) -> Desired:
    """What a node that asks is told."""
    table, told = configuration_pushes, node_configurations
    mine = (table.c.site == parts.site) & (table.c.node == node) & table.c.state.in_(OPEN)
    with parts.store.read() as link:
        query = select(told.c.known).where(told.c.site == parts.site, told.c.node == node)
        known = link.execute(query).scalar() or ""
        row = link.execute(select(table).where(mine)).mappings().first()
    if row is None:
        return Desired(known=known)
    if row["state"] == "waiting":
        with parts.store.write() as link:
            link.execute(
                update(table)
                .where(table.c.id == row["id"], table.c.state == "waiting")
                .values(state="fetched", fetched_at=parts.now())
            )
    same = ("id", "base", "restore", "confirm_s", "who", "why")
    return Desired(known=known, push=Push(text=row["sealed"], **{key: row[key] for key in same}))


def hurry(parts: Services, node: str) -> None:
    """Tell the node to fetch now; one that does not hear it asks by itself within a minute."""
    command = FetchConfiguration(id=secrets.token_hex(16), expires=_expiry(parts, node), who="gateway")
    parts.publish(node, "command", codec.encode_message(command))


async def asked(parts: Services, node: str, base: str, text: str) -> list[Problem] | None:
    """What the node says to a text, by the very code that would read it; None: it does not answer just now.

    Raises:
        Conflict: it runs another configuration than `base` by now.
    """
    if parts.presence.state(node, parts.clock()) == "offline":
        return None
    command = CheckConfiguration(
        id=secrets.token_hex(16), expires=_expiry(parts, node), who="gateway", base=base, text=text
    )
    (answer,) = await parts.orders.ask([_Look(node, command)], lambda to, body: parts.publish(to, "command", body))
    return None if answer is None else _said(answer)


def _said(answer: Answer) -> list[Problem] | None:
    if answer.result == "refused":
        raise Conflict("the node runs another configuration by now: look at it again")
    if answer.result != "done":
        return None
    return msgspec.json.decode(str(answer.data.get("problems", "[]")), type=list[Problem])


def _judged(link: Connection, parts: Services, now_runs: RowMapping, wanted: Wanted) -> list[str]:
    """The difference that it makes."""
    if wanted.base != now_runs["mark"]:
        raise Conflict("the node runs another configuration by now: look at it again")
    table = configuration_pushes
    mine = (table.c.site == parts.site) & (table.c.node == now_runs["node"]) & table.c.state.in_(OPEN)
    if link.execute(select(table.c.id).where(mine)).first() is not None:
        raise Conflict("another push to this node is not over")
    text = _former(link, parts.site, now_runs, wanted.restore) if wanted.restore else wanted.text
    problems = [] if wanted.restore else faults(now_runs["text"], text)
    if problems:
        raise BadInput("\n".join(f"{each.line}: {each.key}: {each.message}" for each in problems))
    lines = difference(now_runs["text"], text)
    if not lines and text == now_runs["text"]:
        raise BadInput("nothing changes")
    return lines


def _former(link: Connection, site: str, now_runs: RowMapping, mark: str) -> str:
    if mark not in msgspec.json.decode(now_runs["kept"], type=list[str]):
        raise NotFound("the node has that configuration no more")
    table = configuration_versions
    where = (table.c.site == site) & (table.c.node == now_runs["node"]) & (table.c.mark == mark)
    return str(link.execute(select(table.c.text).where(where)).scalar() or "")


def _expiry(parts: Services, node: str) -> str:
    return moments.text(parts.clock() + LASTS + clock_of(parts.presence.last(node)))
