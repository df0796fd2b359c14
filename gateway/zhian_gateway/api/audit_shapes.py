"""The record as auditors get it."""

from __future__ import annotations

from typing import Literal

from .shapes import Shape

Kind = Literal["look", "refused", "case", "person", "visitor", "watch_list", "police", "access", "data"]


class PictureOf(Shape):
    """What a picture is of.

    `kind` is that of the passage, or of the case where `case` is its number; "": neither is kept. `person`: whose
    passage or case it was, by their id; the face in the picture need not be theirs. `place`: camera or lane, else the
    node. `at`: when that was, else when the picture came.
    """

    case: str | None
    kind: str
    person: str | None
    plate: str | None
    place: str
    at: str


class Entry(Shape):
    """Who did, saw or was refused what. `action` is a code, `subject` what it was about, `detail` in English.

    `picture`: what it is of, where the subject is a picture's sha256; null: it is none, or nobody knows any more.
    """

    id: str
    at: str
    who: str
    action: str
    subject: str
    detail: str
    picture: PictureOf | None = None


class Entries(Shape):
    """A page of them."""

    items: list[Entry]
    next: str | None


class RecordState(Shape):
    """`fault`: the first entry that does not fit the one before; null: the chain is whole.

    `rewritten`: what the anchor outside the database says against it, in English. `vouched_through`: the last entry
    that the anchor vouches for; null: none yet.
    """

    fault: int | None
    rewritten: list[str]
    vouched_through: int | None
    count: int
    checked_at: str


class LedgerLine(Shape):
    """One node's local day.

    Attributes:
        decided: numbers given out; stored: events kept; holes: decided, later ones came, these did not.
        waiting: decided by the node's own word, and not here yet.
        reused: decided, and not here when a restored card used their numbers again: they may be gone.
        repeated: copies; conflicts, foreign, unreadable, turned_away: refused, and why.
        said: when the node last said something new of that day; "": never.
    """

    node: str
    day: str
    decided: int
    stored: int
    holes: int
    waiting: int
    reused: int
    repeated: int
    conflicts: int
    foreign: int
    unreadable: int
    turned_away: int
    said: str


class Ledger(Shape):
    """Whether all that nodes decided is stored; `items`: the latest days, the sums are of all."""

    decided: int
    stored: int
    missing: int
    items: list[LedgerLine]
