"""Notices two machines that speak as one node: they push each other off the broker, and each seems fine. Pure."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Final

from zhian_wire.state import NodeState

#: An epoch that comes back so soon after another one took its place was never given up, in seconds.
WITHIN_S: Final = 60.0
#: They change places every few seconds; who has acknowledged that is not told again sooner, in seconds.
AGAIN_S: Final = 600.0
#: Runs of each node that are remembered.
MOST_RUNS: Final = 8


@dataclass
class _Heard:
    epoch: str
    seq: int
    run: str
    before: str = ""
    changed: float = 0.0
    over: deque[str] = field(default_factory=lambda: deque(maxlen=MOST_RUNS))
    told: float | None = None


class Twins:
    """What each node last called itself.

    A node that was rebuilt changes its epoch once; only twins change it back. Two copies of one card that have decided
    nothing since, or as much, call themselves the same in everything but the run of their program: a run that was over
    never comes back.
    """

    def __init__(self) -> None:
        self._heard: dict[str, _Heard] = {}

    def hear(self, state: NodeState, now: float) -> bool:
        """Whether this heart-beat (`now` in seconds) is to be told of as showing that there are two.

        An epoch or a run comes again, or numbers fall; and that was not told within `AGAIN_S`.
        """
        last = self._heard.get(state.node)
        if last is None:
            self._heard[state.node] = _Heard(state.epoch, state.seq, state.run)
            return False
        if not _two(last, state, now) or (last.told is not None and now - last.told < AGAIN_S):
            return False
        last.told = now
        return True


def _two(last: _Heard, state: NodeState, now: float) -> bool:
    restarted = _restart(last, state.run)
    if state.epoch == last.epoch:
        falls = state.seq < last.seq
        last.seq = state.seq
        return falls or restarted
    returns = state.epoch == last.before and now - last.changed <= WITHIN_S
    last.before, last.epoch, last.seq, last.changed = last.epoch, state.epoch, state.seq, now
    return returns or restarted


def _restart(last: _Heard, run: str) -> bool:
    """Note the run; whether it is one that another one had taken the place of."""
    if not run or run == last.run:
        return False
    returns = run in last.over
    last.over.append(last.run)
    last.run = run
    return returns
