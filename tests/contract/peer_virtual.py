"""The script of a virtual reader as its peer: killed, it is not there."""

from __future__ import annotations

import json
from pathlib import Path

from support.waiting import eventually
from zhian_edge.config.readers import VirtualReader
from zhian_edge.hal.drivers.virtual import VirtualReaderDriver


class VirtualPeer:
    driver = "virtual"
    version = "a script"
    flood = 500

    def __init__(self, folder: Path) -> None:
        self._file = folder / "script.jsonl"
        self._away = folder / "away.jsonl"
        self._away.touch()
        self._reader: VirtualReaderDriver | None = None
        self._presented = 0

    def start(self) -> None:
        self._away.rename(self._file)

    def kill(self) -> None:
        """A script is only a file: it is taken away when what is in it was played."""
        if self._reader is not None:
            played = self._reader.diagnostics
            eventually(lambda: played().counters["reads"] >= self._presented, "the script's end")
        self._file.rename(self._away)

    def close(self) -> None:
        """It is a file of the test's own folder."""

    def reader(self) -> VirtualReaderDriver:
        self._reader = VirtualReaderDriver(VirtualReader(id="virtual", script=str(self._file)))
        return self._reader

    def present(self, card: str) -> None:
        self._presented += 1
        self._append(json.dumps({"card": card}).encode() + b"\n")

    def garbage(self) -> None:
        self._append(b'\x00\xff{"card": 7}\n')

    def cut(self) -> None:
        self._append(b'{"card": "04A1\n')

    def _append(self, data: bytes) -> None:
        with self._file.open("ab") as file:
            file.write(data)
