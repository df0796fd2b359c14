"""Where somebody is named: the opaque ids that nodes knew them by, and the events that hold one, or their card."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, FromClause, or_, select

from ..errors import NotFound
from ..store import Store, counters
from ..store.tables import credentials, deletions, events, people

AT_ONCE: Final = 500


class Named(NamedTuple):
    """Somebody, by all that events may call them."""

    person_id: str
    opaque: tuple[str, ...]
    tokens: tuple[str, ...]
    plates: tuple[str, ...] = ()
    """Theirs alone: what a plate shows that somebody else has too is not one person's."""


class Mention(NamedTuple):
    """An event that names somebody, with its exact bytes."""

    row: int
    event: str
    body: bytes


def names_of(link: Connection, person_id: str) -> Named:
    """What somebody is called; NotFound."""
    now = link.execute(select(people.c.opaque).where(people.c.id == person_id)).scalar()
    if now is None:
        raise NotFound(f"nobody is or was enrolled as {person_id!r}")
    before = link.execute(select(deletions.c.opaque).where(deletions.c.person_id == person_id)).scalars()
    opaque = tuple(sorted({now, *before}))
    held = link.execute(select(credentials.c.value).where(credentials.c.person_id == person_id)).scalars().all()
    mine = (credentials.c.kind == "plate") & (credentials.c.person_id == person_id)
    others = select(credentials.c.value).where(credentials.c.kind == "plate", credentials.c.person_id != person_id)
    plates = link.execute(select(credentials.c.value).where(mine, credentials.c.value.not_in(others))).scalars().all()
    return Named(person_id, opaque, (*opaque, *sorted(held)), tuple(sorted(plates)))


def about(table: FromClause, named: Named) -> ColumnElement[bool]:
    """Which rows are about them: by their opaque id, or by a plate of theirs where nobody is named."""
    by_plate = table.c.person.is_(None) & table.c.plate.in_(named.plates)
    return or_(table.c.person.in_(named.opaque), by_plate)


def mentions(store: Store, tokens: Collection[str]) -> Iterator[list[Mention]]:
    """The events that name one of these, in batches, as far as their bytes are there and the rules have seen them."""
    needles = [f'"{token}"'.encode() for token in tokens]
    after = 0
    while True:
        with store.read() as link:
            query = select(events).where(events.c.digest.is_(None), events.c.id > after)
            query = query.where(events.c.id <= counters.current(link, "followed")).order_by(events.c.id)
            rows = link.execute(query.limit(AT_ONCE)).all()
        if not rows:
            return
        after = rows[-1].id
        yield [
            Mention(row.id, f"{row.node}/{row.epoch}/{row.seq}", row.body)
            for row in rows
            if any(needle in row.body for needle in needles)
        ]
