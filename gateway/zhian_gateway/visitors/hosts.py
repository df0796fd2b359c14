"""Whom one may visit: users who are teachers or administrators, and staff who are enrolled."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from sqlalchemy import Connection, select

from ..errors import NotFound
from ..store.tables import people, users

#: Whoever is enrolled in one of these groups, or one that begins so (`staff-kitchen`), can be visited.
STAFF: Final = ("staff", "teacher", "resident")


class Host(NamedTuple):
    """A user by name, or a person by id."""

    kind: Literal["user", "person"]
    id: str
    name: str


def everyone(link: Connection) -> list[Host]:
    """Everybody who can be visited, users first, each in the order of their names."""
    query = select(users.c.name).where(users.c.role.in_(("admin", "teacher")), users.c.disabled_at.is_(None))
    found = [Host("user", name, name) for name in link.execute(query.order_by(users.c.name)).scalars()]
    enrolled = select(people.c.id, people.c.name, people.c.group).where(
        people.c.withdrawn_at.is_(None), people.c.watch.is_(False), people.c.visitor.is_(False)
    )
    rows = link.execute(enrolled.order_by(people.c.name, people.c.id))
    return found + [Host("person", row.id, row.name) for row in rows if _staff(row.group)]


def find(link: Connection, kind: str, name: str) -> Host:
    """One of them; NotFound."""
    for host in everyone(link):
        if (host.kind, host.id) == (kind, name):
            return host
    raise NotFound(f"nobody called {name!r} can be visited")


def _staff(group: str) -> bool:
    return any(group == each or group.startswith(f"{each}-") for each in STAFF)
