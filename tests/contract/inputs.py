"""What the contract demands of the other side of an input, and who there is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

from contract.barriers import ModbusPeer, OsdpBarrierPeer, VirtualBarrierPeer
from contract.peer import Peer
from contract.peer_gpio import GpioPeer
from contract.peer_wiegand import usable as gpio_sim
from zhian_edge.hal.contracts import InputPort


class InputPeer(Peer, Protocol):
    """An input's other side: the same devices that have a barrier, too."""

    def input(self) -> InputPort:
        """A driver for it."""
        ...

    def press(self, level: int) -> None:
        """Have it active (1) or idle (0)."""
        ...

    def spoil(self) -> None:
        """Of what the peer says next only a part arrives; returns when that was said."""
        ...


INPUTS: Final[dict[str, Callable[[Path], InputPeer]]] = {
    "virtual": VirtualBarrierPeer,
    "modbus-tcp": ModbusPeer.over_tcp,
    "modbus-rtu": ModbusPeer.over_pty,
    "osdp": OsdpBarrierPeer,
    **({"gpio": GpioPeer} if gpio_sim() else {}),
}

#: Peers on serial lines, which take their time.
SLOW: Final = frozenset({"modbus-rtu", "osdp"})
