"""A serial board on a pty: a process of ours that speaks the documented bytes, as no maker ships a board's code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from contract.cabled import Played
from contract.talking import Obeying
from zhian_edge.config.readers import BoardName, SerialReader
from zhian_edge.hal.drivers.serial_board import SerialBoardDriver


class SerialPeer(Played[Obeying]):
    """Each card is seen 50 times in a round."""

    flood = 20

    def __init__(self, folder: Path, board: BoardName) -> None:
        self._link = folder / "ttyBOARD"
        super().__init__(Obeying("board_process.py", board, self._link))
        self.driver = f"serial-board {board}"
        self.prefix = "4C00A1" if board == "rdm6300" else "04A1"
        self._board: BoardName = board

    def reader(self, **settings: Any) -> SerialBoardDriver:
        return SerialBoardDriver(SerialReader(id="board", link=str(self._link), **({"board": self._board} | settings)))

    def present(self, card: str) -> None:
        self.device.order(f"present {card}")

    def garbage(self) -> None:
        self.device.order("garbage")

    def cut(self) -> None:
        self.device.order("cut")
