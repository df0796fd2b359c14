"""Notices two machines that speak as one node: they push each other off the broker, and each seems fine. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

#: An epoch that comes back so soon after another one took its place was never given up, in seconds.
WITHIN_S: Final = 60.0


@dataclass
class _Heard:
    epoch: str
    seq: int
    before: str = ""
    changed: float = 0.0


class Twins:
    """What each node last called itself. A node that was rebuilt changes its epoch once; only twins change it back."""

    def __init__(self) -> None:
        self._heard: dict[str, _Heard] = {}

    def hear(self, node: str, epoch: str, seq: int, now: float) -> bool:
        """Whether this heart-beat (`now` in seconds) shows that there are two: an epoch again, or numbers that fall."""
        last = self._heard.get(node)
        if last is None:
            self._heard[node] = _Heard(epoch, seq)
            return False
        if epoch == last.epoch:
            falls = seq < last.seq
            last.seq = seq
            return falls
        returns = epoch == last.before and now - last.changed <= WITHIN_S
        self._heard[node] = _Heard(epoch, seq, last.epoch, now)
        return returns
