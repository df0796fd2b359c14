"""Cards that are presented: one claim each, however often the reader says so, with what was decided about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

from zhian_wire.evidence import Direction, Evidence
from zhian_wire.roster import Person

from zhian_edge.signals import CardRead, ManualPassage

from .transaction import Subject

#: A card waits this long for somebody to go, and a face may be named this long after its owner went over the line.
PATIENCE_MS: Final = 8000
#: A card that is read again so soon was not taken away in between.
AGAIN_MS: Final = 3000
#: Whoever was refused may ask again after this: what stood in the way may be gone, and a light answers each time.
REFUSED_MS: Final = 1500


@dataclass(eq=False)
class Ticket:
    """What was decided about one person's (or unknown card's) wish to pass; `verdict` None: it waits for more.

    Attributes:
        transaction: id of the lane transaction.
        deadline_ms: when waiting ends in a refusal.
        asked_ms: monotonic time of the evidence that began it.
        answered_ms: when it was decided.
        subject: who was seen then, where a face or a plate began it.
        stuck: the barrier did not open, as far as is known: whoever asks again is answered anew.
        failed: and that is certain.
        recalled: it was decided before a restart, and nobody saw who went meanwhile.
    """

    transaction: str
    asked_ms: int
    answered_ms: int = 0
    deadline_ms: int = 0
    verdict: Literal["open", "refuse"] | None = None
    reason: str = ""
    subject: Subject | None = None
    stuck: bool = False
    failed: bool = False
    recalled: bool = False

    def rests(self, now_ms: int) -> bool:
        """Whether it is too soon to try once more what did not open."""
        return self.stuck and now_ms - self.answered_ms <= REFUSED_MS

    @property
    def may_have_opened(self) -> bool:
        """Whether somebody may have gone in by it."""
        return self.verdict == "open" and not self.failed

    @property
    def waits(self) -> bool:
        """Whether an answer is still to come."""
        return self.verdict is None and self.deadline_ms > 0


@dataclass(eq=False)
class Claim:
    """One presentation of the cards of one person at one side of a lane, or a guard's word for somebody.

    Attributes:
        key: the person's id, or the card where nobody has it.
        person: None: the card is not listed, or not any more; or the guard did not say who it was.
        repeated: the same person asked again after it: if nobody goes with this one, they are here all the same.
        doubtful: it may be of somebody who was told without a body (`doubt.py`).
        earlier: what was decided, and by whose word, before each word for the same person.
        shown: cards of theirs that were read since a guard's word, which stands for these too (`words.py`).
    """

    key: str
    person: Person | None
    direction: Direction
    ticket: Ticket
    reads: list[CardRead] = field(default_factory=list)
    manual: ManualPassage | None = None
    repeated: bool = False
    doubtful: bool = False
    earlier: list[tuple[Ticket, ManualPassage | None]] = field(default_factory=list)
    shown: list[Claim] = field(default_factory=list)

    def vouch(self, word: ManualPassage, ticket: Ticket) -> None:
        """A guard lets them pass, whatever was decided before."""
        self.earlier.append((self.ticket, self.manual))
        self.ticket, self.manual = ticket, word

    def take_back(self, order: str) -> ManualPassage | None:
        """Drop a word that was a slip, and decide by what stood before it; None: there is no such word."""
        if self.manual is not None and self.manual.order == order:
            word = self.manual
            self.ticket, self.manual = self.earlier.pop() if self.earlier else (self.ticket, None)
            return word
        for place, (_, before) in enumerate(self.earlier):
            if before is not None and before.order == order:
                del self.earlier[place]
                return before
        return None

    @property
    def tickets(self) -> tuple[Ticket, ...]:
        """What was decided about it, the last first."""
        return (self.ticket, *(ticket for ticket, _ in reversed(self.earlier)))

    @property
    def nobodys(self) -> bool:
        """Whether a person opened for whoever comes: whose own card or face opened too went in by that."""
        return self.manual is not None and self.direction == "none"

    @property
    def worded(self) -> bool:
        """Whether a guard let this very person pass."""
        return self.manual is not None and not self.nobodys

    @property
    def carded(self) -> bool:
        """Whether a card was read."""
        return bool(self.reads or self.shown)

    @property
    def at(self) -> tuple[str, Direction]:
        """Whose it is, at which side."""
        return self.key, self.direction

    @property
    def person_id(self) -> str | None:
        return None if self.person is None else self.person.id

    @property
    def comparable(self) -> bool:
        """Whether a face can be compared with its owner's."""
        return self.person is not None and self.person.face and bool(self.person.templates)

    @property
    def first_ms(self) -> int:
        return min(self._moments())

    @property
    def last_ms(self) -> int:
        return max(self._moments())

    @property
    def presented(self) -> tuple[int, ...]:
        """When each of the cards was read first; where none was, the guard's word."""
        shown = [min(read.at_ms for read in claim.reads) for claim in (self, *self.shown) if claim.reads]
        return tuple(shown) or (self.first_ms,)

    @property
    def held_ms(self) -> int:
        """When a card was read last; where none was, the guard's word."""
        return max(self._reads(), default=self.last_ms)

    def _reads(self) -> list[int]:
        return [read.at_ms for claim in (self, *self.shown) for read in claim.reads]

    def _moments(self) -> list[int]:
        return [*self._reads(), *([self.manual.at_ms] if self.manual else [])]

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """A guard's word, and one piece for each card and reader: the first read, with `shots` saying how many."""
        pieces = [] if self.manual is None else [_by_hand(self.manual, self.person_id)]
        first: dict[tuple[str, str], list[CardRead]] = {}
        for read in sorted(self.reads, key=lambda read: (read.at_ms, read.reader, read.card)):
            first.setdefault((read.reader, read.card), []).append(read)
        pieces += (
            Evidence(
                kind="card", device=reader, at_ms=reads[0].at_ms, card=card, person_id=self.person_id, shots=len(reads)
            )
            for (reader, card), reads in first.items()
        )
        return tuple(pieces)


