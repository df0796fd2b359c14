"""Barriers and inputs on the lines of a GPIO chip (gpiod).

No line has a timer of its own, so the node ends each pulse (`acting`); the kernel lets go of the lines when the process
ends, and what their level is then is the board's affair: a relay with a pull-down falls off.
"""

from __future__ import annotations

import errno
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Final, Protocol, TypeVar

import gpiod
from gpiod.line import Bias, Direction, Value

from zhian_edge.config.actuators import GpioBarrier, GpioInput
from zhian_edge.errors import DeviceLost, DeviceRefused, EdgeError
from zhian_edge.hal.contracts import BarrierState, Capabilities, Diagnostics, Managed
from zhian_edge.hal.expiry import demand
from zhian_edge.hal.inputs import Settled
from zhian_edge.process.clock import mono_ms
from zhian_edge.signals import Contact

POLL_S: Final = 0.02
_CONSUMER: Final = "zhian-edge"
_BIAS: Final = {"as-is": Bias.AS_IS, "pull-up": Bias.PULL_UP, "pull-down": Bias.PULL_DOWN}


class Lines(Protocol):
    """What the drivers need of gpiod's `LineRequest`; `ACTIVE` is after `active_low`."""

    def get_value(self, line: int) -> Value: ...

    def set_value(self, line: int, value: Value) -> None: ...

    def release(self) -> None: ...


def request_barrier(settings: GpioBarrier) -> Lines:
    """Ask the kernel for the relay's line, which lets go at once, and for that of the contact."""
    relay = gpiod.LineSettings(direction=Direction.OUTPUT, active_low=settings.active_low, output_value=Value.INACTIVE)
    wanted: dict[Iterable[int | str] | int | str, gpiod.LineSettings | None] = {settings.line: relay}
    if settings.contact is not None:
        wanted[settings.contact] = gpiod.LineSettings(direction=Direction.INPUT)
    lines: Lines = gpiod.request_lines(settings.chip, wanted, consumer=_CONSUMER)
    return lines


def request_input(settings: GpioInput) -> Lines:
    """Ask the kernel for an input's line."""
    line = gpiod.LineSettings(direction=Direction.INPUT, active_low=settings.active_low, bias=_BIAS[settings.bias])
    lines: Lines = gpiod.request_lines(settings.chip, {settings.line: line}, consumer=_CONSUMER)
    return lines


T = TypeVar("T")
G = TypeVar("G", bound=GpioBarrier | GpioInput)


class _OnLines(Managed[G]):
    """Has lines of a chip while it is open."""

    def __init__(self, settings: G, request: Callable[[G], Lines]) -> None:
        super().__init__(settings)
        self._request = request
        self._lines: Lines | None = None

    def open(self) -> None:
        """Raises `DeviceLost` when the chip is away or a line taken, `DeviceRefused` without right or such a line."""
        self.close()
        try:
            self._lines = self._request(self._settings)
        except (OSError, ValueError) as error:
            raise _not_opened(self._settings.chip, error) from error

    def close(self) -> None:
        """As `Device`."""
        lines, self._lines = self._lines, None
        if lines is not None:
            with suppress(OSError):
                lines.release()

    def _get(self, line: int) -> bool:
        return self._on_lines(lambda lines: lines.get_value(line)) == Value.ACTIVE

    def _on_lines(self, do: Callable[[Lines], T]) -> T:
        if self._lines is None:
            raise DeviceLost(f"{self.name}: not open")
        try:
            return do(self._lines)
        except (OSError, gpiod.RequestReleasedError) as error:
            raise DeviceLost(f"{self._settings.chip}: {error}") from error


class GpioBarrierDriver(_OnLines[GpioBarrier]):
    """A relay on a line, and another line as its door contact."""

    def __init__(self, settings: GpioBarrier, *, request: Callable[[GpioBarrier], Lines] = request_barrier) -> None:
        super().__init__(settings, request)
        self._orders = 0

    def pulse(self, duration_ms: int, until_ms: int | None = None) -> None:  # noqa: ARG002 - no line counts it
        """As `Barrier`; no line has a timer, so that it stays drawn."""
        demand(until_ms, mono_ms())
        self._set(Value.ACTIVE)
        self._orders += 1

    def hold(self) -> None:
        """As `Barrier`."""
        self._set(Value.ACTIVE)
        self._orders += 1

    def shut(self) -> None:
        """As `Barrier`."""
        self._set(Value.INACTIVE)
        self._orders += 1

    def state(self) -> BarrierState:
        """As `Barrier`."""
        settings = self._settings
        output = self._get(settings.line)
        door = "unknown"
        if settings.contact is not None:
            door = "open" if self._get(settings.contact) == settings.contact_open else "closed"
        return BarrierState(output="on" if output else "off", door=door)  # type: ignore[arg-type]

    def diagnostics(self) -> Diagnostics:
        """As `Device`."""
        return Diagnostics(
            link=f"{self._settings.chip}, line {self._settings.line}",
            capabilities=Capabilities(reads_back=True),
            counters={"orders": self._orders},
        )

    def _set(self, value: Value) -> None:
        self._on_lines(lambda lines: lines.set_value(self._settings.line, value))


class GpioInputDriver(_OnLines[GpioInput]):
    """A contact or alarm input on a line."""

    def __init__(
        self,
        settings: GpioInput,
        *,
        request: Callable[[GpioInput], Lines] = request_input,
        clock: Callable[[], int] = mono_ms,
    ) -> None:
        super().__init__(settings, request)
        self._clock = clock
        self._settled = Settled(settings.role, round(settings.settle_s * 1000))
        self._changes = 0

    def open(self) -> None:
        """As `_OnLines`."""
        super().open()
        self._settled.forget()

    def read(self, timeout_s: float) -> Contact | None:
        """As `InputPort`."""
        until = time.monotonic() + timeout_s
        while True:
            now_ms = self._clock()
            state = self._settled.step(now_ms, active=self._get(self._settings.line))
            if state is not None:
                self._changes += 1
                return Contact(device=self.name, at_ms=now_ms, state=state)
            left = until - time.monotonic()
            if left <= 0:
                return None
            time.sleep(min(left, POLL_S))

    def diagnostics(self) -> Diagnostics:
        """As `Device`."""
        link = f"{self._settings.chip}, line {self._settings.line}"
        return Diagnostics(link=link, counters={"changes": self._changes})


def _not_opened(chip: str, error: OSError | ValueError) -> EdgeError:
    """A chip that is unplugged, or a line that another program has, may come back."""
    number = getattr(error, "errno", None)
    if number in (errno.EACCES, errno.EPERM):
        return DeviceRefused(f"{chip}: {error}; the node's user must be in the group that owns it (gpio)")
    if isinstance(error, ValueError) or number == errno.EINVAL:
        return DeviceRefused(f"{chip}: it has no such line: {error}")
    return DeviceLost(f"{chip}: {error}")
