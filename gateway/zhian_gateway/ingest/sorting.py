"""A batch of messages, sorted: events by their run of numbers, and what is refused. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from zhian_wire.receipts import Refusal

from .reading import Refused, Taken, read

#: Where `intake` counts each kind of refusal (`foreign` is a word of SQL).
COLUMN: Final = {"conflict": "conflicts", "foreign": "foreign_", "unreadable": "unreadable"}


class Message(NamedTuple):
    """What came by node `peer`'s event topic."""

    peer: str
    body: bytes


class Run(NamedTuple):
    """One sequence of numbers: an epoch of a node."""

    node: str
    epoch: str


@dataclass
class Batch:
    """What the messages turned out to be.

    Attributes:
        taken: events by run and number.
        refused: what each run's receipt must say.
        quarantine: refused messages whose number is known; their bytes are kept.
        counts: per node, as the columns of `intake`: `repeated`, `conflicts`, `foreign_`, `unreadable`, `turned_away`.
    """

    taken: dict[Run, dict[int, Taken]] = field(default_factory=lambda: defaultdict(dict))
    refused: dict[Run, dict[int, Refusal]] = field(default_factory=lambda: defaultdict(dict))
    quarantine: list[tuple[Run, int, Refused]] = field(default_factory=list)
    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    @property
    def turned_away(self) -> list[str]:
        """The nodes that were not heard, in a fixed order."""
        return sorted(node for node, counts in self.counts.items() if counts["turned_away"])

    @property
    def runs(self) -> list[Run]:
        """Every run that gets a receipt, in a fixed order."""
        return sorted(set(self.taken) | set(self.refused))

    def repeat(self, found: Taken) -> None:
        """The very same event came again."""
        self.counts[found.event.node]["repeated"] += 1

    def conflict(self, found: Taken) -> None:
        """A known number came with other bytes: the first ones stay."""
        event = found.event
        detail = f"{event.id} is stored already, with other bytes"
        self.refuse(Refused(event.node, "conflict", detail, found.body, event.epoch, event.seq))

    def refuse(self, case: Refused) -> None:
        """Count it; where it can be named, answer it and keep its bytes."""
        self.counts[case.peer][COLUMN[case.reason]] += 1
        if case.epoch is None or case.seq is None:
            return
        run = Run(case.peer, case.epoch)
        self.refused[run][case.seq] = Refusal(seq=case.seq, reason=case.reason, detail=case.detail)
        self.quarantine.append((run, case.seq, case))


def sort(site: str, messages: Iterable[Message], admitted: Collection[str]) -> Batch:
    """Sort what came; within a batch the first of two events with one number counts.

    What comes from a node that is not `admitted` is not even read: the broker alone does not decide who is heard.
    """
    batch = Batch()
    for message in messages:
        if message.peer not in admitted:
            batch.counts[message.peer]["turned_away"] += 1
            continue
        found = read(site, message.peer, message.body)
        if isinstance(found, Refused):
            batch.refuse(found)
            continue
        run = Run(found.event.node, found.event.epoch)
        earlier = batch.taken[run].setdefault(found.event.seq, found)
        if earlier is not found:
            settle_double(batch, earlier.digest, found)
    return batch


def settle_double(batch: Batch, known: str, found: Taken) -> None:
    """Say whether a second event is a repeat of the one whose bytes have the sha256 `known`, or a conflict."""
    if known == found.digest:
        batch.repeat(found)
    else:
        batch.conflict(found)
