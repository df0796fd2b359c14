"""The configuration of card readers: one class per driver, told apart by the key `driver`."""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias

import msgspec
from zhian_wire.cards import Spelling

from zhian_edge.config.section import Count, Name, Positive, Section

#: Baud rates that RS-232 and RS-485 readers use.
Baud = Literal[9600, 19200, 38400, 57600, 115200, 230400]
#: What to do with a line that is not encrypted; the words are long so that nobody writes them by chance.
Security = Literal["secure-channel", "install-mode", "plain-text-anybody-can-read"]

#: Boards on serial lines: M100 and R200 (UHF), UHFReader18, 86 and 288, R2000, PN532 (13.56 MHz), RDM6300 (125 kHz).
BoardName = Literal[
    "m100", "r200", "uhfreader18", "uhfreader86", "uhfreader288", "r2000", "pn532", "rdm6300", "text-line"
]
#: Those of them that read tags metres away, perhaps at the next lane too.
UHF: Final[frozenset[BoardName]] = frozenset({"m100", "r200", "uhfreader18", "uhfreader86", "uhfreader288", "r2000"})
ByteOrder = Literal["as-read", "reversed"]
#: Of a keyboard, as a wedge is set to type for it.
Layout = Literal["us", "de", "fr"]


class _Reader(Section, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="driver"):
    """Common to all readers.

    Attributes:
        id: names it in events, on the pages and in `zhian-edge readers`.
        lane: lane that its cards belong to; none: they are only told.
        direction: where who presents a card here is going.
        use: `desk`: an office issues cards by it; its reads open nothing, belong to no lane, and are told only while
            somebody at a page asks for them.
    """

    id: Name
    lane: Name | None = None
    direction: Literal["in", "out", "none"] = "in"
    use: Literal["lane", "desk"] = "lane"


class OsdpReader(_Reader, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="osdp"):
    """A reader on an OSDP line; several may share one `link`.

    Attributes:
        link: `/dev/ttyUSB0` or `tcp://host:port` of a converter.
        address: on the line, 0 to 126.
        security: `secure-channel` with the key in `key_file`; `install-mode`: the reader has OSDP's well-known default
            key and is given the one in `key_file` (made, if there is none), after which this must be
            `secure-channel`; plain text only in these words.
        key_file: 32 hexadecimal digits, readable by its owner only (relative to the configuration file).
    """

    link: str
    baud: Baud = 9600
    address: Annotated[int, msgspec.Meta(ge=0, le=126)] = 0
    security: Security = "secure-channel"
    key_file: str = ""


class LlrpReader(_Reader, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="llrp"):
    """A UHF reader over LLRP.

    Attributes:
        antennas: numbers from 1; none: all there are.
        power_dbm: transmit power; 0: as the reader is set.
        min_rssi_dbm: a weaker tag is too far away to be at this lane.
        dwell_s: a tag that stays in the field is told once; again when it was away for so long.
    """

    host: str
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = 5084
    antennas: tuple[Count, ...] = ()
    power_dbm: Annotated[float, msgspec.Meta(ge=0, le=33)] = 0.0
    min_rssi_dbm: Annotated[float, msgspec.Meta(ge=-100, le=0)] = -100.0
    dwell_s: Positive = 3.0


class SerialReader(_Reader, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="serial-board"):
    """A UHF, HF or 125 kHz board on a serial port or behind a network port; alone on its line.

    Attributes:
        link: `/dev/ttyUSB0` or `tcp://host:port`.
        board: what it speaks (see `docs/hardware.md`).
        baud, address: none: as such boards come from their maker.
        antennas: numbers from 1, asked in turn; none: the one that the board uses by itself.
        min_rssi_dbm: a weaker tag is too far away to be at this lane (boards that tell dBm: m100, r200, r2000).
        dwell_s: a tag that stays in the field is told once; again when it was away for so long.
        byte_order: `reversed` where cards are listed the other way round.
    """

    link: str
    board: BoardName
    baud: Baud | None = None
    address: Annotated[int, msgspec.Meta(ge=0, le=255)] | None = None
    antennas: tuple[Annotated[int, msgspec.Meta(ge=1, le=4)], ...] = ()
    min_rssi_dbm: Annotated[float, msgspec.Meta(ge=-100, le=0)] = -100.0
    dwell_s: Positive = 3.0
    byte_order: ByteOrder = "as-read"


class PcscReader(_Reader, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="pcsc"):
    """A smart card reader behind `pcscd`.

    Attributes:
        reader: a part of its name as `pcscd` tells it; none: the first there is.
        byte_order: `reversed` where cards are listed the other way round.
    """

    reader: str = ""
    byte_order: ByteOrder = "as-read"


class WedgeReader(_Reader, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="wedge"):
    """A reader that types its numbers like a keyboard, each with Enter at its end; nobody else gets its keys.

    Attributes:
        device: best a name under `/dev/input/by-id/`, which stays the same.
        layout: for which it types. spelling: how it writes an identifier.
        length: signs of a line, if all are equally long: one of another length is not read. 0: any; then a card is not
            read that comes within 0.3 s of the start.
        bits: width of a decimal number; 0: by its digits.
    """

    device: Annotated[str, msgspec.Meta(pattern="^/dev/input/")]
    layout: Layout = "us"
    spelling: Spelling = "decimal"
    length: Annotated[int, msgspec.Meta(ge=0, le=64)] = 0
    bits: Annotated[int, msgspec.Meta(ge=0, le=64)] = 0


class WiegandReader(_Reader, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="wiegand"):
    """A Wiegand reader (26, 34 or 37 bits) on two lines of a GPIO chip, with 5 volts brought down to the chip's.

    Attributes:
        chip: such as `/dev/gpiochip0`. d0, d1: its lines.
        bias: the reader pulls its wires low; somebody must pull them up: the chip, where it can, or a resistor.
        inverted: an optocoupler between turns the pulses round.
        byte_order: `reversed` where cards are listed the other way round.
    """

    chip: str
    d0: Annotated[int, msgspec.Meta(ge=0, le=1023)]
    d1: Annotated[int, msgspec.Meta(ge=0, le=1023)]
    bias: Literal["as-is", "pull-up", "pull-down"] = "pull-up"
    inverted: bool = False
    byte_order: ByteOrder = "as-read"


class VirtualReader(_Reader, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="virtual"):
    """A reader that a script plays: one JSON object a line (see `docs/hardware.md`).

    `script` may grow while it is played; `loop_s` starts it again after so many seconds (0: never).
    """

    script: str
    loop_s: Annotated[float, msgspec.Meta(ge=0)] = 0.0


Reader: TypeAlias = OsdpReader | LlrpReader | SerialReader | PcscReader | WedgeReader | WiegandReader | VirtualReader
