"""The truth of a rush as it is written down before the node hears of anything: visits, and what the signals tell."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from .crowd import Crowd, Visit
from .senses import Told


class Truth(msgspec.Struct, frozen=True, kw_only=True):
    """One visit, and which evidence of it there is.

    Attributes:
        person: who it was; None: a stranger. cards: whose cards were presented.
        crossings: when (seconds) and which way the line was crossed.
        card_s, named_s: when the first read, the first right name, reached the node.
        expected: who the node should say that it was, where the evidence tells; None: it does not.
        shown: the evidence shows what is wrong about the visit (a borrowed card, a tailgater), so it must be raised.
        bare: neither card nor face could be read: whoever lets nobody in unasked must take it for a tailgater.
        unclear: nothing of body or face was told, or a wrong name: no alert about it is false, none is demanded.
        pieces: the names of its pieces of evidence (`senses.piece`).
    """

    visit: int
    kind: str
    lane: int
    at_s: float
    person: str | None
    cards: tuple[str, ...]
    crossings: tuple[tuple[float, str], ...]
    card_s: float | None
    named_s: float | None
    expected: str | None
    shown: bool
    bare: bool
    unclear: bool
    pieces: tuple[str, ...]

    @property
    def readable(self) -> bool:
        """Either factor was read, and the line was crossed."""
        return self.expected is not None and bool(self.crossings)


def truth_of(crowd: Crowd, told: Mapping[int, Told]) -> list[Truth]:
    """The truth about every visit."""
    return [_truth(visit, told[visit.number]) for visit in crowd.visits]


def write(truths: list[Truth], path: Path) -> None:
    """One JSON file."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(truths), indent=1))


def read(path: Path) -> list[Truth]:
    """What `write` wrote."""
    return msgspec.json.decode(path.read_bytes(), type=list[Truth])


def _truth(visit: Visit, told: Told) -> Truth:
    person = visit.person.id if visit.person else None
    cards = tuple(owner.id for owner in visit.cards)
    read = {piece.split("/")[3] for piece in told.pieces if piece.startswith("card/")}
    whose = [owner.id for owner in visit.cards if owner.card in read]
    named = told.named_s is not None
    wrong = told.called is not None and told.called != person
    expected = person if named or person in whose else whose[0] if whose else None
    if expected != person and told.other:
        expected = None  # it is plain who it is not, and nothing tells who it is
    return Truth(
        visit=visit.number,
        kind=visit.kind,
        lane=visit.lane,
        at_s=visit.at_s,
        person=person,
        cards=cards,
        crossings=tuple((visit.at_s + after, way) for after, way in visit.ways),
        card_s=told.card_s,
        named_s=told.named_s,
        expected=None if wrong else expected,
        shown=_shown(visit, told, named=named, wrong=wrong),
        bare=not read and not named and bool(visit.ways),
        unclear=not told.seen or wrong or (bool(visit.ways) and not told.crossed),
        pieces=tuple(told.pieces),
    )


def _shown(visit: Visit, told: Told, *, named: bool, wrong: bool) -> bool:
    if visit.kind == "borrowed":
        return told.card_s is not None and (named or told.other) and not wrong
    if visit.kind == "two_cards":
        return len({piece.split("/")[3] for piece in told.pieces if piece.startswith("card/")}) == 2
    return visit.kind == "tailgater" and bool(told.crossed) and not wrong
