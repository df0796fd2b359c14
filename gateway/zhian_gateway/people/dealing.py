"""Whether everybody of an import can have the cards that it says: looked over as a whole, before anybody is written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection

from ..errors import PeopleError
from . import details
from .enrolment import Complaint
from .files import PersonFile
from .held import Held


@dataclass(frozen=True)
class Deal:
    """What comes of the cards of an import.

    Attributes:
        refused: why somebody cannot have what it says, by person.
        moved: what somebody has to give up before somebody else of the import can get it, by person.
        shared: which cards somebody keeps that somebody else has as well, so that gates refuse both, by person.
    """

    refused: Mapping[str, str] = field(default_factory=dict)
    moved: Mapping[str, frozenset[str]] = field(default_factory=dict)
    shared: Mapping[str, tuple[Complaint, ...]] = field(default_factory=dict)


class Dealer:
    """Gives out cards in thought: two of an import can swap theirs, and no two get the same one."""

    def __init__(self, link: Connection) -> None:
        self._held = Held(link)
        self._link = link
        self._wanted: dict[str, details.CardChanges] = {}
        self._before: dict[str, frozenset[str]] = {}
        self._refused: dict[str, str] = {}

    def deal(self, listed: Iterable[tuple[str, PersonFile]]) -> Deal:
        """`listed`: each person once, and what the import says of them."""
        for person, about in listed:
            if about.cards is not None:
                self._wanted[person] = details.card_changes(self._link, person, about)
                self._before[person] = self._held.of(person)
        # What they will not have any more is free for the others.
        for person, changes in self._wanted.items():
            self._held.put(person, changes.kept)
        accepted: set[str] = set()
        for person in self._wanted:
            self._settle(person, accepted)
        moved = {each: cards for each in accepted if (cards := self._given_up(each))}
        return Deal(self._refused, moved, {each: said for each in accepted if (said := self._shared(each))})

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

    def _given_up(self, person: str) -> frozenset[str]:
        return frozenset(card for card in self._wanted[person].dropped if self._held.rivals(person, card))
