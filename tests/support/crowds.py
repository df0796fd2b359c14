"""A lane where it is learnt how people go through it, and what is told of those who come then."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from zhian_edge.signals import Check, Signal
from zhian_wire.roster import Person

from support.lanes import Node, body, crossed, face, read

PUPILS = [Person(id=f"p{n}", cards=(f"C{n}",)) for n in range(24)]
#: A signal, and when it reaches the node; None: when it was.
Late: TypeAlias = tuple[Signal, int | None]
LEARNT_MS = 60_000


def visit(n: int, at_ms: int, *checks: Check, card_ms: int | None = 1000, name: bool = True) -> list[Signal]:
    """Pupil `n` goes over the line at `at_ms`, in view for two seconds by then."""
    track, since_s = 10 * (n + 1), at_ms / 1000 - 2
    signals: list[Signal] = [crossed(track + 1, at_ms), body(track + 1, at_ms + 300, first_s=since_s)]
    if card_ms is not None:
        signals.append(read(f"C{n}", at_ms - card_ms))
    if name or checks:
        signals.append(face(track + 2, at_ms - 300, f"p{n}" if name else None, *checks, first_s=since_s))
    return signals


def stranger(track: int, at_ms: int, since_ms: int = 2000) -> list[Signal]:
    """Somebody without a card, whose face is not seen."""
    return [crossed(track, at_ms), body(track, at_ms + 300, first_s=(at_ms - since_ms) / 1000)]


def learnt() -> list[Signal]:
    """So many that it is known how people go through this lane: one by one, a second after their card."""
    return [s for n in range(12) for s in visit(10 + n, 3000 + 4000 * n)]


def told(signals: Sequence[Signal], late: Sequence[Late] = (), people: Sequence[Person] = PUPILS) -> Node:
    """All of it, after `learnt`."""
    node = Node(people=people)
    timed = [(getattr(s, "at_ms", 0), s) for s in (*learnt(), *signals)]
    timed += [(getattr(s, "at_ms", 0) if at_ms is None else at_ms, s) for s, at_ms in late]
    for now_ms, signal in sorted(timed, key=lambda each: each[0]):
        node.at(signal, now_ms=now_ms)
    node.until(LEARNT_MS + 60_000)
    assert node.decider.open == 0
    return node


def went_in(node: Node) -> list[tuple[str | None, float]]:
    """Who was told of after `learnt`."""
    return sorted(
        ((p.person_id, p.media_time_s) for p in node.passages if p.media_time_s > 55 and p.direction == "in"),
        key=lambda each: each[1],
    )
