"""What to send next and what a receipt settles: the delivery thread's decisions, without thread, clock or network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from zhian_wire.receipts import Receipt

from .hurry import Hurry
from .outbox import Key, Outbox, Outcome, Row
from .window import Window

#: A gateway that has said nothing for so long may have been away; what it says then may be all that tells of it.
SILENCE_MS: Final = 1000
#: What was sent so recently may have reached a gateway that came back; a receipt takes some tens of milliseconds.
_FRESH_MS: Final = 250
#: The priority of alerts and of what is wrong with the node.
URGENT: Final = 0
#: More alerts than that at once are a backlog themselves, which is over sooner if nothing is held up.
FEW: Final = 8


class Courier:
    """Feeds a link from the outbox. A link that is lost costs nothing but sending again."""

    def __init__(self, outbox: Outbox, window: Window[Key]) -> None:
        self._outbox = outbox
        self._window = window
        self._hurry: Hurry[Key] = Hurry()
        self._probe: Key | None = None
        self._verified = False
        self._heard_ms: int | None = None

    def connected(self) -> None:
        """On a new connection everything without a receipt is sent again, after the probe."""
        self._window.clear()
        self._hurry.clear()
        self._probe = None
        self._verified = False
        self._heard_ms = None

    def receive(self, receipts: Sequence[Receipt], wall_ms: int, now_ms: int) -> Outcome:
        """Settle; `wall_ms` as `Outbox.apply`. The first receipt after a silence ends every back-off.

        A gateway that was away announces itself by a receipt, whatever is in it: without that, what was sent in vain
        would wait for up to two minutes.
        """
        outcome = self._outbox.apply(receipts, wall_ms)
        if receipts:
            if self._heard_ms is None or now_ms - self._heard_ms >= SILENCE_MS:
                self._window.forget(now_ms - _FRESH_MS)
            self._heard_ms = now_ms
        if any(self._answers_probe(receipt) for receipt in receipts):
            self._verified = True
            self._window.clear()
        return outcome

    def next_rows(self, now_ms: int) -> list[Row]:
        """What to hand to the broker now, the most urgent first. Each of them counts as sent."""
        if not self._verified:
            return self._probing(now_ms)
        # What is in flight is still open and may be more urgent than the rest, so look behind a whole window of it.
        rows = self._outbox.open_rows(2 * self._window.size)
        waiting = {row.key for row in rows}
        self._window.keep(waiting, now_ms)
        self._hurry.keep(waiting)
        return self._chosen(rows, now_ms)

    def next_due_ms(self) -> int | None:
        """When `next_rows` has something again even if nothing happens; None while everything has its receipt."""
        return self._window.next_due_ms()

    @property
    def hurrying(self) -> bool:
        """Whether something urgent waits for its receipt."""
        return bool(self._hurry)

    def next_word_ms(self, now_ms: int) -> int | None:
        """When `word` is next to be asked."""
        return self._hurry.next_ms(now_ms)

    def word(self, now_ms: int) -> bool:
        """Whether a small word is to follow an alert now."""
        return self._hurry.word(now_ms)

    def _probing(self, now_ms: int) -> list[Row]:
        row = self._outbox.probe()
        if row is None:
            return []
        self._probe = row.key
        return self._chosen([row], now_ms)

    def _chosen(self, rows: Sequence[Row], now_ms: int) -> list[Row]:
        chosen = []
        few = sum(row.priority == URGENT for row in rows) <= FEW
        for row in rows:
            urgent = row.priority == URGENT
            held = few and not urgent and self._hurry.on(now_ms)
            # All at once they would fill a narrow line before the first receipt comes back.
            if not held and self._window.admits(row.key, urgent=urgent and few, now_ms=now_ms):
                self._window.sent(row.key, now_ms)
                chosen.append(row)
                if urgent:
                    self._hurry.sent(row.key, now_ms)
                else:
                    self._hurry.followed(now_ms)
        self._outbox.sending(row.key for row in chosen)
        return chosen

    def _answers_probe(self, receipt: Receipt) -> bool:
        if self._verified or self._probe is None or receipt.epoch != self._probe[0]:
            return False
        seq = self._probe[1]
        return seq in receipt.proof or any(seq == each.seq for each in receipt.refused)
