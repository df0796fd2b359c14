"""A guard's word for somebody beside their own card and their way over the line: one wish to pass, in whatever order
they come.

A card that is read while a word for its owner stands is answered by itself, as any card, and told with the word.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from zhian_wire.events import EventData, Passage
from zhian_wire.evidence import Direction

from zhian_edge.signals import ManualPassage

from .claims import Claim
from .unit import Unit


def join(card: Claim, claims: Iterable[Claim], *, went: bool) -> Claim | None:
    """Put a card that was just read to the word for its owner, and return that one.

    `went`: they are over the line already; then a second card is of somebody to whom it was handed.
    """
    words = (claim for claim in claims if claim.worded and not claim.reads and claim.at == card.at)
    word = next((claim for claim in words if not (went and claim.shown)), None)
    if word is not None:
        word.shown.append(card)
    return word


def part(card: Claim, claims: Iterable[Claim]) -> None:
    """A card is asked with anew: it is no part of any word any more."""
    for claim in claims:
        claim.shown = [each for each in claim.shown if each is not card]


def leading(claims: Sequence[Claim]) -> list[Claim]:
    """Each wish once: a word stands for the cards that were put to it."""
    joined = {id(card) for claim in claims for card in claim.shown}
    return [claim for claim in claims if id(claim) not in joined]


def whole(units: Sequence[Unit]) -> list[Unit]:
    """Units of leading claims, with what these stand for."""
    for unit in units:
        unit.claims = [each for claim in unit.claims for each in (claim, *claim.shown)]
    return list(units)


class JustWent:
    """Whose passage was told a moment ago: a guard who lets them pass only then speaks of the same one."""

    def __init__(self, window_ms: int) -> None:
        self._window_ms = window_ms
        self._told: dict[str, tuple[Direction, int]] = {}

    def told(self, events: Iterable[EventData], at_ms: int) -> None:
        """What was told of who went at that moment."""
        for each in events:
            if isinstance(each, Passage) and each.person_id is not None and each.direction != "none":
                self._told[each.person_id] = each.direction, at_ms

    def means(self, word: ManualPassage) -> bool:
        """Whether a word is of a passage that was told."""
        way, at_ms = self._told.get(word.person_id or "", ("none", 0))
        return way == word.direction and abs(word.at_ms - at_ms) <= self._window_ms

    def forget(self, now_ms: int) -> None:
        """Drop what no word can be of any more."""
        self._told = {who: told for who, told in self._told.items() if now_ms - told[1] <= 2 * self._window_ms}
