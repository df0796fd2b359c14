"""Devices that are only a script: for demonstrations, for tests, and for a site whose hardware has not come yet."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from zhian_edge.config.actuators import VirtualBarrier, VirtualInput
from zhian_edge.config.readers import VirtualReader
from zhian_edge.errors import DeviceLost
from zhian_edge.hal.contracts import BarrierState, Capabilities, Diagnostics, Feedback, Managed
from zhian_edge.hal.expiry import demand
from zhian_edge.hal.inputs import State
from zhian_edge.hal.script import Line, Script
from zhian_edge.process.clock import mono_ms
from zhian_edge.signals import CardRead, Contact

_POLL_S: Final = 0.02


class _Played(Managed[VirtualReader | VirtualInput]):
    """A device that plays its script, from where it was when it is opened again."""

    def __init__(self, settings: VirtualReader | VirtualInput, clock: Callable[[], int]) -> None:
        super().__init__(settings)
        self._script = Script(Path(settings.script), settings.loop_s)
        self._clock = clock
        self._open = False
        self._counters = {"reads": 0}

    def open(self) -> None:
        """Raises `DeviceLost` when the script is not there."""
        self._script.check()
        self._open = True

    def close(self) -> None:
        """As `Device`."""
        self._open = False

    def _next(self, timeout_s: float) -> Line | None:
        """The next line that is no failure."""
        if not self._open:
            raise DeviceLost(f"{self.name}: not open")
        until = time.monotonic() + timeout_s
        while (line := self._script.due(self._clock())) is None:
            left = until - time.monotonic()
            if left <= 0:
                return None
            time.sleep(min(left, _POLL_S))
        if line.fail is not None:
            raise line.error()
        self._counters["reads"] += 1
        return line


class VirtualReaderDriver(_Played):
    """Reads the cards of its script."""

    def __init__(self, settings: VirtualReader, clock: Callable[[], int] = mono_ms) -> None:
        super().__init__(settings, clock)
        self._tamper = False
        self._shown: Feedback = "idle"

    def read(self, timeout_s: float) -> CardRead | None:
        """As `CardReader`."""
        line = self._next(timeout_s)
        if line is None:
            return None
        if line.tamper is not None:
            self._tamper = line.tamper
        if line.card is None:
            return None
        return CardRead(reader=self.name, at_ms=self._clock(), card=line.card.upper(), bits=line.bits)

    def show(self, feedback: Feedback) -> None:
        """As `Sounder`; `diagnostics` tells what is shown."""
        self._shown = feedback

    def diagnostics(self) -> Diagnostics:
        """As `Device`."""
        return Diagnostics(
            link=self._settings.script,
            model="virtual",
            tamper=self._tamper,
            capabilities=Capabilities(lights=True, sounds=True, tamper=True),
            counters={**self._counters, "garbled": self._script.garbled},
            detail={"shown": self._shown},
        )


class VirtualInputDriver(_Played):
    """Changes as its script says."""

    def __init__(self, settings: VirtualInput, clock: Callable[[], int] = mono_ms) -> None:
        super().__init__(settings, clock)
        self._state: State | None = None
        self._told = True

    def open(self) -> None:
        """As `_Played`; how it was last is told again."""
        super().open()
        self._told = self._state is None

    def read(self, timeout_s: float) -> Contact | None:
        """As `InputPort`."""
        if self._told:
            line = self._next(timeout_s)
            self._state = line.state if line is not None and line.state is not None else self._state
            self._told = line is None or line.state is None
        if self._told or self._state is None:
            return None
        self._told = True
        return Contact(device=self.name, at_ms=self._clock(), state=self._state)

    def diagnostics(self) -> Diagnostics:
        """As `Device`."""
        counters = {**self._counters, "garbled": self._script.garbled}
        return Diagnostics(link=self._settings.script, model="virtual", counters=counters)


class VirtualBarrierDriver(Managed[VirtualBarrier]):
    """Writes its orders down, and fails the next one when its script says so: whoever looks at it changes nothing."""

    def __init__(self, settings: VirtualBarrier, clock: Callable[[], int] = mono_ms) -> None:
        super().__init__(settings)
        self._journal = Path(settings.journal) if settings.journal else None
        self._script = Script(Path(settings.script)) if settings.script else None
        self._clock = clock
        self._open = False
        self._held = False
        self._until_ms: int | None = None
        self._state = BarrierState()
        self._failing: deque[Line] = deque()
        self._orders = 0

    def open(self) -> None:
        """Raises `DeviceLost` when there is a script, but not there."""
        if self._script is not None:
            self._script.check()
        self._open = True

    def close(self) -> None:
        """As `Device`."""
        self._open = False

    def pulse(self, duration_ms: int, until_ms: int | None = None) -> None:
        """As `Barrier`."""
        demand(until_ms, self._clock())
        self._order("pulse", duration_ms)
        self._until_ms = self._clock() + duration_ms

    def hold(self) -> None:
        """As `Barrier`."""
        self._order("hold")
        self._held = True

    def shut(self) -> None:
        """As `Barrier`."""
        self._order("shut")
        self._held, self._until_ms = False, None

    def state(self) -> BarrierState:
        """As `Barrier`."""
        self._play()
        drawn = self._held or (self._until_ms is not None and self._clock() < self._until_ms)
        return msgspec.structs.replace(self._state, output="on" if drawn else "off")

    def diagnostics(self) -> Diagnostics:
        """As `Device`."""
        return Diagnostics(
            link=str(self._journal or ""),
            model="virtual",
            capabilities=Capabilities(timed=True, reads_back=True),
            counters={"orders": self._orders, "garbled": self._script.garbled if self._script else 0},
        )

    def _order(self, order: str, duration_ms: int = 0) -> None:
        self._play()
        if self._failing:
            raise self._failing.popleft().error()
        line = {"at_ms": self._clock(), "barrier": self.name, "order": order, "ms": duration_ms}
        if self._journal is not None:
            try:
                with self._journal.open("ab") as file:
                    file.write(msgspec.json.encode(line) + b"\n")
            except OSError as error:
                raise DeviceLost(f"{self._journal}: {error.strerror}") from error
        self._orders += 1

    def _play(self) -> None:
        """What the script says until now."""
        if not self._open:
            raise DeviceLost(f"{self.name}: not open")
        while self._script is not None and (line := self._script.due(self._clock())) is not None:
            if line.fail is not None:
                self._failing.append(line)
            if line.door is not None:
                self._state = BarrierState(door=line.door)
