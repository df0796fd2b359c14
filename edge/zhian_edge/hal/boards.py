"""What serial reader boards say and are asked, as data: their frames byte by byte. Pure; `serial_board` talks to them.

All bytes hexadecimal, one row per byte or group. Nothing here writes into a board's memory: power, region and
frequencies are set once, with the maker's tool, as the law where it stands has it (China: 920 to 925 MHz).

M100, R200 (JRD-4035, YRM100 ...; 115200 baud)
    BB | type: 00 order, 01 answer, 02 notice | order | length of the data, 2 bytes | data | sum of all after BB | 7E
    ask once      BB 00 22 00 00 22 7E
    a tag         BB 02 22 00 11 | RSSI, dBm, signed | PC, 2 | EPC, length - 5 | CRC of the tag, 2 | sum | 7E
    none          BB 01 FF 00 01 15 16 7E (15: no tag)
    who           BB 00 03 00 01 00 04 7E; answer: 00, then text

UHFReader18 (57600 baud) and UHFReader288, 86 (115200 baud); also over their network port
    length of what follows | address | order | in answers: status | data | CRC-16, low byte first
    ask once      04 00 01 DB 4B; the 288: 0D 00 01 | Q 04 | session 00 | EPC memory 01 | no mask 00 00 00 |
                  target A 00 | antenna 1 to 4: 80 to 83 | 100 ms each 0A | CRC
    tags, 18      length 00 01 status | number | for each: length of EPC, EPC | CRC
    tags, 288     length 00 01 status | antenna, a bit | number | for each: length of EPC, EPC, RSSI (of no unit) | CRC
    status        01 done, 02 time was over, 03 more follows, 04 memory full, FB no tag, F8 antenna, FD/FE wrong order
    who           04 00 21 CRC; answer: version, 2; type (09: 18, 0C: 288, 0F: 86); ...

R2000 (Impinj; 115200 baud)
    A0 | length of what follows | address, 01 | order | data | two's complement of the sum of all before
    ask once      A0 04 01 89 01 D1
    a tag         A0 length 01 89 | frequency (6 bits), antenna (2 bits) | PC, 2 | EPC, as long as PC says | RSSI: dBm +
                  129 | perhaps phase, 2 | sum
    done          A0 0A 01 89 | antenna | reads a second, 2 | reads, 4 | sum; failed: A0 04 01 89 | code | sum
    who           A0 03 01 72 EA; answer: version, 2

PN532 (NXP; 13.56 MHz, ISO 14443 A; 115200 baud; UM0701-02)
    00 00 FF | length of what follows | its complement | D4 to it, D5 from it | order | data | complement of sum | 00
    acknowledged  00 00 FF 00 FF 00, before each answer
    wake          55 55 and 14 times 00, then SAM off: D4 14 01; look twice, then say that there is none:
                  D4 32 05 FF 01 02
    ask once      D4 4A 01 00; answer: D5 4B | number | 01 | ATQA, 2 | SAK | length of UID | UID | perhaps ATS
    who           D4 02; answer: D5 03 | 32 | version, revision | support

RDM6300 (125 kHz EM4100; 9600 baud); speaks by itself and cannot be asked
    02 | 10 hexadecimal digits: version, 1 byte; number, 4 | 2 digits: XOR of the five bytes | 03

A line of text (scanners of QR codes and readers with a serial port; 9600 baud, over USB any); speaks by itself
    4 to 128 hexadecimal digits, an even number, of either case: 30 to 39, 41 to 46, 61 to 66 | 0D, 0A or both
    a visitor's pass  20 digits, such as 30 41 31 42 ... 0D 0A
    no check sum: a line counts behind another one's end or a pause of 0.3 s, whole, and without such a pause in it
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, NamedTuple, Protocol

from zhian_edge.hal.framing import Deframer, Framing, both, crc16, crc16_holds, hex_xor, sum8, zero_sum8
from zhian_edge.hal.lines import LineCutter, Lines, is_hex


class Tag(NamedTuple):
    """One sighting: the identifier's bytes, and where the board tells them its antenna (from 1) and dBm."""

    data: bytes
    antenna: int = 0
    rssi_dbm: float | None = None


@dataclass(frozen=True, slots=True)
class Board:
    """A kind of board.

    Attributes:
        order: makes a frame from address and what is to be said, as `who`, `setup` and `ask` hold it.
        who: asks who it is; empty: it cannot be asked anything.
        identity: its answer, in words; None for any other frame.
        setup: said after each opening, each to be answered.
        ask: for the tags in the field, in turn (one per antenna that it is told to use).
        tags: of a frame. done: whether after this frame it may be asked again; it has answered in any case.
        asks_s: time between questions, and after which one without an answer is put again.
    """

    framing: Framing | Lines
    baud: int
    address: int
    order: Callable[[int, bytes], bytes]
    who: bytes
    identity: Callable[[bytes], str | None]
    ask: Callable[[tuple[int, ...]], tuple[bytes, ...]]
    tags: Callable[[bytes], list[Tag]]
    done: Callable[[bytes], bool]
    asks_s: float
    setup: tuple[bytes, ...] = ()
    tells_rssi: bool = False


