"""A serial board on a pty: a process of ours that speaks the documented bytes, as no maker ships a board's code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from contract.talking import Obeying
from zhian_edge.config.readers import BoardName, SerialReader
from zhian_edge.hal.drivers.serial_board import SerialBoardDriver


class SerialPeer:
    """Each card is seen 50 times in a round."""

    flood = 20

    def __init__(self, folder: Path, board: BoardName) -> None:
        self.driver = f"serial-board {board}"
        self.version = "our own process on a pty, documented bytes"
        self.prefix = "4C00A1" if board == "rdm6300" else "04A1"
        self._board: BoardName = board
        self._link = folder / "ttyBOARD"
        self.device = Obeying("board_process.py", board, self._link)

    def start(self) -> None:
        self.device.start()

    def kill(self) -> None:
        self.device.kill()

    def close(self) -> None:
        self.kill()

    def reader(self, **settings: Any) -> SerialBoardDriver:
        return SerialBoardDriver(SerialReader(id="board", link=str(self._link), **({"board": self._board} | settings)))

    def present(self, card: str) -> None:
        self.device.order(f"present {card}")

    def garbage(self) -> None:
        self.device.order("garbage")

    def cut(self) -> None:
        self.device.order("cut")
