"""What a desk's readers read, told to the gateway while an office asks for it, and to nobody otherwise."""

from __future__ import annotations

import secrets
import threading
from collections import deque
from collections.abc import Callable
from typing import Final, NamedTuple

import httpx
from zhian_wire.codec import encode_message
from zhian_wire.commands import Presented

from zhian_edge.process.clock import mono_ms
from zhian_edge.signals import CardRead

from .credentials import Credentials
from .http import open_client, request

#: Somebody holds one card after another to a reader; more at once is a drawer full before a UHF antenna.
MOST_WAITING: Final = 16


class _Waiting(NamedTuple):
    """A card that was read; `read` tells this presentation from another."""

    read: str
    card: CardRead


class DeskReads:
    """A service (see `supervisor`): each step tells what was read while somebody listens.

    `listen` is the delivery's thread's, `put` a reader's. A card that cannot be told while somebody listens is
    forgotten: nothing of it is ever on the disk.
    """

    name = "desk"

    def __init__(
        self, url: str, credentials: Credentials, readers: frozenset[str], now: Callable[[], int] = mono_ms
    ) -> None:
        self.readers = readers
        self._url = url
        self._credentials = credentials
        self._now = now
        self._client: httpx.Client | None = None
        self._lock = threading.Lock()
        self._until_ms: dict[str, int] = {}
        self._waiting: deque[_Waiting] = deque(maxlen=MOST_WAITING)
        self._some = threading.Event()

    def listen(self, reader: str, until_ms: int) -> bool:
        """Tell what `reader` reads from now until then (monotonic); False for one that is no desk's."""
        if reader not in self.readers:
            return False
        with self._lock:
            self._until_ms[reader] = until_ms
        return True

    def put(self, card: CardRead) -> None:
        """A card was read; passed over while nobody listens."""
        with self._lock:
            if card.at_ms >= self._until_ms.get(card.reader, 0):
                return
            self._waiting.append(_Waiting(secrets.token_hex(8), card))
        self._some.set()

    def open(self) -> None:
        """As `Service`."""
        self.close()
        self._client = open_client(self._url, self._credentials)

    def step(self) -> list[str]:
        """Tell what was read; the readers.

        Raises:
            LinkLost, LinkRefused: told again at the next step, while somebody still listens.
        """
        assert self._client is not None
        self._some.wait(0.5)
        self._some.clear()
        told: list[str] = []
        while (waiting := self._next()) is not None:
            self._tell(self._client, waiting)
            told.append(waiting.card.reader)
            self._done(waiting)
        return told

    def close(self) -> None:
        """As `Service`."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def _next(self) -> _Waiting | None:
        now = self._now()
        with self._lock:
            while self._waiting and self._until_ms.get(self._waiting[0].card.reader, 0) <= now:
                self._waiting.popleft()
            return self._waiting[0] if self._waiting else None

    def _done(self, told: _Waiting) -> None:
        with self._lock:
            # A flood may have pushed it out meanwhile.
            if self._waiting and self._waiting[0] is told:
                self._waiting.popleft()

    def _tell(self, client: httpx.Client, waiting: _Waiting) -> None:
        said = Presented(read=waiting.read, card=waiting.card.card, age_ms=max(0, self._now() - waiting.card.at_ms))
        headers = {"Content-Type": "application/json"}
        request(client, "PUT", f"/desk/{waiting.card.reader}", content=encode_message(said), headers=headers)
