"""A driver under its supervisor, as the gate runs it, only less patient."""

from __future__ import annotations

import threading
from collections import Counter
from types import TracebackType
from typing import Self

from support.waiting import eventually
from zhian_edge.hal.contracts import CardReader
from zhian_edge.hal.services import ReaderService, Said
from zhian_edge.process.supervisor import RetryPolicy, ServiceStatus, Supervisor
from zhian_edge.signals import CardRead

HASTY = RetryPolicy(first_s=0.05, longest_s=0.2, refused_s=0.2, steady_s=1.0, jitter=0.0)


class Running:
    """Keeps what a reader read."""

    def __init__(self, reader: CardReader) -> None:
        self._lock = threading.Lock()
        self._cards: Counter[str] = Counter()
        self._supervisor = Supervisor(ReaderService(reader), self._take, policy=HASTY, stale_s=None)

    def __enter__(self) -> Self:
        self._supervisor.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._supervisor.stop(20.0), "the reader's thread did not end"

    @property
    def status(self) -> ServiceStatus:
        """As `zhian-edge status` shows it."""
        return self._supervisor.status()

    def counted(self) -> Counter[str]:
        """How often each card was read."""
        with self._lock:
            return Counter(self._cards)

    def await_up(self, within_s: float = 20.0) -> None:
        """Until it steps without an error."""
        eventually(lambda: self.status.state == "ok" and not self.status.error, "the reader's start", within_s)

    def await_lost(self, within_s: float = 20.0) -> None:
        """Until it was noticed that the peer is gone."""
        eventually(lambda: bool(self.status.error), "the loss of the peer", within_s)

    def await_cards(self, cards: list[str], within_s: float = 20.0) -> list[str]:
        """Until all of `cards` were read, or the time is over: those that were not."""
        try:
            eventually(lambda: not self._missing(cards), "the cards", within_s)
        except AssertionError:
            return self._missing(cards)
        return []

    def _missing(self, cards: list[str]) -> list[str]:
        counted = self.counted()
        return [card for card in cards if not counted[card]]

    def _take(self, said: Said) -> None:
        if isinstance(said, CardRead):
            with self._lock:
                self._cards[said.card] += 1
