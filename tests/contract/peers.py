"""What the contract demands of the other side of a reader, and who there is."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from contract.peer import Peer
from contract.peer_llrp import LlrpPeer
from contract.peer_osdp import OsdpPeer
from contract.peer_pcsc import PcscPeer
from contract.peer_serial import SerialPeer
from contract.peer_virtual import VirtualPeer
from contract.peer_wedge import WedgePeer
from contract.peer_wedge import usable as uinput
from contract.peer_wiegand import WiegandPeer
from contract.peer_wiegand import usable as gpio_sim
from zhian_edge.hal.contracts import CardReader


class ReaderPeer(Peer, Protocol):
    """A reader's other side. `flood` is how many cards it is given at once."""

    flood: int

    def reader(self) -> CardReader:
        """A driver for it."""
        ...

    def present(self, card: str) -> None:
        """Present a card; returns when the peer has handed it over, so that it must not be lost any more."""
        ...


PEERS: Final[dict[str, Callable[[Path], ReaderPeer]]] = {
    "virtual": VirtualPeer,
    "llrp": LlrpPeer,
    "osdp-pty": OsdpPeer.over_pty,
    "osdp-tcp": OsdpPeer.over_tcp,
    "m100": partial(SerialPeer, board="m100"),
    "uhfreader18": partial(SerialPeer, board="uhfreader18"),
    "uhfreader288": partial(SerialPeer, board="uhfreader288"),
    "r2000": partial(SerialPeer, board="r2000"),
    "pn532": partial(SerialPeer, board="pn532"),
    "rdm6300": partial(SerialPeer, board="rdm6300"),
    "text-line": partial(SerialPeer, board="text-line"),
    "pcsc": PcscPeer,
    **({"wedge": WedgePeer} if uinput() else {}),
    **({"wiegand": WiegandPeer} if gpio_sim() else {}),
}

#: Peers that differ from others in their cable or in their frames alone (those are tested without a process, too), or
#: that take long to see a card come.
SLOW: Final = frozenset({"osdp-pty", "osdp-tcp", "uhfreader18", "uhfreader288", "r2000", "pn532", "pcsc"})
