"""The barriers of the rush: the node's own barrier service over virtual barriers, with door contacts read back.

A door stands open as long as its barrier is drawn. Nobody in the rush waits for it: it is counted what was opened, for
whom, and when, not who was stopped.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from zhian_edge.acting import BarrierService
from zhian_edge.config.actuators import VirtualBarrier
from zhian_edge.decision.actions import Act, Action
from zhian_edge.hal.drivers.virtual import VirtualBarrierDriver
from zhian_edge.signals import Acted, Contact

#: A door stands open for so long after a decision.
PULSE_S: Final = 1.0


@dataclass(frozen=True)
class Pulse:
    """One opening. `took_ms`: from when its round began until the barrier was drawn; `committed`: its decision was on
    the disk when the order was handed out."""

    lane: str
    transaction: str
    at_ms: int
    took_ms: float
    committed: bool


class Gates:
    """All barriers. `committed` says whether a transaction's decision is on the disk."""

    def __init__(self, lanes: int, home: Path, now: Callable[[], int], committed: Callable[[str], bool]) -> None:
        self._now, self._committed = now, committed
        self._orders: list[tuple[Act, bool]] = []
        self._acted: list[Acted] = []
        self._drivers = {f"lane-{n + 1}": _driver(n, home, now) for n in range(lanes)}
        self._services = {
            lane: BarrierService(driver, round(PULSE_S * 1000), self._acted.append, now)
            for lane, driver in self._drivers.items()
        }
        self._doors = dict.fromkeys(self._drivers, "closed")
        self.pulses: list[Pulse] = []
        for service in self._services.values():
            service.open()

    def act(self, actions: Sequence[Action]) -> None:
        """As `Deciding` hands them out: the barriers have threads of their own, so it only notes them."""
        self._orders += [(act, self._committed(act.transaction)) for act in actions if isinstance(act, Act)]

    def carry_out(self, began: float) -> list[Acted | Contact]:
        """What was ordered in a round that began then (`perf_counter`); what devices say to the decision about it."""
        orders, self._orders = self._orders, []
        for act, committed in orders:
            service = self._services[act.lane]
            service.order(act)
            service.step()
            if act.action == "pulse":
                took_ms = (time.perf_counter() - began) * 1000
                self.pulses.append(Pulse(act.lane, act.transaction, self._now(), took_ms, committed))
        acted = list(self._acted)
        self._acted.clear()
        return [*acted, *self._read_back()]

    def _read_back(self) -> list[Contact]:
        said: list[Contact] = []
        for lane, driver in self._drivers.items():
            door = "open" if driver.state().output == "on" else "closed"
            if door != self._doors[lane]:
                self._doors[lane] = door
                state = "open" if door == "open" else "closed"
                said.append(Contact(device=driver.name, at_ms=self._now(), state=state))
        return said


def _driver(lane: int, home: Path, now: Callable[[], int]) -> VirtualBarrierDriver:
    name = f"barrier-{lane + 1}"
    journal = str(home / f"{name}.jsonl")
    return VirtualBarrierDriver(VirtualBarrier(id=name, lane=f"lane-{lane + 1}", journal=journal), now)
