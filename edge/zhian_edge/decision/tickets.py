"""What was decided about whom at one lane: kept by person, card or plate until it is told what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from .claims import AGAIN_MS, PATIENCE_MS, Claim, Ticket
from .transaction import Subject
from .unit import Unit

#: Somebody who was answered, or told of, is known for so long, in case they come back.
KNOWN_MS: Final = 60_000


def keys(unit: Unit) -> list[str]:
    """By which what was decided about somebody is kept."""
    return [*(claim.key for claim in unit.claims), *(s.person_id or s.plate or "" for s in unit.subjects)]


def same_wish(known: Ticket, subject: Subject, at_ms: int) -> bool:
    """Whether whoever is seen has been answered: until they are lost from sight and come again after a while."""
    return subject == known.subject or at_ms - known.asked_ms <= PATIENCE_MS


class Tickets:
    """The last ticket of each key. `claims`: those of the lane about which not everything is told."""

    def __init__(self) -> None:
        self._kept: dict[str, Ticket] = {}

    def keep(self, key: str, ticket: Ticket) -> None:
        """This is the last that was decided about `key`."""
        self._kept[key] = ticket

    def get(self, key: str) -> Ticket | None:
        return self._kept.get(key)

    def decided(self, transaction: str) -> Ticket | None:
        """What was decided as this transaction, where it is kept still."""
        return next((ticket for ticket in self._kept.values() if ticket.transaction == transaction), None)

    def by_face(self, key: str, asked_ms: int, claims: Sequence[Claim]) -> Ticket | None:
        """Of somebody for whom the lane opened just now, but not by a card."""
        known = self._kept.get(key)
        if known is None or known.verdict != "open" or known.stuck or any(claim.ticket is known for claim in claims):
            return None
        return known if abs(asked_ms - known.asked_ms) <= AGAIN_MS else None

    def of(self, unit: Unit, claims: Sequence[Claim]) -> Ticket | None:
        """What was decided about a unit; whoever was let in after a refusal was let in."""
        others = [claim.ticket for claim in claims if claim not in unit.claims]
        kept = [self._kept[key] for key in keys(unit) if key in self._kept]
        mine = [claim.ticket for claim in unit.claims if not claim.nobodys]
        mine += [ticket for ticket in kept if not any(ticket is each for each in others)]
        mine += [claim.ticket for claim in unit.claims if claim.nobodys]
        said = [ticket for ticket in mine if ticket.verdict is not None]
        return next((ticket for ticket in said if ticket.verdict == "open"), next(iter(said or mine), None))

    def drop(self, unit: Unit, claims: Sequence[Claim]) -> None:
        """What became of a unit is told; tickets of `claims` are of somebody who asked again."""
        for key in keys(unit):
            if not any(self._kept.get(key) is claim.ticket for claim in claims):
                self._kept.pop(key, None)

    def forget(self, now_ms: int) -> None:
        """Drop what is too old to matter."""
        self._kept = {key: ticket for key, ticket in self._kept.items() if now_ms - ticket.asked_ms <= KNOWN_MS}
