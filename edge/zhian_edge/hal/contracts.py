"""The contracts of readers, inputs and barriers; each is driven like a service (see `supervisor`).

Drivers raise `Transient` for what may pass by itself and `Permanent` for what a person must mend; who supervises them
decides what then. A time-out is no error: nothing came.
"""

from __future__ import annotations

from typing import Protocol

from zhian_edge.signals import CardRead, Contact


class Device(Protocol):
    """What all devices have in common. `open` leaves nothing behind when it fails; `close` may be called twice."""

    @property
    def name(self) -> str:
        """As in the configuration."""
        ...

    def open(self) -> None: ...

    def close(self) -> None: ...


class CardReader(Device, Protocol):
    """Reads identifiers. One physical presentation may give several reads; the decision merges them."""

    def read(self, timeout_s: float) -> CardRead | None:
        """The next identifier, None when none came in time."""
        ...


class InputPort(Device, Protocol):
    """Contacts and alarm inputs; after `open` the first reads state how each of them is."""

    def read(self, timeout_s: float) -> Contact | None:
        """The next change, None when none came in time."""
        ...


class Barrier(Device, Protocol):
    """Lets somebody through. The board times the pulse itself where it can, so that a crash leaves nothing open."""

    def pulse(self, duration_ms: int) -> None:
        """Open once. Returns when the board has confirmed it; raises when it is not known to have been done."""
        ...
