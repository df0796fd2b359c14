"""A peer that is one process; one at the end of a cable is killed and started again, and the cable stays."""

from __future__ import annotations

from typing import Generic, TypeVar

from contract.talking import Obeying, Talking
from contract.wire import Pty, Tcp

#: An order as the peer saw it: pulse, on or off; and for how many milliseconds.
Order = tuple[str, int]

D = TypeVar("D", bound=Talking | Obeying)
W = TypeVar("W", bound=Pty | Tcp)


class Played(Generic[D]):
    """`device` is the process; it says which version it is."""

    def __init__(self, device: D) -> None:
        self.device = device

    @property
    def version(self) -> str:
        return self.device.version

    def start(self) -> None:
        self.device.start()

    def kill(self) -> None:
        self.device.kill()

    def close(self) -> None:
        self.kill()


class Cabled(Played[Talking], Generic[W]):
    """`wire` is the cable that leads to the device."""

    def __init__(self, wire: W, device: Talking) -> None:
        super().__init__(device)
        self.wire = wire

    def close(self) -> None:
        super().close()
        self.wire.close()

    def spoil(self) -> None:
        """Of what it says next only the first half arrives; returns when that was said."""
        self.wire.cut()


def ordered(device: Talking) -> list[Order]:
    """The orders of a device that says each as `{"order": WORD, "ms": N}`."""
    return [(line["order"], line["ms"]) for line in [*device.earlier, *device.said] if "order" in line]


class CabledBarrier(Cabled[W]):
    """A barrier at the end of a cable."""

    def orders(self) -> list[Order]:
        return ordered(self.device)

    def cut(self) -> None:
        """Of the answer to the next order."""
        self.wire.begin_cut()
