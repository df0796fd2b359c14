"""Wiegand readers on two lines of a GPIO chip."""

from __future__ import annotations

import errno
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final, Protocol

import gpiod
from gpiod.line import Bias, Direction, Edge
from zhian_wire.cards import of_bytes

from zhian_edge.config.readers import WiegandReader
from zhian_edge.errors import DeviceLost, DeviceRefused, EdgeError
from zhian_edge.hal.contracts import Diagnostics, Managed
from zhian_edge.hal.wiegand import REST_NS, Pulses, decode, is_key
from zhian_edge.process.clock import mono_ms
from zhian_edge.signals import CardRead

#: Edges that the kernel keeps for us: 13 cards of 37 bits, while another thread has the processor.
BUFFERED: Final = 1024


class Event(Protocol):
    """An edge, as gpiod tells it: numbers of one request go up by one, so that a lost edge shows."""

    @property
    def line_offset(self) -> int: ...

    @property
    def timestamp_ns(self) -> int: ...

    @property
    def global_seqno(self) -> int: ...


class Lines(Protocol):
    """What the driver needs of gpiod's `LineRequest`."""

    def wait_edge_events(self, timeout: float) -> bool: ...

    def read_edge_events(self) -> Sequence[Event]: ...

    def release(self) -> None: ...


def request(settings: WiegandReader) -> Lines:
    """Ask the kernel for both lines; edges are stamped by its monotonic clock."""
    line = gpiod.LineSettings(
        direction=Direction.INPUT,
        edge_detection=Edge.RISING if settings.inverted else Edge.FALLING,
        bias={"as-is": Bias.AS_IS, "pull-up": Bias.PULL_UP, "pull-down": Bias.PULL_DOWN}[settings.bias],
    )
    lines: Lines = gpiod.request_lines(
        settings.chip, {(settings.d0, settings.d1): line}, consumer="zhian-edge", event_buffer_size=BUFFERED
    )
    return lines


class WiegandDriver(Managed[WiegandReader]):
    """Reads messages of 26, 34 and 37 bits. What a keypad beside the reader sends is counted and not told."""

    def __init__(
        self,
        settings: WiegandReader,
        clock: Callable[[], int] = mono_ms,
        *,
        request: Callable[[WiegandReader], Lines] = request,
        monotonic_ns: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        super().__init__(settings)
        self._clock = clock
        self._request = request
        self._monotonic_ns = monotonic_ns
        self._lines: Lines | None = None
        self._pulses = Pulses(0)
        self._sequence = 0
        self._reads: deque[CardRead] = deque()
        self._counters: Counter[str] = Counter()

    def open(self) -> None:
        """As `Device`.

        Raises:
            DeviceLost: no such chip now, or another program has a line.
            DeviceRefused: no right to the chip, or it has no such line.
        """
        self.close()
        try:
            self._lines = self._request(self._settings)
        except (OSError, ValueError) as error:
            raise _not_opened(self._settings, error) from error
        self._pulses, self._sequence = Pulses(self._monotonic_ns()), 0

    def close(self) -> None:
        """As `Device`."""
        lines, self._lines = self._lines, None
        if lines is not None:
            with suppress(OSError):  # its chip may be unplugged
                lines.release()
            self._counters["garbled"] += self._pulses.garbled
            self._counters["bounces"] += self._pulses.bounces
            self._pulses = Pulses(0)

    def read(self, timeout_s: float) -> CardRead | None:
        """As `CardReader`."""
        until = time.monotonic() + timeout_s
        while not self._reads:
            if self._lines is None:
                raise DeviceLost(f"{self.name}: not open")
            left = until - time.monotonic()
            if left <= 0:
                return None
            self._take(self._lines, min(left, REST_NS / 1e9))
        return self._reads.popleft()

    def diagnostics(self) -> Diagnostics:
        """As `Device`. Two wires tell nothing of who is at their other end."""
        settings, counters = self._settings, self._counters
        return Diagnostics(
            link=f"{settings.chip} D0 {settings.d0} D1 {settings.d1}",
            model="wiegand",
            counters={
                "reads": counters["reads"],
                "garbled": counters["garbled"] + self._pulses.garbled,
                "bounces": counters["bounces"] + self._pulses.bounces,
                "keys": counters["keys"],
                "lost": counters["lost"],
            },
        )

    def _take(self, lines: Lines, timeout_s: float) -> None:
        """The edges that there are; without any, see whether a message is over."""
        try:
            events = lines.read_edge_events() if lines.wait_edge_events(timeout_s) else ()
            now_ns = self._monotonic_ns()
            # Only when none is waiting now, all that came until `now_ns` is here.
            rested = not events and not lines.wait_edge_events(0)
        except (OSError, gpiod.RequestReleasedError) as error:
            raise DeviceLost(f"{self._settings.chip}: {error}") from error
        for event in events:
            if self._sequence and event.global_seqno != self._sequence + 1:
                self._counters["lost"] += event.global_seqno - self._sequence - 1
                self._pulses.lost()
            self._sequence = event.global_seqno
            self._understand(self._pulses.step(int(event.line_offset == self._settings.d1), event.timestamp_ns))
        if rested:
            self._understand(self._pulses.rest(now_ns))

    def _understand(self, bits: Sequence[int] | None) -> None:
        if bits is None:
            return
        word = decode(bits)
        if word is None:
            self._counters["keys" if is_key(bits) else "garbled"] += 1
            return
        card = word.card
        if self._settings.byte_order == "reversed":
            card = of_bytes(bytes.fromhex(card)[::-1]).card
        self._counters["reads"] += 1
        self._reads.append(CardRead(reader=self.name, at_ms=self._clock(), card=card, bits=word.length))


def _not_opened(settings: WiegandReader, error: OSError | ValueError) -> EdgeError:
    where = f"{settings.chip}, lines {settings.d0} and {settings.d1}"
    number = getattr(error, "errno", None)
    if number in (errno.EACCES, errno.EPERM):
        return DeviceRefused(f"{where}: no right to use it; add this user to the group that owns it (gpio)")
    if number == errno.EBUSY:
        return DeviceLost(f"{where}: another program uses one of them")
    if number in (errno.EINVAL, errno.ENOTTY) or number is None:
        return DeviceRefused(f"{where}: {error}; is it a GPIO chip that has these lines?")
    return DeviceLost(f"{where}: {error}")
