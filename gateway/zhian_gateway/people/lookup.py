"""Who somebody is, for rules and pages; nodes only know opaque ids."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from sqlalchemy import Connection, RowMapping, func, select

from ..rules.situation import Known
from ..store.tables import consents, credentials, people, templates
from .consents import KEEPING

#: Most values in one `IN`.
CHUNK: Final = 500


def known(link: Connection, ids: Collection[str]) -> dict[str, Known]:
    """The people that nodes call `ids`, without nobodies and those who withdrew."""
    if not ids:
        return {}
    query = select(people.c.opaque, people.c.watch).where(people.c.opaque.in_(ids), people.c.withdrawn_at.is_(None))
    return {row.opaque: Known(row.opaque, row.watch) for row in link.execute(query)}


def owners(link: Connection, plates: Collection[str]) -> dict[str, Known]:
    """Whose vehicle has each plate: of several people somebody on a watch list, else the first by id."""
    if not plates:
        return {}
    query = (
        select(credentials.c.value, people.c.opaque, people.c.watch)
        .join(credentials, credentials.c.person_id == people.c.id)
        .where(credentials.c.kind == "plate", credentials.c.value.in_(plates), people.c.withdrawn_at.is_(None))
        .order_by(people.c.watch, people.c.id.desc())
    )
    return {row.value: Known(row.opaque, row.watch) for row in link.execute(query)}


def others_with(link: Connection, plate: str, person_id: str) -> Sequence[RowMapping]:
    """Who else has a plate: `id`, `name`, `group` and `watch`."""
    holds = people.c.withdrawn_at.is_(None) & (people.c.id != person_id)
    query = (
        select(people.c.id, people.c.name, people.c.group, people.c.watch)
        .join(credentials, credentials.c.person_id == people.c.id)
        .where(credentials.c.kind == "plate", credentials.c.value == plate, holds)
        .order_by(people.c.id)
    )
    return link.execute(query).mappings().all()


def by_opaque(link: Connection, ids: Iterable[str]) -> dict[str, RowMapping]:
    """The rows of people by opaque id, also of those who withdrew (without a name by then)."""
    wanted = set(ids)
    if not wanted:
        return {}
    rows = link.execute(select(people).where(people.c.opaque.in_(wanted))).mappings()
    return {row["opaque"]: row for row in rows}


def present(link: Connection, ids: Collection[str]) -> set[str]:
    """Who of these is enrolled."""
    listed, found = sorted(ids), set[str]()
    for start in range(0, len(listed), CHUNK):
        some = people.c.id.in_(listed[start : start + CHUNK])
        found.update(link.execute(select(people.c.id).where(some, people.c.withdrawn_at.is_(None))).scalars())
    return found


def face_is_on(link: Connection, person_id: str) -> bool:
    """Whether somebody's face may be looked for; also of who is not enrolled."""
    query = select(people.c.face).where(people.c.id == person_id, people.c.withdrawn_at.is_(None))
    return link.execute(query).scalar() is not False


def is_watched(link: Connection, person_id: str) -> bool:
    """Whether somebody is enrolled to be looked for."""
    query = select(people.c.watch).where(people.c.id == person_id, people.c.withdrawn_at.is_(None))
    return link.execute(query).scalar() is True


def template_count(link: Connection, person_id: str) -> int:
    """How many templates there are of somebody."""
    return int(link.execute(select(func.count()).where(templates.c.person_id == person_id)).scalar_one())


def enrolled(link: Connection) -> Sequence[RowMapping]:
    """Everybody enrolled, by id: `people`'s columns, the number of `templates`, the latest `ground` and its `until`."""
    faces = select(func.count()).where(templates.c.person_id == people.c.id).scalar_subquery()
    keeping = consents.c.purpose.in_(KEEPING) & consents.c.withdrawn_at.is_(None)
    each = select(func.max(consents.c.id).label("id")).where(keeping).group_by(consents.c.person_id).subquery()
    query = (
        select(people, faces.label("templates"), consents.c.ground, consents.c.until)
        .join(consents, consents.c.person_id == people.c.id)
        .join(each, each.c.id == consents.c.id)
        .where(people.c.withdrawn_at.is_(None))
        .order_by(people.c.id)
    )
    return link.execute(query).mappings().all()