def _by_hand(word: ManualPassage, person_id: str | None) -> Evidence:
    return Evidence(kind="manual", device=word.lane, at_ms=word.at_ms, person_id=person_id, by=word.who, why=word.why)


@dataclass
class _Shown:
    """A card at a reader: when it was read first and last for what was decided about it."""

    reader: str
    first_ms: int
    last_ms: int
    ticket: Ticket


class Presentations:
    """Which reads of one key at one side of a lane are one presentation, whether its passage is told or not."""

    def __init__(self) -> None:
        self._shown: dict[tuple[str, Direction], _Shown] = {}

    def again(self, at: tuple[str, Direction], at_ms: int) -> bool:
        """Whether a read belongs to the presentation before it, and asks for no answer of its own."""
        shown = self._shown.get(at)
        if shown is None:
            return False
        if shown.ticket.verdict == "refuse" or shown.ticket.stuck:
            return abs(at_ms - shown.last_ms) <= REFUSED_MS  # from the read that was answered: it does not slide
        held = abs(at_ms - shown.last_ms) <= AGAIN_MS and at_ms - shown.first_ms <= PATIENCE_MS
        if held or shown.ticket.waits:
            shown.last_ms = max(shown.last_ms, at_ms)
            return True
        return False

    def begin(self, at: tuple[str, Direction], reader: str, at_ms: int, ticket: Ticket) -> None:
        """A new presentation, about which `ticket` will say what was decided."""
        self._shown[at] = _Shown(reader, at_ms, at_ms, ticket)

    def recall(self, at: tuple[str, Direction], reader: str, ticket: Ticket, now_ms: int) -> None:
        """One of before a restart; for all that is known the card of somebody who was let in was never taken away."""
        last_ms = now_ms if ticket.verdict == "open" else ticket.asked_ms
        self._shown[at] = _Shown(reader, ticket.asked_ms, last_ms, ticket)

    def of(self, transaction: str) -> tuple[Ticket, str] | None:
        """What was decided as this transaction, and at which reader its light is; None: no card was shown for it."""
        shown = next((each for each in self._shown.values() if each.ticket.transaction == transaction), None)
        return None if shown is None else (shown.ticket, shown.reader)

    def forget(self, now_ms: int) -> None:
        """Drop what no read can belong to any more."""
        kept_ms = AGAIN_MS + PATIENCE_MS
        self._shown = {at: shown for at, shown in self._shown.items() if now_ms - shown.last_ms <= kept_ms}
