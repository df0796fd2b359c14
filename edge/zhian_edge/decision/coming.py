"""Who was let in and whose passage is not told yet: for anti-passback they count as inside until it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from .claims import PATIENCE_MS, Ticket
from .presence import within

#: Whoever stands before a barrier for so long and does not go is let in by nothing any more.
LONGEST_MS: Final = 2 * PATIENCE_MS


@dataclass(frozen=True)
class _Let:
    """Somebody for whom a lane opened that leads to `zone`."""

    person_id: str
    zone: str
    ticket: Ticket


class Coming:
    """Of all lanes of a node: one card opens no second lane, nor the same one for the next, before its owner is told.

    A passage takes over what is kept here, and so does being told to have turned back.
    """

    def __init__(self) -> None:
        self._let: list[_Let] = []

    def let_in(self, person_id: str, zone: str, ticket: Ticket) -> None:
        """A lane that leads to `zone` opened."""
        self._let = [let for let in self._let if ticket.asked_ms - let.ticket.asked_ms <= LONGEST_MS]
        self._let.append(_Let(person_id, zone, ticket))

    def over(self, ticket: Ticket | None) -> None:
        """What became of it is told, or somebody asks anew instead."""
        self._let = [let for let in self._let if let.ticket is not ticket]

    def into(self, person_id: str, zone: str, now_ms: int) -> bool:
        """Whether the person was let into this zone, or a part of it, a moment ago."""
        return any(
            let.person_id == person_id and within(let.zone, zone) and now_ms - let.ticket.asked_ms <= LONGEST_MS
            for let in self._let
        )
