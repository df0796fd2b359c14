"""A barrier as a service: it carries out orders one by one, each once, and tells how its door is."""

from __future__ import annotations

import queue
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final, Literal

from zhian_edge.decision.actions import Act
from zhian_edge.errors import DeviceLost, DeviceRefused, EdgeError, Expired
from zhian_edge.hal.contracts import Barrier, Yielding
from zhian_edge.process.clock import mono_ms
from zhian_edge.signals import Acted, Contact

#: How often the output and the door's contact are read back; orders wake it at once.
POLL_S: Final = 0.25
#: Pulses that wait; more than a few have expired anyway.
WAITING: Final = 100


class BarrierService:
    """See `process.supervisor.Service`. Orders may come from any thread, and are answered by `tell`.

    Hold and close are orders that stand: they are given again when the barrier was away, a hold since people may depend
    on it, a close that was not confirmed since the barrier may still be held. One that had failed is answered once more
    when it is carried out after all. A pulse is never given again; where the board cannot end one this does, beside its
    other work: a further pulse extends it, a hold takes over, and an end that fails is a close that stands. Nothing of
    this survives the process: what was not answered is unknown (`decision.recall`).

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
        if isinstance(barrier, Yielding):
            barrier.give_way(self._has_to_move)
        self._too_many: deque[Act] = deque()
        self._stands: Act | None = None
        self._owes = False
        self._drawn: Act | None = None
        self._ends_ms = 0
        self._door = ""
        self._fault: Exception | None = None

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
        except Exception as error:  # also a driver's own fault: whoever waits in vain gets an answer
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
        self._end_pulse()
        try:
            act = self._orders.get(timeout=self._patience_s())
        except queue.Empty:
            self._end_pulse()
            return self._look()
        self._carry_out(act)
        return []

    def close(self) -> None:
        """As `Service`; a pulse that the board would not end is not left drawn."""
        if self._drawn is not None:
            self._drawn = None
            with suppress(EdgeError):  # where it fails, the next opening lets go
                self._barrier.shut()
        self._barrier.close()

    def _carry_out(self, act: Act) -> None:
        if self._clock() > act.expires_ms:
            self._miss(act, "expired")
            if act.action != "pulse":
                self._restore()
            return
        try:
            self._give(act)
        except Expired as error:
            self._answer(act, "failed", str(error))
        except (DeviceLost, DeviceRefused) as error:
            self._fault = error
            self._answer(act, "failed", str(error))
        except Exception as error:  # after a driver's own fault nobody knows what moved, as after `Unconfirmed`
            self._fault = error
            known = isinstance(error, EdgeError)
            self._answer(act, "unknown", str(error) if known else f"{type(error).__name__}: {error}")
        else:
            self._answer(act, "done")

    def _give(self, act: Act) -> None:
        if act.action == "pulse":
            self._stands = None
            duration_ms = act.duration_ms or self._pulse_ms
            self._barrier.pulse(duration_ms, act.expires_ms)
            self._draw(act, duration_ms)
        else:
            self._drawn = None
            # What stands is noted first: what was not confirmed is given again.
            self._stands, self._owes = act, True
            self._set(act)

    def _draw(self, act: Act, duration_ms: int) -> None:
        if self._barrier.diagnostics().capabilities.timed:
            return
        ends_ms = self._clock() + duration_ms
        self._ends_ms = ends_ms if self._drawn is None else max(self._ends_ms, ends_ms)
        self._drawn = act

    def _patience_s(self) -> float:
        """How long an order may be waited for."""
        return POLL_S if self._drawn is None else min(POLL_S, max(self._ends_ms - self._clock(), 0) / 1000)

    def _has_to_move(self) -> bool:
        """Whether an order waits, or the end of a pulse."""
        return not self._orders.empty() or (self._drawn is not None and self._clock() >= self._ends_ms)

    def _end_pulse(self) -> None:
        """End the pulse of a board that cannot, when it is time; where that fails it is told as a close that failed."""
        act = self._drawn
        if act is None or self._clock() < self._ends_ms:
            return
        self._drawn = None
        close = replace(act, action="close")
        self._stands, self._owes = close, True
        try:
            self._set(close)
        except Exception as error:  # whatever it was, somebody must look at the door
            self._answer(close, "failed", f"the end of a pulse: {error}")
            raise

    def _set(self, act: Act) -> None:
        if act.action == "hold":
            self._barrier.hold()
        else:
            self._barrier.shut()
            self._stands = None
        self._owes = False

    def _restore(self) -> None:
        """Give again what stands, unless another such order waits; what had failed is answered anew."""
        act, owes = self._stands, self._owes
        with self._orders.mutex:
            waits = any(each.action != "pulse" for each in self._orders.queue)
        if waits or act is None:
            return
        self._set(act)
        if owes:
            self._answer(act, "done", "carried out after all")

    def _miss(self, act: Act, why: str) -> None:
        """It came too late; but how the barrier is to stand holds, whenever that can be reached."""
        if act.action != "pulse":
            self._stands, self._owes = act, True
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
                order=act.order,
            )
        )
