"""How many events are on their way without a receipt, and when one is sent again. Pure: `now` is handed in."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, Generic, NamedTuple, TypeVar

from .pace import Pace

K = TypeVar("K")
#: A receipt that takes this long is lost rather than late; waiting longer would only delay an alert.
LONGEST_WAIT_MS: Final = 120_000
#: Share of the window that only urgent events may use, so that a backlog never holds up an alert.
RESERVE: Final = 1 / 8


class _Flight(NamedTuple):
    sent_ms: int
    due_ms: int
    tries: int


class Window(Generic[K]):
    """Keys of what was sent and is not receipted.

    What is urgent may use all of it; the others leave a reserve, and no more of them are on their way than come back
    without waiting for each other.
    """

    def __init__(self, size: int, resend_ms: int) -> None:
        self._size = size
        self._resend_ms = resend_ms
        self._flights: dict[K, _Flight] = {}
        self._pace = Pace(int(size * (1 - RESERVE)))

    def __len__(self) -> int:
        return len(self._flights)

    @property
    def size(self) -> int:
        return self._size

    def admits(self, key: K, *, urgent: bool, now_ms: int) -> bool:
        """Whether to send `key` now: for the first time while there is room, or again because it is due."""
        flight = self._flights.get(key)
        if flight is not None:
            return now_ms >= flight.due_ms
        return len(self._flights) < (self._size if urgent else self._pace.room)

    def sent(self, key: K, now_ms: int) -> None:
        """`key` was handed to the broker; each further try waits twice as long."""
        tries = self._flights[key].tries + 1 if key in self._flights else 0
        if tries:
            self._pace.unanswered(now_ms)
        wait = min(self._resend_ms * 2**tries, max(LONGEST_WAIT_MS, self._resend_ms))
        self._flights[key] = _Flight(now_ms, now_ms + wait, tries)

    def keep(self, open_keys: Collection[K], now_ms: int) -> None:
        """Forget whatever is settled, by what came just now; a key that waits for its receipt is in `open_keys`."""
        settled = [self._flights.pop(key) for key in self._flights.keys() - open_keys]
        # Of what was sent twice nobody knows which one was answered.
        sent = [flight.sent_ms for flight in settled if not flight.tries]
        if sent:
            self._pace.answered(len(sent), now_ms - min(sent), now_ms)

    def clear(self) -> None:
        """A new connection: nothing is known of what the old one carried."""
        self._flights.clear()
        self._pace.begin()

    def forget(self, before_ms: int) -> None:
        """Whatever was sent before then went to nobody: each may be sent again at once, without any back-off."""
        for key in [key for key, flight in self._flights.items() if flight.sent_ms < before_ms]:
            del self._flights[key]

    def next_due_ms(self) -> int | None:
        """When the next one must be sent again."""
        return min((flight.due_ms for flight in self._flights.values()), default=None)
