"""A driver under its supervisor, as the gate runs it, only less patient."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections import Counter
from types import TracebackType
from typing import Self

from support.waiting import eventually
from zhian_edge.hal.contracts import CardReader, InputPort
from zhian_edge.hal.services import InputService, ReaderService, Said
from zhian_edge.process.supervisor import RetryPolicy, ServiceStatus, Supervisor
from zhian_edge.signals import CardRead, Contact

HASTY = RetryPolicy(first_s=0.05, longest_s=0.2, refused_s=0.2, steady_s=1.0, jitter=0.0)


class Supervised(ABC):
    """A device's service; `_take` gets what it says, in a thread of its own."""

    def __init__(self, service: ReaderService | InputService) -> None:
        self._lock = threading.Lock()
        self._supervisor = Supervisor(service, self._take, policy=HASTY, stale_s=None)

    def __enter__(self) -> Self:
        self._supervisor.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._supervisor.stop(20.0), "the device's thread did not end"

    @property
    def status(self) -> ServiceStatus:
        """As `zhian-edge status` shows it."""
        return self._supervisor.status()

    def await_up(self, within_s: float = 20.0) -> None:
        """Until it steps without an error."""
        eventually(lambda: self.status.state == "ok" and not self.status.error, "the device's start", within_s)

    def await_lost(self, within_s: float = 20.0) -> None:
        """Until it was noticed that the peer is gone."""
        eventually(lambda: bool(self.status.error), "the loss of the peer", within_s)

    @abstractmethod
    def _take(self, said: Said) -> None: ...


class Running(Supervised):
    """Keeps what a reader read."""

    def __init__(self, reader: CardReader) -> None:
        super().__init__(ReaderService(reader))
        self._cards: Counter[str] = Counter()

    def counted(self) -> Counter[str]:
        """How often each card was read."""
        with self._lock:
            return Counter(self._cards)

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


class Watching(Supervised):
    """Keeps what an input told, in its order."""

    def __init__(self, port: InputPort) -> None:
        super().__init__(InputService(port))
        self._told: list[str] = []

    def told(self) -> list[str]:
        """Its states since the start; each opening tells one anew."""
        with self._lock:
            return list(self._told)

    def await_state(self, state: str, within_s: float = 20.0) -> bool:
        """Whether this is the last that was told, before the time is over."""
        try:
            eventually(lambda: self.told()[-1:] == [state], f"to be told {state}", within_s)
        except AssertionError:
            return False
        return True

    def _take(self, said: Said) -> None:
        if isinstance(said, Contact):
            with self._lock:
                self._told.append(said.state)
