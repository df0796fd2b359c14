"""llrpkit's emulator as the peer of UHF readers."""

from __future__ import annotations

from pathlib import Path

from contract.cabled import Cabled
from contract.talking import Talking
from contract.wire import Tcp
from zhian_edge.config.readers import LlrpReader
from zhian_edge.hal.drivers.llrp import LlrpReaderDriver


class LlrpPeer(Cabled[Tcp]):
    driver = "llrp"
    flood = 60

    def __init__(self, _folder: Path) -> None:
        wire = Tcp()
        super().__init__(wire, Talking("llrp_emulator.py", str(wire.peer_port)))

    @property
    def version(self) -> str:
        return f"{self.device.version} emulator"

    @property
    def settings(self) -> LlrpReader:
        return LlrpReader(id="llrp", host="127.0.0.1", port=self.wire.port, dwell_s=60)

    def reader(self) -> LlrpReaderDriver:
        return LlrpReaderDriver(self.settings)

    def present(self, card: str) -> None:
        """The tag stays in the field: a UHF reader tells it again and again."""
        self.device.tell(card=card)
        self.device.await_said(lambda line: line.get("sent") == card, "the report of a tag")

    def garbage(self) -> None:
        self.wire.noise(b"\x00\xff no LLRP \x00")

    def cut(self) -> None:
        """A TCP connection loses no byte in its middle: it breaks in the middle of a message."""
        self.wire.cut()
        self.wire.hang_up()
