"""Readers that are a keyboard: they type the card's number. Grabbed, so that it is typed nowhere else."""

from __future__ import annotations

import errno
import os
import select
import time
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import evdev
from zhian_wire.cards import canonical
from zhian_wire.errors import BadIdentifier

from zhian_edge.config.readers import WedgeReader
from zhian_edge.errors import DeviceLost, DeviceRefused, EdgeError
from zhian_edge.hal.contracts import Diagnostics, Managed
from zhian_edge.hal.keystrokes import ENTER, GAP_MS, Typist
from zhian_edge.process.clock import mono_ms
from zhian_edge.signals import CardRead

#: Signs around a number that some wedges type, as magnetic stripes had them.
_SENTINELS: Final = ";%?+= "
_EV_SYN, _EV_KEY, _SYN_DROPPED = 0, 1, 3


class WedgeDriver(Managed[WedgeReader]):
    """Reads what one input device types."""

    def __init__(self, settings: WedgeReader, clock: Callable[[], int] = mono_ms) -> None:
        super().__init__(settings)
        self._clock = clock
        self._device: evdev.InputDevice[str] | None = None
        self._typist = Typist(settings.layout, 0)
        self._reads: deque[CardRead] = deque()
        self._counters: Counter[str] = Counter()
        self._model = ""

    def open(self) -> None:
        """As `Device`.

        Raises:
            DeviceLost: it is not plugged in, or another program has grabbed it.
            DeviceRefused: no right to it, or it is no keyboard.
        """
        self.close()
        device = self._opened()
        try:
            if ENTER not in device.capabilities().get(_EV_KEY, ()):
                raise DeviceRefused(f"{self._settings.device}: {device.name} has no Enter key: it is no keyboard")
            device.grab()
        except OSError as error:
            device.close()
            raise DeviceLost(f"{self._settings.device}: another program has grabbed it: {error.strerror}") from error
        except EdgeError:
            device.close()
            raise
        # A line may be half typed already. Where all lines are equally long, its rest is known for what it is.
        since = self._clock() - (GAP_MS + 1 if self._settings.length else 0)
        self._typist = Typist(self._settings.layout, since)
        self._model, self._device = device.name, device

    def close(self) -> None:
        """As `Device`."""
        device, self._device = self._device, None
        if device is not None:
            self._counters["garbled"] += self._typist.garbled
            self._typist.garbled = 0
            with suppress(OSError):  # it may be unplugged; what it had grabbed is free then
                device.ungrab()
            device.close()

    def read(self, timeout_s: float) -> CardRead | None:
        """As `CardReader`."""
        until = time.monotonic() + timeout_s
        while not self._reads:
            if self._device is None:
                raise DeviceLost(f"{self.name}: not open")
            left = until - time.monotonic()
            if left <= 0 or not select.select([self._device.fd], [], [], left)[0]:
                return None
            self._take(self._device)
        return self._reads.popleft()

    def diagnostics(self) -> Diagnostics:
        """As `Device`."""
        return Diagnostics(
            link=self._settings.device,
            model=self._model,
            counters={
                "reads": self._counters["reads"],
                "garbled": self._counters["garbled"] + self._typist.garbled,
                "refused": self._counters["refused"],
            },
        )

    def _opened(self) -> evdev.InputDevice[str]:
        path = self._settings.device
        if not Path(path).exists():
            raise DeviceLost(f"{path}: no such device; is the reader plugged in?")
        if not os.access(path, os.R_OK | os.W_OK):
            raise DeviceRefused(f"{path}: no right to use it; add this user to the group `input`")
        try:
            return evdev.InputDevice(path)
        except OSError as error:
            number = error.errno or 0
            kind = DeviceRefused if number in (errno.ENOTTY, errno.EINVAL) else DeviceLost
            raise kind(f"{path}: {error.strerror or error}") from error

    def _take(self, device: evdev.InputDevice[str]) -> None:
        """All keys that the system has for us."""
        try:
            events = list(device.read())
        except BlockingIOError:
            return
        except OSError as error:
            raise DeviceLost(f"{self._settings.device}: {error.strerror}; it was unplugged") from error
        at_ms = self._clock()
        for event in events:
            if event.type == _EV_SYN and event.code == _SYN_DROPPED:
                self._typist.lost()
            elif event.type == _EV_KEY and (line := self._typist.step(event.code, event.value, at_ms)):
                self._understand(line, at_ms)

    def _understand(self, line: str, at_ms: int) -> None:
        settings, number = self._settings, line.strip(_SENTINELS)
        try:
            card, bits = canonical(number, settings.spelling, settings.bits)
        except BadIdentifier:
            card, bits = "", 0
        if not card or (settings.length and len(number) != settings.length):
            self._counters["refused"] += 1
            return
        self._counters["reads"] += 1
        self._reads.append(CardRead(reader=self.name, at_ms=at_ms, card=card, bits=bits))
