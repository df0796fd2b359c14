"""Which groups nodes name in their own configurations: those that a lane lets through, and those they describe."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from ..nodes import identity
from ..store.tables import node_configurations
from .looking import parsed


class Named(NamedTuple):
    """What one node names.

    Attributes:
        lanes: by lane that opens, the groups that it lets through; one that names none lets everybody through.
        groups: of which it says itself when they may come, where the roster says nothing.
    """

    node: str
    lanes: Mapping[str, frozenset[str]]
    groups: frozenset[str]


def named(link: Connection, site: str) -> list[Named]:
    """By every node that is not revoked and told its configuration."""
    table = node_configurations
    rows = link.execute(select(table.c.node, table.c.text).where(table.c.site == site).order_by(table.c.node))
    known = set(identity.every(link, site))
    return [_read(row.node, parsed(row.text)) for row in rows if row.node in known]


def _read(node: str, document: Mapping[str, Any]) -> Named:
    """Nothing is relied on: a node of another version may write what this one does not know."""
    lanes = {
        str(lane["id"]): frozenset(map(str, groups))
        for lane in _tables(document, "lanes")
        if "id" in lane
        and lane.get("policy", "observe") != "observe"
        and isinstance(groups := lane.get("groups", []), list)
    }
    return Named(node, lanes, frozenset(str(group["id"]) for group in _tables(document, "groups") if "id" in group))


def _tables(document: Mapping[str, Any], name: str) -> Iterator[Mapping[str, Any]]:
    found = document.get(name)
    yield from (each for each in (found if isinstance(found, list) else []) if isinstance(each, dict))