def _complement(data: bytes) -> bytes:
    return bytes([-sum(data) & 0xFF])


def _m100_order(_address: int, said: bytes) -> bytes:
    body = b"\0" + said[:1] + (len(said) - 1).to_bytes(2) + said[1:]
    return b"\xbb" + body + bytes([sum(body) & 0xFF]) + b"\x7e"


def _m100_tags(frame: bytes) -> list[Tag]:
    if frame[1:3] != b"\x02\x22" or len(frame) < 14:
        return []
    data = frame[5:-2]
    length = data[1] >> 3 << 1  # the upper five bits of PC: words
    epc = data[3:-2]
    return [Tag(epc, 0, float(int.from_bytes(data[:1], signed=True)))] if len(epc) == length else []


def _m100_identity(frame: bytes) -> str | None:
    return frame[6:-2].decode("ascii", "replace").strip() if frame[1:3] == b"\x01\x03" else None


def _uhf_order(address: int, said: bytes) -> bytes:
    body = bytes([len(said) + 3, address]) + said
    return body + crc16(body).to_bytes(2, "little")


def _uhf_tags(*, antenna: int, rssi: int) -> Callable[[bytes], list[Tag]]:
    """`antenna`: bytes before the number of tags; `rssi`: bytes after each."""

    def tags(frame: bytes) -> list[Tag]:
        data = frame[4:-2]
        if frame[2] != 1 or len(data) <= antenna:
            return []
        port = data[0].bit_length() if antenna else 0
        found: list[Tag] = []
        at = antenna + 1
        for _ in range(data[antenna]):
            end = at + 1 + data[at] if at < len(data) else at
            if end + rssi > len(data) or end - at < 3:
                return found  # the board contradicts itself
            found.append(Tag(data[at + 1 : end], port))
            at = end + rssi
        return found

    return tags


_UHF_TYPES: Final = {0x09: "UHFReader18", 0x0C: "UHFReader288", 0x0F: "UHFReader86", 0x10: "UHFReader86"}


def _uhf_identity(frame: bytes) -> str | None:
    if frame[2] != 0x21 or len(frame) < 9:
        return None
    return f"{_UHF_TYPES.get(frame[6], f'type {frame[6]:#04x}')} {frame[4]}.{frame[5]}"


def _uhf288_ask(antennas: tuple[int, ...]) -> tuple[bytes, ...]:
    fixed = bytes.fromhex("01 04 00 01 00 00 00 00")
    return tuple(fixed + bytes([0x7F + antenna, 0x0A]) for antenna in antennas or (1,))


def _r2000_order(address: int, said: bytes) -> bytes:
    body = bytes([0xA0, len(said) + 2, address]) + said
    return body + _complement(body)


def _r2000_ask(antennas: tuple[int, ...]) -> tuple[bytes, ...]:
    """Without a choice the antenna that the board is set to; else each is chosen (0x74) and then asked."""
    if not antennas:
        return (b"\x89\x01",)
    return tuple(said for antenna in antennas for said in (bytes([0x74, antenna - 1]), b"\x89\x01"))


def _r2000_tags(frame: bytes) -> list[Tag]:
    data = frame[4:-1]
    if frame[3] != 0x89 or len(data) < 8:
        return []
    length = data[1] >> 3 << 1
    if length < 2 or 3 + length >= len(data):
        return []
    return [Tag(data[3 : 3 + length], (data[0] & 3) + 1, float(data[3 + length] - 129))]


def _r2000_identity(frame: bytes) -> str | None:
    return f"R2000 {frame[4]}.{frame[5]}" if frame[3] == 0x72 and len(frame) == 7 else None


def _pn532_order(_address: int, said: bytes) -> bytes:
    data = b"\xd4" + said
    wake = b"\x55\x55" + bytes(14) if said[0] == 0x14 else b""
    return wake + b"\x00\x00\xff" + bytes([len(data), -len(data) & 0xFF]) + data + _complement(data) + b"\x00"


def _pn532_tags(frame: bytes) -> list[Tag]:
    data = frame[7:-2]
    if frame[6] != 0x4B or len(data) < 6 or data[0] == 0:
        return []
    uid = data[6 : 6 + data[5]]
    return [Tag(uid)] if len(uid) == data[5] >= 4 else []


def _pn532_identity(frame: bytes) -> str | None:
    return f"PN5{frame[7]:02X} {frame[8]}.{frame[9]}" if frame[6] == 0x03 and len(frame) >= 13 else None


