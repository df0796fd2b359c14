"""A serial reader board, played in a process of its own by makers' documents. Shares no code with the driver.

`python board_process.py BOARD LINK`: makes a pty, puts its name at LINK and obeys lines on its standard input, each
answered when it is done: `present HEX`, `garbage`, `cut`.
"""

from __future__ import annotations

import array
import fcntl
import os
import pty
import select
import sys
import termios
import tty
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

#: Each presented tag is seen so often in one round.
SEEN = 50
#: Of this tag only parts of frames are told, so nobody must read it.
FOREIGN = bytes.fromhex("9999999999")


def crc(data: bytes) -> bytes:
    value = 0xFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = (value >> 1) ^ 0x8408 if value & 1 else value >> 1
    return bytes([value & 0xFF, value >> 8])


def pc(epc: bytes) -> bytes:
    return bytes([len(epc) // 2 << 3, 0])


def m100(said: bytes) -> bytes:
    return b"\xbb" + said + bytes([sum(said) & 0xFF]) + b"\x7e"


def m100_tag(epc: bytes) -> bytes:
    data = b"\xc9" + pc(epc) + epc + b"\x3a\x76"
    return m100(b"\x02\x22" + len(data).to_bytes(2, "big") + data)


def uhf(said: bytes) -> bytes:
    body = bytes([len(said) + 3, 0]) + said
    return body + crc(body)


def r2000(said: bytes) -> bytes:
    body = bytes([0xA0, len(said) + 2, 1]) + said
    return body + bytes([(256 - sum(body)) & 0xFF])


def pn532(data: bytes) -> bytes:
    return b"\0\0\xff" + bytes([len(data), (256 - len(data)) & 0xFF]) + data + bytes([(256 - sum(data)) & 0xFF]) + b"\0"


def rdm6300_tag(card: bytes) -> bytes:
    check = 0
    for byte in card:
        check ^= byte
    return b"\x02" + card.hex().upper().encode() + f"{check:02X}".encode() + b"\x03"


def line_of(card: bytes) -> bytes:
    return card.hex().upper().encode() + b"\r\n"


ACKNOWLEDGED = bytes.fromhex("0000FF00FF00")


@dataclass(frozen=True)
class Board:
    """What a board says.

    `orders`: its answers to other orders. `question`: what is answered with tags; without one it tells by itself.
    `end`: after the last tag. `none`: when there is no tag. `ack`: before each answer.
    `apart_s`: between one that was cut off and what comes next.
    """

    orders: dict[bytes, bytes]
    question: bytes
    tag: Callable[[bytes], bytes]
    end: bytes
    none: bytes
    ack: bytes = b""
    apart_s: float = 0.0


BOARDS = {
    "m100": Board(
        {bytes.fromhex("BB00030001 00047E"): m100(b"\x01\x03\0\x10\0M100 26dBm V1.0")},
        bytes.fromhex("BB00220000227E"),
        m100_tag,
        b"",
        bytes.fromhex("BB01FF000115167E"),
    ),
    "uhfreader18": Board(
        {uhf(b"\x21"): uhf(b"\x21\0\x02\x05\x09\x03\x4e\x00\x1e\x0a")},
        bytes.fromhex("040001DB4B"),
        lambda epc: uhf(b"\x01\x03\x01" + bytes([len(epc)]) + epc),
        uhf(b"\x01\x01\x00"),
        bytes.fromhex("050001FBF23D"),
    ),
    "uhfreader288": Board(
        {uhf(b"\x21"): bytes.fromhex("1100210000160c034e001e0a01000000e651")},
        uhf(bytes.fromhex("01040001000000 00800A")),
        lambda epc: uhf(b"\x01\x03\x01\x01" + bytes([len(epc)]) + epc + b"\x5d"),
        bytes.fromhex("0700010101001E4B"),
        bytes.fromhex("0700010101001E4B"),
    ),
    "r2000": Board(
        {bytes.fromhex("A0030172EA"): bytes.fromhex("A00501720109DE")},
        bytes.fromhex("A0040189 01D1"),
        lambda epc: r2000(b"\x89\x8c" + pc(epc) + epc + b"\x37"),
        bytes.fromhex("A00A0189000011000000 05B6"),
        bytes.fromhex("A00A0189000011000000 00BB"),
    ),
    "pn532": Board(
        {
            bytes.fromhex("0000FF02FED4022A00"): bytes.fromhex("0000FF06FAD50332010607E800"),
            pn532(b"\xd4\x14\x01"): pn532(b"\xd5\x15"),
            pn532(b"\xd4\x32\x05\xff\x01\x02"): pn532(b"\xd5\x33"),
        },
        pn532(b"\xd4\x4a\x01\x00"),
        lambda uid: pn532(b"\xd5\x4b\x01\x01\x00\x04\x08" + bytes([len(uid)]) + uid),
        b"",
        pn532(b"\xd5\x4b\x00"),
        ACKNOWLEDGED,
    ),
    "rdm6300": Board({}, b"", rdm6300_tag, b"", b""),
    "text-line": Board({}, b"", line_of, b"", b"", apart_s=0.4),
}


class Playing:
    """One board on one pty."""

    def __init__(self, board: Board, link: str) -> None:
        self._board = board
        self._master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        made = Path(link + ".new")
        made.symlink_to(os.ttyname(self._slave))
        made.rename(link)
        self._commands = self._heard = b""
        self._waiting: list[bytes] = []
        self._told: list[bytes] = []

    def play(self) -> None:
        """Until standard input ends."""
        print("up our own process on a pty, documented bytes", flush=True)
        while True:
            ready, _, _ = select.select([self._master, 0], [], [])
            if 0 in ready and not self._command():
                return
            if self._master in ready:
                self._heard = (self._heard + os.read(self._master, 4096))[-64:]
                self._answer()
            if not self._board.question and self._waiting:
                self._tell()
                await_taken(self._slave)
                self._settle()

    def _command(self) -> bool:
        more = os.read(0, 65536)
        self._commands += more
        while b"\n" in self._commands:
            line, self._commands = self._commands.split(b"\n", 1)
            self._obey(*line.decode().split(" "))
        return bool(more)

    def _obey(self, word: str, card: str = "") -> None:
        tag = self._board.tag
        if word == "present":
            self._waiting.append(bytes.fromhex(card))
            return
        if word == "garbage":
            # Heads of frames that never come, and noise of all bytes.
            self._say(tag(FOREIGN)[:5] + bytes(range(256)) + b"\xbb\x02\x22\x00\x60\xa0\x50\x01\x89\x02")
        if word == "cut":
            self._say(tag(FOREIGN)[: len(tag(FOREIGN)) // 2])
            # A scanner's lines have no check sum, but the hand with the next code is never there sooner.
            select.select([], [], [], self._board.apart_s)
        print("done", flush=True)

    def _answer(self) -> None:
        board = self._board
        for order, said in board.orders.items():
            if order in self._heard:
                self._say(board.ack + said)
                self._heard = b""
        if board.question and board.question in self._heard:
            self._heard = b""
            self._settle()  # it asks again, so it has what was told before
            self._say(board.ack)
            self._tell()

    def _tell(self) -> None:
        """One round."""
        tags = b"".join(self._board.tag(card) * SEEN for card in self._waiting)
        self._say(tags + self._board.end if tags else self._board.none)
        self._told, self._waiting = self._waiting, []

    def _settle(self) -> None:
        for _ in self._told:
            print("done", flush=True)
        self._told = []

    def _say(self, data: bytes) -> None:
        """A pty takes 4096 bytes at once; a board's line is slower than its reader."""
        while data:
            data = data[os.write(self._master, data) :]


def await_taken(slave: int) -> None:
    """Until the host has taken all bytes; on their way into its queue they are not seen, so look for a while."""
    left, quiet = array.array("i", [1]), 0
    while quiet < 20:
        fcntl.ioctl(slave, termios.FIONREAD, left)
        quiet = 0 if left[0] else quiet + 1
        select.select([], [], [], 0.002)


if __name__ == "__main__":
    Playing(BOARDS[sys.argv[1]], sys.argv[2]).play()
