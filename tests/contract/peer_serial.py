"""A serial board on a pty: a process of ours that speaks the documented bytes, as no maker ships a board's code."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from zhian_edge.config.readers import BoardName, SerialReader
from zhian_edge.hal.drivers.serial_board import SerialBoardDriver

PROCESS = Path(__file__).with_name("board_process.py")


class SerialPeer:
    """Each card is seen 50 times in a round."""

    flood = 20

    def __init__(self, folder: Path, board: BoardName) -> None:
        self.driver = f"serial-board {board}"
        self.version = "our own process on a pty, documented bytes"
        self.prefix = "4C00A1" if board == "rdm6300" else "04A1"
        self._board = board
        self._link = folder / "ttyBOARD"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", PROCESS, self._board, self._link], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._await("up")

    def kill(self) -> None:
        if self._process is not None:
            process, self._process = self._process, None
            process.kill()
            process.communicate()

    def close(self) -> None:
        self.kill()

    def freeze(self) -> None:
        """It stays connected and says nothing any more."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def reader(self, **settings: Any) -> SerialBoardDriver:
        return SerialBoardDriver(SerialReader(id="board", link=str(self._link), **({"board": self._board} | settings)))

    def present(self, card: str) -> None:
        self._order(f"present {card}")

    def garbage(self) -> None:
        self._order("garbage")

    def cut(self) -> None:
        self._order("cut")

    def _order(self, line: str) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(line.encode() + b"\n")
        self._process.stdin.flush()
        self._await("done")

    def _await(self, word: str) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        assert self._process.stdout.readline().strip() == word.encode(), "the board's process failed"
