"""The roster as nodes get it: opaque ids, credentials and templates of people with a ground, whole or as a delta."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, func, select
from zhian_wire.roster import Person, Roster, Template

from ..store import counters
from ..store.tables import consents, credentials, departed, people, templates
from .consent import RECOGNITION


def build(link: Connection, *, since: int, now: str) -> Roster:
    """The roster, as the changes after version `since` (0, or one from the future: whole)."""
    version = counters.current(link, "roster")
    since = since if 0 < since <= version else 0
    rows = link.execute(
        select(people).where(people.c.withdrawn_at.is_(None), people.c.version > since).order_by(people.c.id)
    ).all()
    until = _ends(link)
    valid = [row for row in rows if until.get(row.id, "") > now]
    persons = _persons(link, valid, until)
    gone = [row.opaque for row in rows if row not in valid] if since else []
    gone += link.execute(select(departed.c.opaque).where(departed.c.version > since)).scalars() if since else []
    return Roster(version=version, since=since, persons=persons, removed=tuple(sorted(gone)))


def version(link: Connection) -> int:
    """The roster's present version."""
    return counters.current(link, "roster")


def _ends(link: Connection) -> dict[str, str]:
    """Until when the ground of each person holds."""
    query = (
        select(consents.c.person_id, func.max(consents.c.until))
        .where(consents.c.purpose == RECOGNITION, consents.c.withdrawn_at.is_(None))
        .group_by(consents.c.person_id)
    )
    return {person_id: until for person_id, until in link.execute(query).all()}


def _persons(link: Connection, rows: list[Row[Any]], until: Mapping[str, str]) -> tuple[Person, ...]:
    ids = {row.id for row in rows}
    cards: dict[str, list[str]] = defaultdict(list)
    plates: dict[str, list[str]] = defaultdict(list)
    faces: dict[str, list[Template]] = defaultdict(list)
    for row in link.execute(select(credentials).order_by(credentials.c.value)):
        if row.person_id in ids:
            (cards if row.kind == "card" else plates)[row.person_id].append(row.value)
    for row in link.execute(select(templates).order_by(templates.c.id)):
        if row.person_id in ids:
            faces[row.person_id].append(Template(key=row.key, vector=row.vector))
    return tuple(
        Person(
            id=row.opaque,
            group=row.group,
            schedule=row.schedule,
            cards=tuple(cards[row.id]),
            plates=tuple(plates[row.id]),
            templates=tuple(faces[row.id]),
            watch=row.watch,
            until=until[row.id],
        )
        for row in rows
    )
