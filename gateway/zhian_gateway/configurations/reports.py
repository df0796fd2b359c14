"""Takes in what nodes say of their configuration, and what became of a push."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from sqlalchemy import Connection, delete, select, update
from zhian_wire.configuration import Outcome, Report

from ..services import Services
from ..store import audit
from ..store.tables import configuration_pushes, configuration_versions, node_configurations

#: Of each node; older ones go.
MOST_VERSIONS: Final = 50
#: Of why a node did not take a push.
MOST_DETAIL: Final = 2000


def take(parts: Services, node: str, report: Report, known: str) -> None:
    """Keep a report; `known` is its hash, by which the node knows that it was kept."""
    now = parts.now()
    with parts.store.write() as link:
        values = {
            "mark": report.mark,
            "origin": report.origin,
            "version": report.version[:64],
            "known": known,
            "trying": report.trying,
            "text": report.text,
            "kept": msgspec.json.encode(report.kept).decode(),
            "reported_at": now,
        }
        _put(link, node_configurations, {"site": parts.site, "node": node}, values)
        _version(link, parts.site, node, report, now)
        if report.trying:
            _note(link, parts.site, node, report.trying, {"state": "trying"})
        if report.outcome is not None:
            _settle(link, parts, node, report, report.outcome)
    parts.bell.ring()


def _settle(link: Connection, parts: Services, node: str, report: Report, outcome: Outcome) -> None:
    values = {
        "state": outcome.result,
        "detail": outcome.detail[:MOST_DETAIL],
        "ended_at": parts.now(),
        "mark": report.mark if outcome.result == "applied" else None,
        "sealed": "",
    }
    if _note(link, parts.site, node, outcome.push, values):
        action = f"configuration.{outcome.result}"
        detail = f"{outcome.push}: {outcome.detail[:MOST_DETAIL]}" if outcome.detail else outcome.push
        audit.record(link, site=parts.site, at=parts.now(), who=node, action=action, subject=node, detail=detail)


def _note(link: Connection, site: str, node: str, push: str, values: dict[str, Any]) -> bool:
    """Write down how far a push is; whether there was one that was not over."""
    table = configuration_pushes
    where = (table.c.site == site) & (table.c.node == node) & (table.c.id == push)
    over = table.c.state.in_(("applied", "rolled_back", "refused"))
    return link.execute(update(table).where(where, ~over).values(values)).rowcount > 0


def _version(link: Connection, site: str, node: str, report: Report, now: str) -> None:
    table = configuration_versions
    key = {"site": site, "node": node, "mark": report.mark}
    where = (table.c.site == site) & (table.c.node == node)
    there = link.execute(select(table.c.mark).where(where, table.c.mark == report.mark)).first()
    if there is not None:
        link.execute(update(table).where(where, table.c.mark == report.mark).values(last_at=now))
        return
    link.execute(table.insert().values(**key, text=report.text, first_at=now, last_at=now))
    old = select(table.c.mark).where(where).order_by(table.c.last_at.desc(), table.c.mark).offset(MOST_VERSIONS)
    gone = link.execute(old).scalars().all()
    if gone:
        link.execute(delete(table).where(where, table.c.mark.in_(gone)))


def _put(link: Connection, table: Any, key: dict[str, str], values: dict[str, str]) -> None:
    where = (table.c.site == key["site"]) & (table.c.node == key["node"])
    if link.execute(update(table).where(where).values(values)).rowcount == 0:
        link.execute(table.insert().values(key | values))
