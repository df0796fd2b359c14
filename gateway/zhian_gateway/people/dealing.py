"""Whether everybody of an import can have the cards that it says: looked over as a whole, before anybody is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import Connection
from zhian_wire.cards import Holders

from ..errors import PeopleError
from . import details, lookup
from .enrolment import Complaint
from .files import PersonFile
from .held import Held
from .turns import in_turn


class Gift(NamedTuple):
    """A card that its holder gives up, and that somebody else of the import cannot get before that; `why` it ends."""

    giver: str
    card: str
    why: str


@dataclass(frozen=True)
class Deal:
    """What comes of the cards of an import.

    Attributes:
        refused: why somebody cannot have what it says, by person.
        gifts: what others of the import have to give up before somebody can get theirs, by who gets it.
        turns: who of those enrolled gets cards by somebody's gift or gives any up, with whom at once, in an order in
            which nobody gives the last one up before they got theirs.
        about: what the import says of these.
        shared: which cards somebody keeps that somebody else has as well, so that gates refuse both, by person.
    """

    refused: Mapping[str, str] = field(default_factory=dict)
    gifts: Mapping[str, tuple[Gift, ...]] = field(default_factory=dict)
    turns: tuple[tuple[str, ...], ...] = ()
    about: Mapping[str, PersonFile] = field(default_factory=dict)
    shared: Mapping[str, tuple[Complaint, ...]] = field(default_factory=dict)


class Dealer:
    """Gives out cards in thought: two of an import can swap theirs, and no two get the same one."""

    def __init__(self, link: Connection) -> None:
        self._held = Held(link)
        self._link = link
        self._wanted: dict[str, details.CardChanges] = {}
        self._before: dict[str, frozenset[str]] = {}
        self._about: dict[str, PersonFile] = {}
        self._refused: dict[str, str] = {}

    def deal(self, listed: Iterable[tuple[str, PersonFile]]) -> Deal:
        """`listed`: each person once, and what the import says of them."""
        for person, about in listed:
            if about.cards is not None:
                self._wanted[person] = details.card_changes(self._link, person, about)
                self._before[person] = self._held.of(person)
                self._about[person] = about
        # What they will not have any more is free for the others.
        for person, changes in self._wanted.items():
            self._held.put(person, changes.kept)
        accepted: set[str] = set()
        for person in self._wanted:
            self._settle(person, accepted)
        shared = {each: both for each in accepted if (both := self._shared(each))}
        gifts = self._gifts(accepted)
        turns = self._turns(gifts)
        said = {each: self._about[each] for turn in turns for each in turn}
        return Deal(self._refused, gifts, tuple(turns), said, shared)

    def _settle(self, person: str, accepted: set[str]) -> None:
        """Accept somebody, or refuse them and whoever was to get what they keep by that."""
        open_ones = [person]
        while open_ones:
            one = open_ones.pop()
            if one in self._refused:
                continue
            try:
                self._check(one, accepted)
            except PeopleError as error:
                accepted.discard(one)
                self._refused[one] = str(error)
                open_ones += sorted(self._keeps(one) & accepted)
            else:
                accepted.add(one)
                self._held.put(one, self._wanted[one].after)

    def _check(self, person: str, accepted: Collection[str]) -> None:
        """PeopleError where they cannot have what they are to get."""
        for card in sorted(self._wanted[person].issued):
            for other in sorted(self._held.rivals(person, card).intersection(accepted)):
                raise PeopleError(f"card {card} is {other}'s by this import")
        self._held.check(person, self._wanted[person].issued)

    def _keeps(self, person: str) -> set[str]:
        """They have what they had; who was to get any of it."""
        self._held.put(person, self._before[person])
        stays = self._before[person] - self._wanted[person].kept
        return {each for card in stays for each in self._held.rivals(person, card)}

    def _shared(self, person: str) -> tuple[Complaint, ...]:
        pairs = [(card, self._held.rivals(person, card)) for card in sorted(self._wanted[person].kept)]
        return tuple(
            Complaint("card_shared", f"card {card} is {min(others)}'s too: gates refuse both")
            for card, others in pairs
            if others
        )

    def _gifts(self, accepted: Collection[str]) -> dict[str, tuple[Gift, ...]]:
        found: dict[str, list[Gift]] = defaultdict(list)
        for giver in sorted(accepted):
            wanted = self._wanted[giver]
            for card in sorted((wanted.dropped | wanted.lost) & self._before[giver]):
                gift = Gift(giver, card, details.LISTED if card in wanted.lost else details.REPLACED)
                for getter in sorted(self._held.rivals(giver, card).intersection(accepted)):
                    # Who has such a card already needs nobody to give it up.
                    if Holders([(getter, self._wanted[getter].issued)]).claimants(card):
                        found[getter].append(gift)
        return {getter: tuple(gifts) for getter, gifts in found.items()}

    def _turns(self, gifts: Mapping[str, Collection[Gift]]) -> list[tuple[str, ...]]:
        givers = {gift.giver for each in gifts.values() for gift in each}
        served = {each for each in givers | gifts.keys() if self._wanted[each].issued}
        # Who is new has nothing to lose until their row is taken.
        served &= lookup.present(self._link, served)
        return in_turn({each: {gift.giver for gift in gifts.get(each, ())} & served for each in served})
