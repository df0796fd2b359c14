"""libosdp's peripheral side as the peer of OSDP readers, over a pty and over TCP."""

from __future__ import annotations

from pathlib import Path

from contract.cabled import Cabled
from contract.talking import Talking
from contract.wire import Pty, Tcp
from zhian_edge.config.readers import OsdpReader
from zhian_edge.hal.drivers.osdp import OsdpReaderDriver, line

KEY = bytes.fromhex("8d2f0a771c90b3e45566f1a2c3d4e5f6")


def write_key(folder: Path, key: bytes = KEY) -> Path:
    file = folder / "reader.key"
    file.touch(mode=0o600)
    file.write_text(key.hex())
    return file


class OsdpPeer(Cabled[Pty | Tcp]):
    driver = "osdp"
    flood = 20

    def __init__(self, folder: Path, wire: Pty | Tcp, key: str = KEY.hex(), *more: str) -> None:
        super().__init__(wire, Talking("osdp_peripheral.py", wire.peer_end, key, *more))
        self._key_file = str(write_key(folder))
        self._presented = 0

    @classmethod
    def over_pty(cls, folder: Path) -> OsdpPeer:
        return cls(folder, Pty())

    @classmethod
    def over_tcp(cls, folder: Path) -> OsdpPeer:
        return cls(folder, Tcp())

    def start(self) -> None:
        self._presented = 0
        super().start()

    @property
    def version(self) -> str:
        return f"{self.device.version} peripheral, {self.wire.kind}"

    @property
    def settings(self) -> OsdpReader:
        return OsdpReader(id="osdp", link=self.wire.driver_end, key_file=self._key_file)

    def reader(self) -> OsdpReaderDriver:
        return OsdpReaderDriver(self.settings, line([self.settings]))

    def present(self, card: str) -> None:
        self.device.tell(card=card, bits=4 * len(card))
        self._presented += 1
        self.device.await_said(lambda line: line.get("done", 0) >= self._presented, "the panel's taking of a card")

    def garbage(self) -> None:
        self.wire.noise(b"\xff\x53\x80\x08\x00\x05\x00noise\x53\x00")

    def cut(self) -> None:
        self.spoil()
