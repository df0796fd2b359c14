"""A barrier as a service: it carries out orders one by one, each once, and tells how its door is."""

from __future__ import annotations

import queue
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final, Literal

from zhian_edge.decision.actions import Act
from zhian_edge.errors import DeviceLost, DeviceRefused, EdgeError, Unconfirmed
from zhian_edge.hal.contracts import Barrier
from zhian_edge.process.clock import mono_ms
from zhian_edge.signals import Acted, Contact

#: How often the output and the door's contact are read back; orders wake it at once.
POLL_S: Final = 0.25
#: Pulses that wait; more than a few have expired anyway.
WAITING: Final = 100


class BarrierService:
    """See `process.supervisor.Service`. Orders may come from any thread, and are answered by `tell`.

    Hold and close are orders that stand: they are given again when the barrier was away, a hold since people may depend
    on it, a close that was not confirmed since the barrier may still be held. A pulse never is. Nothing of this
    survives the process: what was not answered is unknown (`decision.recall`).

    Args:
        pulse_ms: of an order that does not say how long.
        tell: is told what became of each order.
    """

    def __init__(
        self, barrier: Barrier, pulse_ms: int, tell: Callable[[Acted], None], clock: Callable[[], int] = mono_ms
    ) -> None:
        self._barrier = barrier
        self._pulse_ms = pulse_ms
        self._tell = tell
        self._clock = clock
        self._orders: queue.Queue[Act] = queue.Queue()
        self._too_many: deque[Act] = deque()
        self._stands: Literal["hold", "close"] | None = None
        self._door = ""
        self._fault: EdgeError | None = None

    @property
    def name(self) -> str:
        """Of the barrier."""
        return self._barrier.name

    @property
    def barrier(self) -> Barrier:
        """For its diagnostics."""
        return self._barrier

    def order(self, act: Act) -> None:
        """Have it carried out. It waits for nothing, and is answered in the service's own thread."""
        # Hold and close are few, and must not be lost to a flood of pulses.
        if act.action == "pulse" and self._orders.qsize() >= WAITING:
            self._too_many.append(act)
        else:
            self._orders.put(act)

    def open(self) -> None:
        """Connect; what is waited for in vain is said to have failed."""
        self._fault = None
        try:
            self._barrier.open()
            self._restore()
        except EdgeError as error:
            self._barrier.close()
            self._refuse_expired(str(error))
            raise

    def step(self) -> Sequence[Contact]:
        """One order, or else one look at the door.

        Raises:
            DeviceLost, DeviceRefused, Unconfirmed: as the barrier; an order's own failure is told first.
        """
        self._refuse_overflow()
        if self._fault is not None:
            raise self._fault
        try:
            act = self._orders.get(timeout=POLL_S)
        except queue.Empty:
            return self._look()
        self._carry_out(act)
        return []

    def close(self) -> None:
        """As `Service`."""
        self._barrier.close()

    def _carry_out(self, act: Act) -> None:
        if self._clock() > act.expires_ms:
            self._miss(act, "expired")
            return
        try:
            self._give(act)
        except Unconfirmed as error:
            self._fault = error
            self._answer(act, "unknown", str(error))
        except (DeviceLost, DeviceRefused) as error:
            self._fault = error
            self._answer(act, "failed", str(error))
        else:
            self._answer(act, "done")

    def _give(self, act: Act) -> None:
        # What stands is noted first: what was not confirmed is given again.
        if act.action == "pulse":
            self._stands = None
            self._barrier.pulse(act.duration_ms or self._pulse_ms)
        elif act.action == "hold":
            self._stands = "hold"
            self._barrier.hold()
        else:
            self._stands = "close"
            self._barrier.shut()
            self._stands = None

    def _restore(self) -> None:
        """Give again what stands, unless another such order waits."""
        with self._orders.mutex:
            waits = any(act.action != "pulse" for act in self._orders.queue)
        if waits or self._stands is None:
            return
        if self._stands == "hold":
            self._barrier.hold()
        else:
            self._barrier.shut()
            self._stands = None

    def _miss(self, act: Act, why: str) -> None:
        """It came too late; but how the barrier is to stand holds, whenever that can be reached."""
        if act.action != "pulse":
            self._stands = act.action
        self._answer(act, "failed", why)

    def _look(self) -> Sequence[Contact]:
        door = self._barrier.state().door
        if door in ("unknown", self._door):
            return []
        self._door = door
        return [Contact(device=self.name, at_ms=self._clock(), state="open" if door == "open" else "closed")]

    def _refuse_overflow(self) -> None:
        while self._too_many:
            self._answer(self._too_many.popleft(), "failed", "too many orders wait")

    def _refuse_expired(self, why: str) -> None:
        """What has expired meanwhile gets its answer; what is still good waits on."""
        self._refuse_overflow()
        waiting = []
        while True:
            try:
                waiting.append(self._orders.get_nowait())
            except queue.Empty:
                break
        for act in waiting:
            if self._clock() > act.expires_ms:
                self._miss(act, f"expired: {why}")
            else:
                self.order(act)

    def _answer(self, act: Act, result: Literal["done", "failed", "unknown"], detail: str = "") -> None:
        self._tell(
            Acted(
                lane=act.lane,
                transaction=act.transaction,
                action=act.action,
                result=result,
                at_ms=self._clock(),
                detail=detail,
            )
        )
