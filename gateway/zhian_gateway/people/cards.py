"""Whose a card is, by the same rule that nodes decide by: leading zeros do not count, and readers may cut numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Final, Literal, NamedTuple

from sqlalchemy import Connection, select
from zhian_wire.cards import Holders

from ..errors import PeopleError
from ..store.tables import credentials, people

#: The digits that any two cards have in common of which a reader may take one for the other: the shortest cut's.
_COMMON: Final = 6


class Owner(NamedTuple):
    """Somebody who has a card, or had it: `withdrawn_at` and `reason` say since when and why it holds no more."""

    id: str
    name: str
    group: str
    withdrawn_at: str | None
    reason: str


class Whose(NamedTuple):
    """Whose a card is.

    `how`: as nodes tell it; `withdrawn` for one that was `owner`'s and is nobody's now.
    """

    how: Literal["whole", "cut", "ambiguous", "withdrawn", "unknown"]
    owner: Owner | None


def whose(link: Connection, card: str) -> Whose:
    """Whose `card` (in canonical form) is, or was."""
    rows = _rows(link)
    claim = _holders(row for row in rows if row.withdrawn_at is None).who(card)
    if claim.person is not None:
        return Whose(
            claim.how, _owner(next(row for row in rows if row.id == claim.person and row.withdrawn_at is None))
        )
    if claim.how == "ambiguous":
        return Whose("ambiguous", None)
    past = [row for row in rows if row.withdrawn_at is not None and _number(row.value) == _number(card)]
    if past:
        return Whose("withdrawn", _owner(max(past, key=lambda row: row.withdrawn_at or "")))
    return Whose("unknown", None)


def check_free(link: Connection, person_id: str, card: str) -> None:
    """Nobody else may have a card that is to be `person_id`'s, in whatever width a reader tells it.

    Raises:
        PeopleError: somebody else has it, or gates could not tell the two cards apart.
    """
    listed: dict[str, list[str]] = defaultdict(list)
    for owner, value in _alike(link, card):
        if owner != person_id:
            listed[owner].append(value)
    check_claim(Holders(listed.items()), card, listed)


def check_claim(others: Holders, card: str, listed: Mapping[str, Collection[str]]) -> None:
    """Among `others`, who have the cards that are `listed`, nobody has this one.

    Raises:
        PeopleError: somebody has it, or gates could not tell it apart.
    """
    claim = others.who(card)
    if claim.person is not None:
        theirs = ", ".join(sorted(listed[claim.person]))
        raise PeopleError(f"card {card} is {claim.person}'s ({theirs}): withdraw it there first")
    if claim.how == "ambiguous":
        raise PeopleError(f"card {card} could be several people's: readers that cut numbers tell them apart no more")


def _alike(link: Connection, card: str) -> list[tuple[str, str]]:
    """Who has which cards that any reader might take for this one: a few; `Holders` decides.

    The store looks through its index of values, so that nobody waits for a hundred thousand cards to be read.
    """
    ending = card.lstrip("0")[-_COMMON:]
    if not ending:
        return []
    query = select(credentials.c.person_id, credentials.c.value).where(
        credentials.c.kind == "card", credentials.c.withdrawn_at.is_(None), credentials.c.value.endswith(ending)
    )
    return [(row.person_id, row.value) for row in link.execute(query)]


class _Card(NamedTuple):
    """A card of somebody enrolled."""

    id: str
    name: str
    group: str
    value: str
    withdrawn_at: str | None
    reason: str


def _rows(link: Connection) -> list[_Card]:
    query = (
        select(
            *(people.c.id, people.c.name, people.c.group),
            *(credentials.c.value, credentials.c.withdrawn_at, credentials.c.reason),
        )
        .join(credentials, credentials.c.person_id == people.c.id)
        .where(credentials.c.kind == "card", people.c.withdrawn_at.is_(None))
    )
    return [_Card(*row) for row in link.execute(query)]


def _holders(rows: Iterable[_Card]) -> Holders:
    listed: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        listed[row.id].append(row.value)
    return Holders(listed.items())


def _owner(row: _Card) -> Owner:
    return Owner(row.id, row.name, row.group, row.withdrawn_at, row.reason)


def _number(card: str) -> str:
    return card.lstrip("0")
