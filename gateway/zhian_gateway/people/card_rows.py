"""Cards of many people at once: who deals them out anew keeps nobody waiting for each of a thousand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from sqlalchemy import Connection, RowMapping, bindparam, select, update

from ..store.tables import credentials

#: Most values in one `IN`.
CHUNK: Final = 500
_THIS: Final = update(credentials).where(
    credentials.c.person_id == bindparam("whose"),
    credentials.c.kind == "card",
    credentials.c.value == bindparam("which"),
)


def cards_of(link: Connection, persons: Collection[str]) -> dict[str, list[RowMapping]]:
    """All cards that are or were theirs, by person; whoever never had one is there too."""
    listed = sorted(persons)
    found: dict[str, list[RowMapping]] = {person: [] for person in listed}
    for start in range(0, len(listed), CHUNK):
        some = credentials.c.person_id.in_(listed[start : start + CHUNK])
        for row in link.execute(select(credentials).where(some, credentials.c.kind == "card")).mappings():
            found[row["person_id"]].append(row)
    return found


def end(link: Connection, ended: Iterable[tuple[str, str, str]], *, now: str) -> None:
    """These hold no more: whose, which and why."""
    rows = [{"whose": whose, "which": card, "reason": why} for whose, card, why in ended]
    if rows:
        link.execute(_THIS.values(withdrawn_at=now, reason=bindparam("reason")), rows)


def issue(
    link: Connection, given: Mapping[str, Collection[str]], had: Mapping[str, Iterable[RowMapping]], *, now: str
) -> None:
    """These are theirs from now on, by person; nobody may have them. `had`: all cards that are or were theirs."""
    values: dict[str, str | None] = {"issued_at": now, "withdrawn_at": None, "reason": ""}
    before = {(person, row["value"]) for person, rows in had.items() for row in rows}
    listed = [(person, card) for person, cards in given.items() for card in sorted(cards)]
    if back := [{"whose": person, "which": card} for person, card in listed if (person, card) in before]:
        link.execute(_THIS.values(values), back)
    fresh = [(person, card) for person, card in listed if (person, card) not in before]
    if fresh:
        rows = [{**values, "person_id": person, "kind": "card", "value": card} for person, card in fresh]
        link.execute(credentials.insert(), rows)
