"""Orders that stand, as they are kept over a restart: with their ends in wall time, for a boot's own clock ends too."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

from zhian_edge.signals import LaneOrder

from .wall import WallClock


class KeptOrder(msgspec.Struct, frozen=True, array_like=True):
    """An order beside its end.

    Attributes:
        until: in wall time; None: it has none, or nobody knew the time when it was given.
        run: the boot by whose monotonic clock `order.until_ms` is.
        given: when it was given, in wall time; None: nobody knew the time then.
    """

    order: LaneOrder
    until: datetime | None = None
    run: str = ""
    given: datetime | None = None

    def ends_ms(self, run: str, now_ms: int, wall: WallClock) -> int | None:
        """When it ends by the clock of this boot; None: nobody knows (yet)."""
        # Time that stands before the order is of another boot, whatever that calls itself.
        if self.run == run and self.order.until_ms is not None and now_ms >= self.order.at_ms:
            return self.order.until_ms
        now = wall.at(now_ms)
        if now is None or self.until is None:
            return None
        return now_ms + (self.until.astimezone(UTC) - now) // timedelta(milliseconds=1)

    @property
    def endless(self) -> bool:
        """Whether it stands until somebody says otherwise."""
        return self.order.until_ms is None


def keep(order: LaneOrder, run: str, wall: WallClock) -> KeptOrder:
    """The order as it is to be kept now; again when the time becomes known."""
    return KeptOrder(order, None if order.until_ms is None else wall.at(order.until_ms), run, wall.at(order.at_ms))


class StandingOrders:
    """What is on the disk of each lane's order, and which of those wait until it is known whether they have ended.

    A lane that is to be held open until nobody knows when is not held open by a node that was restarted; one that is
    locked stays so. As soon as the time is known both are as they were ordered.
    """

    def __init__(self, run: str, wall: WallClock) -> None:
        self._run, self._wall = run, wall
        self._rows: dict[str, KeptOrder | None] = {}
        self._waiting: dict[str, KeptOrder] = {}

    def recalled(self, lane: str, row: bytes, now_ms: int) -> LaneOrder | None:
        """The order of `lane` that stands after a restart; None: it is over, or waits.

        Raises:
            msgspec.MsgspecError: the row is none of ours.
        """
        kept = msgspec.msgpack.decode(row, type=KeptOrder)
        self._rows[lane] = kept
        if kept.endless:
            return kept.order
        until_ms = kept.ends_ms(self._run, now_ms, self._wall)
        if until_ms is None:
            if kept.until is not None:
                self._waiting[lane] = kept
            # The end by the clock of a boot that is over says nothing.
            return msgspec.structs.replace(kept.order, until_ms=None) if kept.order.state == "locked" else None
        return msgspec.structs.replace(kept.order, until_ms=until_ms)

    def given(self, lane: str, order: LaneOrder) -> datetime | None:
        """When the order that stands was given, in wall time; None: nobody knows."""
        kept = self._rows.get(lane)
        if kept is not None and kept.order.order == order.order and kept.given is not None:
            return kept.given
        return self._wall.at(order.at_ms)

    def overruled(self, lane: str) -> None:
        """Somebody gave another order."""
        self._waiting.pop(lane, None)

    def ended(self, now_ms: int) -> dict[str, LaneOrder]:
        """By lane, the orders whose end is known by now: to be given again, with it."""
        known = {lane: kept.ends_ms(self._run, now_ms, self._wall) for lane, kept in self._waiting.items()}
        return {
            lane: msgspec.structs.replace(self._waiting.pop(lane).order, until_ms=until_ms)
            for lane, until_ms in known.items()
            if until_ms is not None
        }

    def changes(self, orders: dict[str, LaneOrder | None]) -> dict[str, KeptOrder | None]:
        """What must be on the disk instead of what is there, by lane; None: nothing. `orders`: those that stand."""
        changed: dict[str, KeptOrder | None] = {}
        for lane, order in orders.items():
            before = self._rows.get(lane)
            if lane in self._waiting or _same(order, before, self._run):
                continue
            after = None if order is None else self._kept(order, before)
            if after != before:
                self._rows[lane] = changed[lane] = after
        return changed

    def _kept(self, order: LaneOrder, before: KeptOrder | None) -> KeptOrder:
        """Of an order that is kept on over a restart, the boot's own clock says nothing of when it was given."""
        kept = keep(order, self._run, self._wall)
        again = before is not None and before.run != self._run and before.order.order == order.order
        return msgspec.structs.replace(kept, given=before.given) if again and before is not None else kept


def _same(order: LaneOrder | None, kept: KeptOrder | None, run: str) -> bool:
    """Whether nothing is to be kept anew; an end that nobody could tell is tried again."""
    if order is None or kept is None:
        return order is None and kept is None
    return kept.order == order and kept.run == run and (kept.endless or kept.until is not None)
