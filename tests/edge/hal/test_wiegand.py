"""Wiegand: every card comes through whatever its timing; no single wrong, lost or doubled bit ever makes a card."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zhian_edge.hal.wiegand import LAYOUTS, LONGEST, REST_NS, RINGING_NS, Pulses, decode, is_key, of_raw
from zhian_wire.errors import BadIdentifier

Bits = tuple[int, ...]
lengths = st.sampled_from(list(LAYOUTS))
#: Between two bits, as readers send them.
spacings = st.integers(200_000, 20_000_000)


def message(value: int, length: int) -> Bits:
    """As a reader makes it, written down anew: both halves with their parity."""
    data = tuple(value >> place & 1 for place in reversed(range(length - 2)))
    half = {26: 12, 34: 16, 37: 18}[length]
    return (sum(data[:half]) % 2, *data, 1 - sum(data[-half:]) % 2)


@st.composite
def messages(draw: st.DrawFn) -> tuple[int, Bits]:
    length = draw(lengths)
    value = draw(st.integers(0, (1 << length - 2) - 1))
    return value, message(value, length)


def gather(pulses: Pulses, bits: Bits, at_ns: int, spacing_ns: int) -> tuple[list[Bits], int]:
    """Send a message; what came out meanwhile and after a rest, and the time after it."""
    came = [pulses.step(bit, at_ns + n * spacing_ns) for n, bit in enumerate(bits)]
    end = at_ns + (len(bits) - 1) * spacing_ns + REST_NS
    came.append(pulses.rest(end))
    return [each for each in came if each is not None], end


@pytest.mark.parametrize(
    ("bits", "card", "facility", "number"),
    [
        # Parity counted by hand: 9 ones and 6, 6 and 9, 6 and 9.
        ("1" + "01111011" + "1011001001101110" + "1", "7BB26E", 123, 45678),
        ("0" + "0000000001111011" + "1011001001101110" + "0", "007BB26E", 123, 45678),
        ("0" + "0000000001111011" + "0001011001001101110" + "0", "0003D8B26E", 123, 45678),
    ],
)
def test_a_message_is_understood(bits: str, card: str, facility: int, number: int) -> None:
    value = int(bits[1:-1], 2)
    assert tuple(map(int, bits)) == message(value, len(bits))
    assert decode(tuple(map(int, bits))) == (card, len(bits), facility, number)


@given(messages())
def test_every_card_of_every_length_comes_through(sent: tuple[int, Bits]) -> None:
    value, bits = sent
    word = decode(bits)
    assert word is not None
    assert (int(word.card, 16), word.length) == (value, len(bits))


@given(messages(), st.data())
def test_one_wrong_bit_makes_no_card(sent: tuple[int, Bits], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(sent[1]) - 1))
    # H10304's middle bit counts in both parities: it spoils both.
    assert decode(tuple(bit ^ (n == at) for n, bit in enumerate(sent[1]))) is None


@given(messages(), st.data())
def test_one_lost_or_doubled_bit_makes_no_card(sent: tuple[int, Bits], data: st.DataObject) -> None:
    _, bits = sent
    at = data.draw(st.integers(0, len(bits) - 1))
    assert decode(bits[:at] + bits[at + 1 :]) is None
    assert decode(bits[: at + 1] + bits[at:]) is None


def test_half_of_the_double_errors_pass_so_the_roster_must_know_the_card() -> None:
    bits = message(0x7BB26E, 26)
    pairs = [(one, two) for two in range(26) for one in range(two)]
    passed = sum(decode(tuple(bit ^ (n in pair) for n, bit in enumerate(bits))) is not None for pair in pairs)
    assert passed == 2 * (13 * 12 // 2)


@given(st.lists(st.tuples(messages(), spacings), min_size=1, max_size=4))
def test_messages_come_apart_at_any_speed(sent: list[tuple[tuple[int, Bits], int]]) -> None:
    pulses, now, came = Pulses(0), REST_NS, list[Bits]()
    for (_, bits), spacing in sent:
        gathered, now = gather(pulses, bits, now, spacing)
        came += gathered
    assert came == [bits for (_, bits), _ in sent]


@given(messages(), messages(), spacings)
def test_a_message_is_over_also_when_only_the_next_one_tells(
    one: tuple[int, Bits], two: tuple[int, Bits], spacing: int
) -> None:
    """The reading thread was late: all edges of two cards are there at once."""
    pulses = Pulses(0)
    times = [REST_NS + n * spacing for n in range(len(one[1]))]
    after = times[-1] + REST_NS
    times += [after + n * spacing for n in range(len(two[1]))]
    came = [pulses.step(bit, at) for bit, at in zip(one[1] + two[1], times, strict=True)]
    assert [each for each in (*came, pulses.rest(times[-1] + REST_NS)) if each] == [one[1], two[1]]


@given(messages(), spacings, st.integers(1, RINGING_NS - 1), st.data())
def test_a_wire_that_rings_doubles_nothing(
    sent: tuple[int, Bits], spacing: int, late: int, data: st.DataObject
) -> None:
    bits, pulses = sent[1], Pulses(0)
    rings = data.draw(st.sets(st.integers(0, len(bits) - 1)))
    for n, bit in enumerate(bits):
        pulses.step(bit, REST_NS + n * spacing)
        if n in rings:
            pulses.step(bit, REST_NS + n * spacing + late)
    assert (pulses.rest(REST_NS + len(bits) * spacing + REST_NS), pulses.bounces) == (bits, len(rings))


@given(messages(), spacings, st.data())
def test_both_wires_at_once_spoil_the_message_and_not_the_next(
    sent: tuple[int, Bits], spacing: int, data: st.DataObject
) -> None:
    bits, pulses = sent[1], Pulses(0)
    at = data.draw(st.integers(0, len(bits) - 1))
    for n, bit in enumerate(bits):
        pulses.step(bit, REST_NS + n * spacing)
        if n == at:
            pulses.step(1 - bit, REST_NS + n * spacing + 10_000)
    end = REST_NS + len(bits) * spacing + REST_NS
    assert (pulses.rest(end), pulses.garbled) == (None, 1)
    assert gather(pulses, bits, end, spacing)[0] == [bits]


@given(messages(), spacings, st.data())
def test_a_message_whose_beginning_was_not_heard_is_none(
    sent: tuple[int, Bits], spacing: int, data: st.DataObject
) -> None:
    """The last 26 bits of 34 would be another card, every fourth time."""
    bits = sent[1]
    start = data.draw(st.integers(1, len(bits) - 1))
    pulses = Pulses(0)
    came, end = gather(pulses, bits[start:], 150_000, spacing)
    assert came == []
    assert gather(pulses, bits, end, spacing)[0] == [bits]


@given(messages(), spacings, st.data())
def test_a_message_of_which_edges_were_lost_is_none(sent: tuple[int, Bits], spacing: int, data: st.DataObject) -> None:
    bits, pulses = sent[1], Pulses(0)
    lost = data.draw(st.integers(0, len(bits) - 1))
    for n, bit in enumerate(bits):
        if n == lost:
            pulses.lost()
        pulses.step(bit, REST_NS + n * spacing)
    assert pulses.rest(REST_NS + len(bits) * spacing + REST_NS) is None


def test_noise_without_end_takes_no_room_and_the_next_card_is_read() -> None:
    pulses = Pulses(0)
    for n in range(10 * LONGEST):
        assert pulses.step(n % 2, REST_NS + n * 300_000) is None
    end = REST_NS + 10 * LONGEST * 300_000 + REST_NS
    assert (pulses.rest(end), pulses.garbled) == (None, 1)
    assert gather(pulses, message(1, 26), end, 300_000)[0] == [message(1, 26)]


@given(messages())
def test_bits_that_another_line_handed_on_are_the_same_card(sent: tuple[int, Bits]) -> None:
    """OSDP readers hand on what their own reader told them by Wiegand."""
    _, bits = sent
    padded = (*bits, *(0,) * (-len(bits) % 8))
    word = decode(bits)
    assert word is not None
    assert of_raw(int("".join(map(str, padded)), 2).to_bytes(len(padded) // 8), len(bits)) == (word.card, len(bits))


def test_whole_bytes_that_another_line_handed_on_are_the_card() -> None:
    assert of_raw(bytes.fromhex("04A23B1C5D8001"), 56) == ("04A23B1C5D8001", 56)


@pytest.mark.parametrize(("data", "length"), [("FFFFFFC0", 26), ("00", 26), ("0102030405", 35), ("01", 8)])
def test_bits_that_are_no_card_are_refused(data: str, length: int) -> None:
    with pytest.raises(BadIdentifier):
        of_raw(bytes.fromhex(data), length)


def test_a_key_of_a_keypad_is_no_card() -> None:
    assert is_key((1, 0, 1, 1))
    assert decode((1, 0, 1, 1)) is None
    assert not is_key(message(1, 26))
