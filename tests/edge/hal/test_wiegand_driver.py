"""The driver beside the decoder, with lines that are played; a real GPIO chip it has not met (see docs/hardware.md)."""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from zhian_edge.config.readers import WiegandReader
from zhian_edge.errors import DeviceLost, DeviceRefused, EdgeError
from zhian_edge.hal.drivers.wiegand import WiegandDriver
from zhian_edge.hal.wiegand import REST_NS
from zhian_edge.signals import CardRead

SETTINGS = WiegandReader(id="post", chip="/dev/gpiochip0", d0=17, d1=27)
#: 123,45678 in 26 bits.
CARD = "1" + "01111011" + "1011001001101110" + "1"


@dataclass(frozen=True)
class Edge:
    line_offset: int
    timestamp_ns: int
    global_seqno: int


@dataclass
class Played:
    """Lines on which cards come one by one; the clock stands after the last edge and moves with each look."""

    now_ns: int = 10 * REST_NS
    pending: list[Edge] = field(default_factory=list)
    seen: int = 0
    released: int = 0
    broken: bool = False

    def send(self, bits: str) -> None:
        self.now_ns += 2 * REST_NS
        for bit in bits:
            self.seen += 1
            self.pending.append(Edge({"0": 17, "1": 27}[bit], self.now_ns, self.seen))
            self.now_ns += 2_000_000

    def wait_edge_events(self, timeout: float) -> bool:
        if self.broken:
            raise OSError(errno.ENODEV, "No such device")
        if not self.pending:
            self.now_ns += int(timeout * 1e9)
        return bool(self.pending)

    def read_edge_events(self) -> list[Edge]:
        taken, self.pending = self.pending[:16], self.pending[16:]
        return taken

    def release(self) -> None:
        self.released += 1

    def reader(self, settings: WiegandReader = SETTINGS) -> WiegandDriver:
        return WiegandDriver(settings, lambda: 7, request=lambda _: self, monotonic_ns=lambda: self.now_ns)


def test_cards_are_read_one_by_one() -> None:
    lines = Played()
    with lines.reader() as reader:
        for _ in range(2):
            lines.send(CARD)
        read = CardRead(reader="post", at_ms=7, card="7BB26E", bits=26)
        assert [reader.read(0.2), reader.read(0.2), reader.read(0.0)] == [read, read, None]
        assert reader.diagnostics().counters["reads"] == 2
    assert lines.released == 1


def test_bytes_are_turned_round_where_cards_are_listed_so() -> None:
    lines = Played()
    reader = lines.reader(WiegandReader(id="post", chip="c", d0=17, d1=27, byte_order="reversed"))
    with reader:
        lines.send(CARD)
        read = reader.read(0.2)
        assert read is not None
        assert read.card == "6EB27B"


def test_a_card_of_which_the_kernel_lost_edges_is_counted_and_not_read() -> None:
    lines = Played()
    with lines.reader() as reader:
        lines.send(CARD)
        del lines.pending[5:7]
        lines.send(CARD)
        assert reader.read(0.2) is not None
        assert reader.read(0.1) is None
        counters = reader.diagnostics().counters
        assert (counters["reads"], counters["lost"], counters["garbled"]) == (1, 2, 1)


def test_noise_and_keys_are_counted_and_not_read() -> None:
    lines = Played()
    with lines.reader() as reader:
        for bits in ("1011", CARD[:-1], "0" * 26):
            lines.send(bits)
        assert reader.read(0.2) is None
        counters = reader.diagnostics().counters
        assert (counters["reads"], counters["keys"], counters["garbled"]) == (0, 1, 2)


def test_a_card_that_came_before_the_chip_was_lost_is_read_first() -> None:
    lines = Played()
    with lines.reader() as reader:
        lines.send(CARD)
        lines.send(CARD)
        assert reader.read(0.2) is not None
        assert reader.read(0.2) is not None
        lines.broken = True
        with pytest.raises(DeviceLost, match="No such device"):
            reader.read(0.1)
    with pytest.raises(DeviceLost, match="not open"):
        reader.read(0.1)


@pytest.mark.parametrize(
    ("error", "kind", "says"),
    [
        (OSError(errno.ENOENT, "No such file"), DeviceLost, "No such file"),
        (OSError(errno.EBUSY, "busy"), DeviceLost, "another program"),
        (OSError(errno.EACCES, "denied"), DeviceRefused, "group"),
        (OSError(errno.EINVAL, "invalid"), DeviceRefused, "has these lines"),
        (ValueError("no line 17"), DeviceRefused, "no line 17"),
    ],
)
def test_why_it_cannot_be_opened_is_said(error: Exception, kind: type[EdgeError], says: str) -> None:
    def refuse(_: WiegandReader) -> Played:
        raise error

    opener: Callable[[WiegandReader], Played] = refuse
    reader = WiegandDriver(SETTINGS, request=opener)
    with pytest.raises(kind, match=says):
        reader.open()
    reader.close()


def test_a_chip_that_is_not_there_is_lost() -> None:
    with pytest.raises(EdgeError, match="/dev/none"):
        WiegandDriver(WiegandReader(id="post", chip="/dev/none", d0=1, d1=2)).open()
