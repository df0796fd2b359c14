"""Devices as services of a supervisor: each step is one bounded wait for what the device has to say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

from zhian_wire.events import Health

from zhian_edge.hal.contracts import CardReader, InputPort
from zhian_edge.signals import CardRead, Contact

#: A step ends after so long when nothing comes, so that a supervisor can stop its thread.
STEP_S: Final = 0.5
Said: TypeAlias = CardRead | Contact | Health


class ReaderService:
    """A reader: its cards, and once each way that somebody tampers with it."""

    def __init__(self, reader: CardReader) -> None:
        self._reader = reader
        self._tamper = False

    @property
    def name(self) -> str:
        """Of the reader."""
        return self._reader.name

    def open(self) -> None:
        """As `Service`."""
        self._reader.open()

    def step(self) -> Sequence[Said]:
        """One read."""
        read = self._reader.read(STEP_S)
        said: list[Said] = [] if read is None else [read]
        tamper = self._reader.diagnostics().tamper
        if tamper is not None and tamper != self._tamper:
            self._tamper = tamper
            said.append(_tampered(self.name, tamper=tamper))
        return said

    def close(self) -> None:
        """As `Service`."""
        self._reader.close()


class InputService:
    """A contact or alarm input."""

    def __init__(self, port: InputPort) -> None:
        self._port = port

    @property
    def name(self) -> str:
        """Of the input."""
        return self._port.name

    def open(self) -> None:
        """As `Service`."""
        self._port.open()

    def step(self) -> Sequence[Said]:
        """One change."""
        change = self._port.read(STEP_S)
        return [] if change is None else [change]

    def close(self) -> None:
        """As `Service`."""
        self._port.close()


def _tampered(reader: str, *, tamper: bool) -> Health:
    return Health(
        component="reader",
        device=reader,
        status="degraded" if tamper else "ok",
        cause="tamper" if tamper else "",
        detail="the reader says that it was opened or taken off" if tamper else "",
    )
