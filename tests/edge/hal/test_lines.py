"""Lines of text from scanners: whole or not at all, and everything that is none of them counted."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from zhian_edge.hal.boards import BOARDS, TEXT_LINE, Tag
from zhian_edge.hal.lines import GAP_S, LineCutter, Lines

LINES = TEXT_LINE.framing
PASS = b"0A1B2C3D4E5F60718293"
HEX = st.binary(min_size=2, max_size=64).map(lambda data: data.hex().upper().encode())
END = st.sampled_from([b"\r", b"\n", b"\r\n"])


def listening() -> LineCutter:
    """One that has heard nothing for a while."""
    assert isinstance(LINES, Lines)
    cutter = LineCutter(LINES)
    assert cutter.pause(GAP_S) == []
    return cutter


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n"])
def test_a_visitors_pass_is_read_byte_by_byte(end: bytes) -> None:
    cutter = listening()
    assert [line for byte in PASS + end for line in cutter.feed(bytes([byte]))] == [PASS]
    assert (cutter.garbled, TEXT_LINE.tags(PASS)) == (0, [Tag(bytes.fromhex(PASS.decode()))])
    assert BOARDS["text-line"] is TEXT_LINE


@pytest.mark.parametrize(
    "said",
    [
        b"https://example.org/visit\r\n",  # somebody else's code
        b"0A1\r\n",  # no whole bytes
        b"0A\r\n",  # no card is so short
        b"0" * 130 + b"\r\n",  # nor so long
        b"0A1B\x002C3D\r\n",
        b"\x020A1B2C3D\x03\r\n",  # a scanner that frames its lines
        "0A1B\N{FULLWIDTH DIGIT ONE}2C3\r\n".encode(),
    ],
)
def test_what_is_no_line_of_digits_is_counted_and_hides_none_behind_it(said: bytes) -> None:
    cutter = listening()
    assert cutter.feed(said) == []
    assert cutter.garbled == len(said.rstrip(b"\r\n"))
    assert cutter.feed(PASS + b"\r\n") == [PASS]


def test_the_end_of_a_line_that_began_before_anybody_listened_is_no_line() -> None:
    cutter = LineCutter(LINES) if isinstance(LINES, Lines) else pytest.fail("no lines")
    assert cutter.feed(PASS[8:] + b"\r\n") == []
    assert cutter.feed(PASS + b"\r\n") == [PASS]
    assert cutter.garbled == len(PASS) - 8


def test_a_line_that_was_cut_off_is_none_and_spoils_none_after_a_pause() -> None:
    cutter = listening()
    assert cutter.feed(PASS[:6]) + cutter.pause(GAP_S / 2) + cutter.feed(PASS[6:] + b"\r") == [PASS]
    assert cutter.feed(PASS[:6]) + cutter.pause(GAP_S) + cutter.feed(PASS + b"\r") == [PASS]
    assert cutter.garbled == 6


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(HEX, END), max_size=5), st.binary(max_size=200), st.data())
def test_lines_are_read_whole_and_in_order_however_they_are_cut_up(
    said: list[tuple[bytes, bytes]], noise: bytes, data: st.DataObject
) -> None:
    cutter, lines = listening(), list[bytes]()
    noisy = noise + b"\n"
    held = len(cutter.feed(noisy))
    stream = b"".join(line + end for line, end in said)
    while stream:
        length = data.draw(st.integers(1, len(stream)))
        lines += cutter.feed(stream[:length])
        stream = stream[length:]
    assert lines == [line for line, _ in said]
    assert held <= noise.count(b"\n") + noise.count(b"\r") + 1
    assert cutter.garbled <= len(noise)
