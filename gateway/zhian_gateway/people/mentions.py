"""Where somebody is named: the opaque ids that nodes knew them by, and the events that hold one, or their card."""

from __future__ import annotations

import hmac
from collections.abc import Collection, Iterator, Sequence
from typing import Final, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Connection, FromClause, delete, or_, select, union

from ..errors import NotFound
from ..store import Store, counters, tables
from ..store.tables import (
    alert_repeats,
    alerts,
    collectors,
    credentials,
    deletions,
    events,
    leave_slips,
    passages,
    people,
)

AT_ONCE: Final = 500
#: The kind of credential that is only a digest of a card or plate of whoever withdrew: it finds their events again.
FORMER: Final = "former"
#: Bytes of the longest card or plate, and some: nothing longer can have one's digest.
LONGEST: Final = 64


class Named(NamedTuple):
    """Somebody, by all that events may call them."""

    person_id: str
    opaque: tuple[str, ...]
    tokens: tuple[str, ...]
    plates: tuple[str, ...] = ()
    """Theirs alone: what a plate shows that somebody else has too is not one person's."""
    former: frozenset[str] = frozenset()
    """Digests of the cards and plates that they had before they withdrew."""


class Mention(NamedTuple):
    """An event that names somebody, with its exact bytes."""

    row: int
    event: str
    body: bytes

    @property
    def told(self) -> Told | None:
        """What it says of whom; None: it is of a kind that does so in another way."""
        try:
            return _told.decode(self.body)
        except msgspec.DecodeError:
            return None


class _Piece(msgspec.Struct, frozen=True):
    person_id: str | None = None
    picture: str | None = None


class _Data(msgspec.Struct, frozen=True):
    person_id: str | None = None
    evidence: tuple[_Piece, ...] = ()


class Told(msgspec.Struct, frozen=True):
    """Of any event, whatever its kind: whose it is, and what of whom it shows."""

    node: str
    time: str
    data: _Data

    @property
    def crops(self) -> tuple[tuple[str | None, str], ...]:
        """Each with the opaque id of whom it was named as."""
        return tuple((piece.person_id, piece.picture) for piece in self.data.evidence if piece.picture)


_told: Final = msgspec.json.Decoder(Told)


def names_of(link: Connection, person_id: str) -> Named:
    """What somebody is called; NotFound."""
    now = link.execute(select(people.c.opaque).where(people.c.id == person_id)).scalar()
    if now is None:
        raise NotFound(f"nobody is or was enrolled as {person_id!r}")
    before = link.execute(select(deletions.c.opaque).where(deletions.c.person_id == person_id)).scalars()
    opaque = tuple(sorted({now, *before}))
    theirs = select(credentials.c.value).where(credentials.c.person_id == person_id)
    held = link.execute(theirs.where(credentials.c.kind != FORMER)).scalars().all()
    former = frozenset(link.execute(theirs.where(credentials.c.kind == FORMER)).scalars())
    mine = (credentials.c.kind == "plate") & (credentials.c.person_id == person_id)
    others = select(credentials.c.value).where(credentials.c.kind == "plate", credentials.c.person_id != person_id)
    plates = set(link.execute(select(credentials.c.value).where(mine, credentials.c.value.not_in(others))).scalars())
    if former:
        plates |= _former_plates(link, former) - set(link.execute(others).scalars())
    return Named(person_id, opaque, (*opaque, *sorted(held)), tuple(sorted(plates)), former)


def remember(link: Connection, person_id: str) -> None:
    """Let digests stand for the cards and plates of somebody who withdraws."""
    theirs = credentials.c.person_id == person_id
    rows = link.execute(select(credentials.c.kind, credentials.c.value).where(theirs)).all()
    key = _key(link)
    digests = {row.value if row.kind == FORMER else _digest(key, row.value.encode()) for row in rows}
    link.execute(delete(credentials).where(theirs))
    if digests:
        found = [{"person_id": person_id, "kind": FORMER, "value": each} for each in sorted(digests)]
        link.execute(credentials.insert(), found)


def _former_plates(link: Connection, former: Collection[str]) -> set[str]:
    key = _key(link)
    seen = [select(table.c.plate).where(table.c.plate.is_not(None)) for table in (passages, alerts, alert_repeats)]
    listed = select(collectors.c.value).where(collectors.c.kind == "plate")
    slips = select(leave_slips.c.collector).where(leave_slips.c.collected == "plate")
    return {
        plate for plate in link.execute(union(*seen, listed, slips)).scalars() if _digest(key, plate.encode()) in former
    }


def _key(link: Connection) -> bytes:
    return bytes.fromhex(link.execute(select(tables.store.c.key)).scalar_one())


def _digest(key: bytes, value: bytes) -> str:
    # Keyed by the store: without it nobody can try all cards.
    return hmac.digest(key, value, "sha256").hex()


def about(table: FromClause, named: Named) -> ColumnElement[bool]:
    """Which rows are about them: by their opaque id, or by a plate of theirs where nobody is named."""
    by_plate = table.c.person.is_(None) & table.c.plate.in_(named.plates)
    return or_(table.c.person.in_(named.opaque), by_plate)


def mentions(store: Store, tokens: Collection[str], former: Collection[str] = ()) -> Iterator[list[Mention]]:
    """The events that name one of these (`former`: or what has such a digest), in batches.

    As far as their bytes are there and the rules have seen them.
    """
    after = 0
    while looked := look(store, after, tokens, former):
        after = looked.last
        yield looked.found


class Look(NamedTuple):
    """What one look at some events found, and the number of the last one that was looked at."""

    found: list[Mention]
    last: int


def look(store: Store, after: int, tokens: Collection[str], former: Collection[str] = ()) -> Look | None:
    """Look at the next `AT_ONCE` events, as `mentions`; None: there are none."""
    with store.read() as link:
        query = select(events).where(events.c.digest.is_(None), events.c.id > after)
        query = query.where(events.c.id <= counters.current(link, "followed")).order_by(events.c.id)
        rows = link.execute(query.limit(AT_ONCE)).all()
    if not rows:
        return None
    said = [_said(row.body) for row in rows]
    wanted = {token.encode() for token in tokens} | _with_digest(store.key, said, former)
    found = [
        Mention(row.id, f"{row.node}/{row.epoch}/{row.seq}", row.body)
        for row, words in zip(rows, said, strict=True)
        if not wanted.isdisjoint(words)
    ]
    return Look(found, rows[-1].id)


def _said(body: bytes) -> list[bytes]:
    """Whatever stands between one quote and the next: every string of an event, and what stands between two.

    A token, which has no quote in it, is among them wherever it stands in quotes, whatever stands before it; and to
    look for thousands of tokens takes no longer than for one.
    """
    return body.split(b'"')


def _with_digest(key: bytes, said: Sequence[Sequence[bytes]], former: Collection[str]) -> set[bytes]:
    """The words that have one of these digests; each is tried once, in however many events it stands."""
    if not former:
        return set()
    words = {word for words in said for word in words if len(word) <= LONGEST}
    return {word for word in words if has_digest(key, word, former)}


def has_digest(key: bytes, word: bytes, former: Collection[str]) -> bool:
    """Whether a word is one of the cards and plates that these digests stand for."""
    return _digest(key, word) in former
