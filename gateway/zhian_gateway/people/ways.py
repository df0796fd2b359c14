"""By what each person comes in: face, card, plate, or a guard's hand; and how many faces the site keeps.

Whoever agreed to no face recognition must have another way (the face measures in force since June 2025), so somebody
without any is a fault of the site's. The same measures have 100,000 people's faces filed with the province's cyberspace
office within 30 working days: the count says when that comes near.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import Connection, RowMapping, Select, distinct, func, select

from ..store.tables import credentials, people, templates
from . import consents

Way = Literal["face", "card", "plate", "hand"]
#: From so many people's faces on, filing is due within 30 working days.
FILING: Final = 100_000
#: Of so few people a look by person is faster than one over all.
FEW: Final = 60
#: Where somebody should begin to prepare it.
WARNING: Final = FILING * 8 // 10


@dataclass(frozen=True)
class Faces:
    """How many people's faces are kept as templates."""

    count: int

    @property
    def verdict(self) -> Literal["ok", "near", "due"]:
        """near: prepare to file; due: file within 30 working days."""
        return "due" if self.count >= FILING else "near" if self.count >= WARNING else "ok"

    def __str__(self) -> str:
        """In a line."""
        whose = "the face of 1 person is" if self.count == 1 else f"faces of {self.count} people are"
        text = f"{whose} kept; from {FILING} on they are filed with the province"
        advice = {"ok": "", "near": ": prepare it", "due": ": file within 30 working days of reaching it"}
        return text + advice[self.verdict]


def faces(link: Connection) -> Faces:
    """The count of now."""
    return Faces(int(link.execute(select(func.count(distinct(templates.c.person_id)))).scalar_one()))


def ways(link: Connection, rows: Sequence[RowMapping], now: str) -> Mapping[str, tuple[Way, ...]]:
    """By person; `rows` are of `people`."""
    who = [row["id"] for row in rows] if len(rows) <= FEW else None
    agreed, held = consents.face_until(link, now, who), _credentials(link, who)
    shown = set(link.execute(_among(select(templates.c.person_id).distinct(), templates.c.person_id, who)).scalars())
    found: dict[str, tuple[Way, ...]] = {}
    for row in rows:
        by: list[Way] = []
        if row["face"] and row["id"] in agreed and row["id"] in shown:
            by.append("face")
        if row["id"] in held["card"]:
            by.append("card")
        if row["id"] in held["plate"]:
            by.append("plate")
        if row["by_hand"]:
            by.append("hand")
        found[row["id"]] = tuple(by)
    return found


def _among(query: Select[Any], person: Any, who: list[str] | None) -> Select[Any]:
    return query if who is None else query.where(person.in_(who))


def _credentials(link: Connection, who: list[str] | None) -> dict[str, set[str]]:
    """Who has one that holds, by kind."""
    held: dict[str, set[str]] = defaultdict(set)
    query = select(credentials.c.person_id, credentials.c.kind).where(credentials.c.withdrawn_at.is_(None))
    for row in link.execute(_among(query, credentials.c.person_id, who)):
        held[row.kind].add(row.person_id)
    return held


def stranded(link: Connection, now: str) -> list[str]:
    """Who (by id) is enrolled and has no way in at all; nobody of a watch list is to come in."""
    rows = link.execute(_EXPECTED.order_by(people.c.id)).mappings().all()
    found = ways(link, rows, now)
    return [row["id"] for row in rows if not found[row["id"]]]


def is_stranded(link: Connection, person_id: str, now: str) -> bool:
    """Whether somebody is enrolled and has no way in at all."""
    rows = link.execute(_EXPECTED.where(people.c.id == person_id)).mappings().all()
    return any(not ways(link, [row], now)[row["id"]] for row in rows)


_EXPECTED: Final = select(people).where(people.c.withdrawn_at.is_(None), people.c.watch.is_(False))