def _rdm_tags(frame: bytes) -> list[Tag]:
    return [Tag(bytes.fromhex(frame[1:11].decode("ascii")))]


def _line_tags(line: bytes) -> list[Tag]:
    return [Tag(bytes.fromhex(line.decode("ascii")))]


def _always(*said: bytes) -> Callable[[tuple[int, ...]], tuple[bytes, ...]]:
    """Asked the same whatever its antennas are."""
    return lambda _antennas: said


M100: Final = Board(
    framing=Framing(
        b"\xbb", b"\x7e", 3, 2, 7, shortest=8, longest=128, check=sum8(1, -2), marks=((1, frozenset((1, 2))),)
    ),
    baud=115200,
    address=0,
    order=_m100_order,
    who=b"\x03\x00",
    identity=_m100_identity,
    ask=_always(b"\x22"),
    tags=_m100_tags,
    done=lambda frame: frame[2] in (0x22, 0xFF),
    asks_s=0.1,
    tells_rssi=True,
)
UHFREADER18: Final = Board(
    framing=Framing(
        b"", b"", 0, 1, 1, shortest=6, longest=256, check=crc16_holds, marks=((2, frozenset((0x01, 0x21))),)
    ),
    baud=57600,
    address=0,
    order=_uhf_order,
    who=b"\x21",
    identity=_uhf_identity,
    ask=_always(b"\x01"),
    tags=_uhf_tags(antenna=0, rssi=0),
    done=lambda frame: frame[2] == 1 and frame[3] != 3,
    asks_s=1.0,
)
UHFREADER288: Final = replace(UHFREADER18, baud=115200, ask=_uhf288_ask, tags=_uhf_tags(antenna=1, rssi=1))
R2000: Final = Board(
    framing=Framing(
        b"\xa0", b"", 1, 1, 2, shortest=6, longest=96, check=zero_sum8(0), marks=((3, frozenset((0x72, 0x74, 0x89))),)
    ),
    baud=115200,
    address=1,
    order=_r2000_order,
    who=b"\x72",
    identity=_r2000_identity,
    ask=_r2000_ask,
    tags=_r2000_tags,
    done=lambda frame: frame[3] == 0x74 or (frame[3] == 0x89 and frame[1] in (0x04, 0x0A)),
    asks_s=1.0,
    tells_rssi=True,
)
PN532: Final = Board(
    framing=Framing(
        b"\x00\x00\xff",
        b"\x00",
        3,
        1,
        7,
        shortest=9,
        longest=262,
        check=both(zero_sum8(3, 5), zero_sum8(5, -1)),
        marks=((5, frozenset((0xD5,))),),
        passing=(bytes.fromhex("0000FF00FF00"),),
    ),
    baud=115200,
    address=0,
    order=_pn532_order,
    who=b"\x02",
    identity=_pn532_identity,
    ask=_always(b"\x4a\x01\x00"),
    tags=_pn532_tags,
    done=lambda frame: frame[6] == 0x4B,
    asks_s=1.0,
    setup=(b"\x14\x01", b"\x32\x05\xff\x01\x02"),
)
RDM6300: Final = Board(
    framing=Framing(b"\x02", b"\x03", 0, 0, 14, shortest=14, longest=14, check=hex_xor),
    baud=9600,
    address=0,
    order=lambda _address, said: said,
    who=b"",
    identity=lambda _frame: None,
    ask=_always(),
    tags=_rdm_tags,
    done=lambda _frame: True,
    asks_s=1.0,
)
TEXT_LINE: Final = Board(
    framing=Lines(shortest=4, longest=128, check=is_hex),
    baud=9600,
    address=0,
    order=lambda _address, said: said,
    who=b"",
    identity=lambda _line: None,
    ask=_always(),
    tags=_line_tags,
    done=lambda _line: True,
    asks_s=1.0,
)
#: By the name that the configuration has; R200 boards speak as M100, UHFReader86 as 288.
BOARDS: Final[Mapping[str, Board]] = {
    "m100": M100,
    "r200": M100,
    "uhfreader18": UHFREADER18,
    "uhfreader86": UHFREADER288,
    "uhfreader288": UHFREADER288,
    "r2000": R2000,
    "pn532": PN532,
    "rdm6300": RDM6300,
    "text-line": TEXT_LINE,
}


class Cutter(Protocol):
    """Takes bytes as they come from a board, and gives what it said."""

    garbled: int

    def feed(self, data: bytes) -> list[bytes]:
        """What `data` completes."""

    def pause(self, rest_s: float, /) -> list[bytes]:
        """What is there when nothing came for `rest_s`."""


def cutter(board: Board) -> Cutter:
    """What cuts a board's stream of bytes into frames or lines."""
    return LineCutter(board.framing) if isinstance(board.framing, Lines) else Deframer(board.framing)
