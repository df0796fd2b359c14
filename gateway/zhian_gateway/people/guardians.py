"""Guardians: where they are told of their child, and of what."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import Connection, Row, RowMapping, case, delete, select, update

from ..notices.rows import WAITING
from ..store.tables import carer_children, guardians, notices
from .files import Guardian

#: What a guardian with a phone says there.
OWN_WISHES: Final = frozenset({"language", "quiet"})


class Change(NamedTuple):
    """What became of a guardian, for the audit, which keeps neither name nor address: it outlives an erasure."""

    action: Literal["guardian.add", "guardian.address", "guardian.remove"]
    detail: str


def write(link: Connection, person_id: str, listed: Sequence[Guardian]) -> list[Change]:
    """The guardians are those listed; who was one before keeps what is on its way to them.

    Whose name stays and whose address alone is another is the same guardian: their phone stays bound.
    """
    wanted = {guardian.address: guardian for guardian in listed}
    rows = _rows(link, person_id)
    own = set(link.execute(select(carer_children.c.guardian_id)).scalars()) if rows else set()
    moved, gone = _parted(rows, wanted)
    changes = [Change("guardian.address", _named(row.id, own)) for row in rows if row.id in moved]
    for number, address in moved.items():
        link.execute(update(guardians).where(guardians.c.id == number).values(address=address))
    changes += [Change("guardian.remove", _named(row.id, own)) for row in gone]
    forget(link, [row.id for row in gone])
    known = {row.address: row.id for row in rows if row.address in wanted} | {moved[each]: each for each in moved}
    for address, guardian in wanted.items():
        values = _columns(guardian)
        if known.get(address) in own:
            # Said on their own phone: a table of the office does not undo it.
            values = {name: value for name, value in values.items() if name not in OWN_WISHES}
        if address in known:
            link.execute(update(guardians).where(guardians.c.id == known[address]).values(values))
        else:
            number = add(link, person_id, guardian)
            # Of somebody new the enrolment itself is on the record.
            changes += [Change("guardian.add", _named(number))] if rows else []
    return changes


def removed(link: Connection, person_id: str, listed: Sequence[Guardian]) -> list[str]:
    """The names of those whom `write` would remove."""
    _, gone = _parted(_rows(link, person_id), {guardian.address: guardian for guardian in listed})
    return [row.name for row in gone]


def _rows(link: Connection, person_id: str) -> Sequence[Row[Any]]:
    return link.execute(select(guardians).where(guardians.c.person_id == person_id).order_by(guardians.c.id)).all()


def _parted(rows: Sequence[Row[Any]], wanted: Mapping[str, Guardian]) -> tuple[dict[int, str], list[Row[Any]]]:
    """Whose address alone is another one, and who is listed no more."""
    away = [row for row in rows if row.address not in wanted]
    moved = _moved(away, wanted, {row.address for row in rows})
    return moved, [row for row in away if row.id not in moved]


def _moved(gone: Sequence[Row[Any]], wanted: Mapping[str, Guardian], had: Collection[str]) -> dict[int, str]:
    """The new address of each guardian whose name, and nobody else's, is listed with another one."""
    names = Counter(row.name for row in gone)
    fresh = [one for address, one in wanted.items() if address not in had]
    again = Counter(one.name for one in fresh)
    return {
        row.id: one.address
        for row in gone
        for one in fresh
        if row.name == one.name and names[row.name] == 1 and again[one.name] == 1
    }


def _named(number: int, bound: Collection[int] = ()) -> str:
    return f"guardian {number}{', whose phone is bound' if number in bound else ''}"


def add(link: Connection, person_id: str, guardian: Guardian) -> int:
    """One guardian more; their number."""
    values = _columns(guardian) | {"person_id": person_id, "address": guardian.address}
    return int(link.execute(guardians.insert().values(values).returning(guardians.c.id)).scalar_one())


def place_first(link: Connection, ids: Sequence[int], front: Sequence[str]) -> None:
    """Tell these guardians by `front` before their listed addresses; what waits for them stays at its own channel."""
    for row in link.execute(select(guardians.c.id, guardians.c.front).where(guardians.c.id.in_(ids))).all():
        moved = len(front) - len(json.loads(row.front))
        link.execute(update(guardians).where(guardians.c.id == row.id).values(front=json.dumps(list(front))))
        theirs = (notices.c.guardian_id == row.id) & notices.c.state.in_(WAITING)
        place = case((notices.c.place + moved > 0, notices.c.place + moved), else_=0)
        link.execute(update(notices).where(theirs).values(place=place, places=notices.c.places + moved))


def forget(link: Connection, ids: Sequence[int]) -> None:
    """These are guardians no more; what waits for them is not sent."""
    link.execute(delete(notices).where(notices.c.guardian_id.in_(ids), notices.c.state.in_(WAITING)))
    link.execute(delete(guardians).where(guardians.c.id.in_(ids)))


def forget_all(link: Connection, person_id: str) -> None:
    """Nobody is that person's guardian any more."""
    forget(link, list(link.execute(select(guardians.c.id).where(guardians.c.person_id == person_id)).scalars()))


def addresses(row: Row[Any] | RowMapping) -> tuple[str, ...]:
    """Where a guardian is told, in order: on their own phone, if there is one, and where the school has listed."""
    values = row if isinstance(row, RowMapping) else row._mapping
    return (*json.loads(values["front"] or "[]"), values["address"], *json.loads(values["further"] or "[]"))


def _columns(guardian: Guardian) -> dict[str, Any]:
    name = guardian.name or guardian.address.split("://", 1)[1].split("/", 1)[0].split("@")[-1]
    happenings = None if guardian.happenings is None else json.dumps(guardian.happenings)
    return {
        "name": name,
        "language": guardian.language,
        "further": json.dumps(guardian.further),
        "happenings": happenings,
        "quiet": json.dumps(guardian.quiet),
    }
