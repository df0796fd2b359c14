"""Counts per node and local day. Pure arithmetic over what the store knows of each day, and what nodes say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

from zhian_wire.receipts import ALL_MOVED, MOVED

#: A node and a local day.
Place = tuple[str, str]


class DayOfRun(NamedTuple):
    """What is stored of an epoch of a node on one local day."""

    node: str
    epoch: str
    day: str
    stored: int
    highest: int


class Signed(NamedTuple):
    """What a node said, when it was asked at `at`, that it decided in an epoch on a day."""

    node: str
    epoch: str
    day: str
    decided: int
    at: str


class Word(NamedTuple):
    """The highest number that a node's heart-beat of `at` (local day `day`) named, and the highest one that arrived.

    Attributes:
        fell_from: later it counted from a lower number than this again; 0: it never did.
        arrived_then: the highest that had arrived when it did.
    """

    node: str
    epoch: str
    day: str
    seq: int
    at: str
    arrived: int
    fell_from: int = 0
    arrived_then: int = 0

    @property
    def reused(self) -> int:
        """Places above what had arrived at the fall that were taken since, by whichever life of the node."""
        return max(0, min(self.fell_from, self.arrived) - self.arrived_then)


class Counts(NamedTuple):
    """What came on a day and was not stored as a new event."""

    repeated: int = 0
    conflicts: int = 0
    foreign: int = 0
    unreadable: int = 0
    turned_away: int = 0


@dataclass(frozen=True, kw_only=True)
class Line:
    """One node's day.

    Attributes:
        decided: numbers given out that day, by what arrived or by the node's own word, whichever says more.
        stored: events in the store.
        holes: decided and not stored, although later ones are.
        waiting: decided by the node's own word, and neither they nor later ones have arrived yet.
        reused: decided by the node's own word and not here when it counted from a lower number again, because its card
            was restored from a copy: what has their numbers now may be others, and they may be gone.
        repeated: copies of stored events, receipted and not stored again.
        conflicts: known numbers with other bytes, refused.
        turned_away: messages under this name while it was no node of the site; not read, not receipted.
        said: when the node last said something new of that day; empty: never, so only what arrived is known.
    """

    node: str
    day: str
    decided: int
    stored: int
    holes: int
    waiting: int = 0
    reused: int = 0
    repeated: int = 0
    conflicts: int = 0
    foreign: int = 0
    unreadable: int = 0
    turned_away: int = 0
    said: str = ""

    @property
    def missing(self) -> int:
        """Decided, and nothing proves that it is stored."""
        return self.holes + self.waiting + self.reused


def lines(
    days: Iterable[DayOfRun],
    counts: Mapping[Place, Counts],
    words: Sequence[Word] = (),
    signed: Sequence[Signed] = (),
) -> list[Line]:
    """The ledger, by node and day.

    Numbers rise through an epoch, so what a day decided is how far its highest number lies above that of the numbers
    before. Days are taken in the order of their numbers: a board that wakes up in 1970 still counts on, also when it
    does so in the middle of a day. What lies above the highest number that arrived only the node knows.
    """
    arrived: Counter[tuple[str, str, str]] = Counter()
    held: Counter[tuple[str, str, str]] = Counter()
    stored: Counter[Place] = Counter()
    reached: Counter[tuple[str, str]] = Counter()
    for each in sorted(days, key=attrgetter("highest")):
        run = (each.node, each.epoch)
        # As the nodes count them.
        told = (each.node, ALL_MOVED if each.epoch.startswith(MOVED) else each.epoch, each.day)
        arrived[told] += each.highest - reached[run]
        held[told] += each.stored
        stored[each.node, each.day] += each.stored
        reached[run] = each.highest
    arrived = _levelled(arrived, held)
    waiting, reused, said = _waiting(arrived, words, signed), _reused(words), _said(words, signed)
    decided: Counter[Place] = Counter()
    for (node, _, day), count in arrived.items():
        decided[node, day] += count
    return [
        Line(
            node=place[0],
            day=place[1],
            decided=decided[place] + waiting[place] + reused[place],
            stored=stored[place],
            holes=decided[place] - stored[place],
            waiting=waiting[place],
            reused=reused[place],
            said=said.get(place, ""),
            **counts.get(place, Counts())._asdict(),
        )
        for place in sorted(set(decided) | set(counts) | set(waiting) | set(reused))
    ]


def _reused(words: Sequence[Word]) -> Counter[Place]:
    reused: Counter[Place] = Counter()
    for word in words:
        reused[word.node, word.day] += word.reused
    return +reused


def _said(words: Sequence[Word], signed: Sequence[Signed]) -> dict[Place, str]:
    """When each node last spoke of a day."""
    spoken = [*((word.node, word.day, word.at) for word in words), *((one.node, one.day, one.at) for one in signed)]
    said: dict[Place, str] = {}
    for node, day, at in spoken:
        said[node, day] = max(said.get((node, day), ""), at)
    return said


def _levelled(
    arrived: Mapping[tuple[str, str, str], int], held: Mapping[tuple[str, str, str], int]
) -> Counter[tuple[str, str, str]]:
    """`arrived` with as much for each day as is held of it, taken from days of the same run that hold less.

    A clock that jumps to another day and back cuts a day in two, and its numbers count as the other day's.
    """
    level = Counter(arrived)
    owed: Counter[tuple[str, str]] = Counter()
    for (node, epoch, day), count in held.items():
        more = max(0, count - level[node, epoch, day])
        level[node, epoch, day] += more
        owed[node, epoch] += more
    for place in sorted(level):
        node, epoch, _ = place
        less = min(owed[node, epoch], level[place] - held[place])
        level[place] -= less
        owed[node, epoch] -= less
    return level


def _waiting(
    arrived: Mapping[tuple[str, str, str], int], words: Sequence[Word], signed: Sequence[Signed]
) -> Counter[Place]:
    """What nodes say that they decided beyond all that arrived, on the days that they name for it.

    A hole below the highest number is no part of it: it is counted as a hole already.
    """
    found: Counter[Place] = Counter()
    room = {(word.node, word.epoch): max(0, word.seq - word.arrived) for word in words}
    for each in sorted(signed, key=attrgetter("day"), reverse=True):
        run = (each.node, each.epoch)
        more = max(0, each.decided - arrived.get((*run, each.day), 0))
        more = min(more, room.get(run, more))
        found[each.node, each.day] += more
        room[run] = room.get(run, more) - more
    for word in words:
        found[word.node, word.day] += room[word.node, word.epoch]
    return +found
