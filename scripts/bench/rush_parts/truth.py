"""The truth of a rush as it is written down before the node hears of anything: visits, and what the signals tell."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final

import msgspec
from msgspec.structs import replace

from .crowd import Crowd, Visit
from .profile import Policy, Profile
from .senses import Told

#: A body so long after the crossing of one whom no camera saw may be that one's.
HIDES_S: Final = 1.0
#: A card waits so long for its owner's face (`confirm_s` of a lane).
CONFIRM_S: Final = 4.0
#: Two who may be taken for each other are over the line within this time.
NEAR_S: Final = 3.0


class Truth(msgspec.Struct, frozen=True, kw_only=True):
    """One visit, and which evidence of it there is.

    Attributes:
        person: who it was; None: a stranger. cards: whose cards were presented.
        crossings: when (seconds) and which way the line was crossed.
        card_s, named_s: when the first read, the first right name, reached the node.
        expected: who the node should say that it was, where the evidence tells; None: it does not.
        shown: the evidence shows what is wrong about the visit (a borrowed card, a tailgater), so it must be raised.
        unseen: the line was crossed, and no device told of it: a card in it, if any, is a card without a person.
        reversed: hands reached the reader in another order than their owners the line, of two whose faces say nothing:
            nothing shows whose card is whose.
        called: whose name the camera gave them, wrongly.
        opens: how often the lane's policy lets somebody in by what was read; `complete_s`: when the first of it reached
            the node, None: never.
        bare: nothing was read by which the lane lets in: whoever lets nobody in unasked must take it for a tailgater.
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
    unseen: bool
    reversed: bool
    called: str | None
    opens: int
    complete_s: float | None
    bare: bool
    unclear: bool
    pieces: tuple[str, ...]

    @property
    def readable(self) -> bool:
        """Either factor was read, and the line was crossed, so that it can be told who did."""
        return self.expected is not None and bool(self.crossings) and not self.unseen and not self.reversed


def truth_of(crowd: Crowd, told: Mapping[int, Told], profile: Profile) -> list[Truth]:
    """The truth about every visit, from the people and the signals about them alone."""
    faceless = {pupil.id for pupil in crowd.pupils if pupil.face == "not_enrolled"}
    truths = [
        _truth(visit, told[visit.number], _Entitled(profile.policy(visit.lane), told[visit.number], faceless))
        for visit in crowd.visits
    ]
    return _reversed(_hiding(truths), told)


def write(truths: list[Truth], path: Path) -> None:
    """One JSON file."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(truths), indent=1))


def read(path: Path) -> list[Truth]:
    """What `write` wrote."""
    return msgspec.json.decode(path.read_bytes(), type=list[Truth])


class _Entitled:
    """What a lane's policy makes of the evidence of one visit."""

    def __init__(self, policy: Policy, told: Told, faceless: Collection[str]) -> None:
        cards, face = told.cards, told.called
        known = told.same if face is None or told.called_s is None else {face: told.called_s, **told.same}
        confirmed = {
            owner: max(at_s, known[owner])
            for owner, at_s in cards.items()
            if owner in known and known[owner] - at_s <= CONFIRM_S
        }
        without = {owner: at_s for owner, at_s in cards.items() if owner in faceless}
        self.by_card = confirmed | without if policy == "card_and_face" else cards
        named_s = told.called_s if policy == "any_of" else None
        self.opens = len(self.by_card) + (named_s is not None and face not in cards)
        moments = [*self.by_card.values(), *([] if named_s is None else [named_s])]
        self.complete_s = min(moments, default=None)


def _truth(visit: Visit, told: Told, entitled: _Entitled) -> Truth:
    person = visit.person.id if visit.person else None
    named = told.named_s is not None
    wrong = told.called is not None and told.called != person
    expected = person if named or person in told.cards else next(iter(told.cards), None)
    if expected != person and told.other:
        expected = None  # it is plain who it is not, and nothing tells who it is
    return Truth(
        visit=visit.number,
        kind=visit.kind,
        lane=visit.lane,
        at_s=visit.at_s,
        person=person,
        cards=tuple(owner.id for owner in visit.cards),
        crossings=tuple((visit.at_s + after, way) for after, way in visit.ways),
        card_s=told.card_s,
        named_s=told.named_s,
        expected=None if wrong else expected,
        shown=_shown(visit, told, named=named, wrong=wrong, second=len(entitled.by_card) == 2),
        unseen=bool(visit.ways) and not told.crossed,
        reversed=False,
        called=told.called if wrong else None,
        opens=entitled.opens,
        complete_s=entitled.complete_s,
        bare=bool(visit.ways) and not entitled.opens,
        unclear=not told.seen or wrong or (bool(visit.ways) and not told.crossed),
        pieces=tuple(told.pieces),
    )


def _shown(visit: Visit, told: Told, *, named: bool, wrong: bool, second: bool) -> bool:
    """`second`: two cards were let in; one that is refused for want of its owner's face has done no harm."""
    if visit.kind == "borrowed":
        return told.card_s is not None and (named or told.other) and not wrong
    if visit.kind == "two_cards":
        return second
    return visit.kind == "tailgater" and bool(told.crossed) and not wrong


def _hiding(truths: list[Truth]) -> list[Truth]:
    """Close behind a card whose bearer no camera saw, a tailgater is who presented it, as far as anything shows."""
    hidden = [truth for truth in truths if truth.unseen and truth.card_s is not None]
    return [
        replace(truth, shown=False)
        if truth.kind == "tailgater"
        and any(other.lane == truth.lane and 0 <= truth.at_s - other.at_s <= HIDES_S for other in hidden)
        else truth
        for truth in truths
    ]


def _reversed(truths: list[Truth], told: Mapping[int, Told]) -> list[Truth]:
    """Two behind each other by nothing but a card, whose hands came in the other order."""
    mute = [
        truth
        for truth in truths
        if truth.crossings and truth.card_s is not None and not told[truth.visit].speaks and not truth.unseen
    ]
    both = {
        one.visit
        for first, second in itertools.permutations(mute, 2)
        if first.lane == second.lane
        and 0 < second.at_s - first.at_s <= NEAR_S
        and (first.card_s or 0.0) > (second.card_s or 0.0)
        for one in (first, second)
    }
    return [replace(truth, reversed=True) if truth.visit in both else truth for truth in truths]
