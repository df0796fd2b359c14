"""While an alert is on its way: nothing behind it but what helps it along. Pure: `now` is handed in.

TCP delivers in order, so an alert waits for whatever was lost before it, and for its own second try. It learns of a
loss by what arrives later (RFC 8985): within a round trip where something follows, after three where nothing does. So
small words follow an alert until its receipt comes; and nothing larger does, which could itself be lost.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, Generic, TypeVar

K = TypeVar("K")
#: Between two words; less than a quarter of what a round trip takes on a line on which it matters.
WORD_MS: Final = 50
#: A receipt that takes longer is held up by something else, which nothing here can hurry.
LONGEST_MS: Final = 1500


class Hurry(Generic[K]):
    """Urgent events without a receipt."""

    def __init__(self) -> None:
        self._underway: dict[K, int] = {}
        self._since_ms = 0
        self._word_ms = 0
        self._owed = False

    def __len__(self) -> int:
        return len(self._underway)

    def sent(self, key: K, now_ms: int) -> None:
        """An urgent event was sent. Again, it hurries no more: it was not the line that held it up."""
        if key in self._underway:
            return
        if not self._fresh(now_ms) or now_ms - self._since_ms >= 2 * LONGEST_MS:
            self._since_ms = now_ms
        self._word_ms = now_ms
        self._underway[key] = now_ms

    def followed(self, now_ms: int) -> None:
        """Something else was sent, which an alert that comes now would wait behind: one word follows it as well."""
        self._word_ms, self._owed = now_ms, True

    def keep(self, open_keys: Collection[K]) -> None:
        """Forget those that have their receipt: what waits for one is in `open_keys`."""
        for key in self._underway.keys() - open_keys:
            del self._underway[key]

    def clear(self) -> None:
        """A new connection."""
        self._underway.clear()

    def on(self, now_ms: int) -> bool:
        """Whether all else is to wait; where one alert follows the other, half of the time."""
        return self._fresh(now_ms) and now_ms - self._since_ms < LONGEST_MS

    def word(self, now_ms: int) -> bool:
        """Whether to say a small word now; each is asked for once."""
        due = self.next_ms(now_ms)
        if due is None or now_ms < due:
            return False
        self._word_ms, self._owed = now_ms, False
        return True

    def next_ms(self, now_ms: int) -> int | None:
        """When the next word is due."""
        return self._word_ms + WORD_MS if self._owed or self.on(now_ms) else None

    def _fresh(self, now_ms: int) -> bool:
        return bool(self._underway) and now_ms - max(self._underway.values()) < LONGEST_MS
