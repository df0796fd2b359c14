"""Wiegand: pulses on two wires become bits, bits become a card; pure.

A reader pulls D0 low for a 0 and D1 low for a 1, for 20 to 100 µs, every 0.2 to 20 ms; then the wires rest. Of what it
sends, only the length and two parity bits can be checked: a single wrong, lost or doubled bit is always seen, half of
the double errors are not. So a card that came this way opens nothing unless the roster has it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from zhian_wire.cards import Identifier, of_bytes
from zhian_wire.errors import BadIdentifier

#: The wires rested for so long: the message is over. No reader waits longer between two bits.
REST_NS: Final = 25_000_000
#: Two edges on one wire nearer than this are one pulse that rang on a long cable; on both wires, nothing is to be
#: believed: the shortest distance of two bits is twice as long.
RINGING_NS: Final = 100_000
#: A message that grows beyond this is noise.
LONGEST: Final = 64


class Layout(NamedTuple):
    """Where things stand in a message of one length.

    The first bit makes the bits before `even_end` even, the last makes those from `odd_start` on odd. Between the two
    stand `facility` bits, then the card's number.
    """

    even_end: int
    odd_start: int
    facility: int


#: H10301; the 34 bits that most readers outside America send; H10304 (H10302 reads the same bits as one number).
LAYOUTS: Final[Mapping[int, Layout]] = {26: Layout(13, 13, 8), 34: Layout(17, 17, 16), 37: Layout(19, 18, 16)}
#: Keypads beside a reader send each key in a message of its own.
_KEYS: Final = frozenset((4, 8))


class Word(NamedTuple):
    """A message whose length and parity hold: its bits without parity as canonical identifier, and its two parts."""

    card: str
    length: int
    facility: int
    number: int


def decode(bits: Sequence[int]) -> Word | None:
    """The card in a message; None when its length is none of `LAYOUTS` or its parity does not hold."""
    layout = LAYOUTS.get(len(bits))
    if layout is None or sum(bits[: layout.even_end]) % 2 != 0 or sum(bits[layout.odd_start :]) % 2 != 1:
        return None
    length = len(bits) - 2
    value = int("".join(map(str, bits[1:-1])), 2)
    below = length - layout.facility
    card = of_bytes(value.to_bytes((length + 7) // 8)).card
    return Word(card, len(bits), value >> below, value & ((1 << below) - 1))


def of_raw(data: bytes, length: int) -> Identifier:
    """The identifier in `length` bits that a reader handed on as it got them (OSDP), first bit first, padded behind.

    Whole bytes are the identifier itself; lengths of `LAYOUTS` have parity around it.

    Raises:
        BadIdentifier: their parity does not hold, or that is no length of an identifier.
    """
    if length not in LAYOUTS:
        if length % 8:
            raise BadIdentifier(
                f"{length} bits: neither whole bytes nor Wiegand of {', '.join(map(str, LAYOUTS))} bits"
            )
        return of_bytes(data[: length // 8])
    bits = [data[place // 8] >> (7 - place % 8) & 1 for place in range(min(length, 8 * len(data)))]
    word = decode(bits)
    if word is None:
        raise BadIdentifier(f"Wiegand of {length} bits whose parity does not hold")
    return Identifier(word.card, length)


def is_key(bits: Sequence[int]) -> bool:
    """Whether a message is a key of a keypad."""
    return len(bits) in _KEYS


class Pulses:
    """Gathers pulses into messages. Times are of one monotonic clock and do not go back."""

    def __init__(self, now_ns: int) -> None:
        """`now_ns`: what comes so soon after it that the wires had not rested is only the end of a message."""
        self._bits: list[int] = []
        self._spoilt = False
        self._rested_ns = now_ns + REST_NS
        self._last_ns = now_ns
        self._last_wire = 0
        self.bounces = 0
        """Edges that belonged to the pulse before."""
        self.garbled = 0
        """Messages that were spoilt before anybody could decode them."""

    def step(self, wire: int, at_ns: int) -> tuple[int, ...] | None:
        """A falling edge on D0 or D1: the message before it, if that is over."""
        over = self.rest(at_ns)
        near = at_ns - self._last_ns < RINGING_NS and bool(self._bits)
        if near and wire == self._last_wire:
            self.bounces += 1
            return over
        self._spoilt = self._spoilt or near or at_ns < self._rested_ns or len(self._bits) == LONGEST
        self._bits = [*self._bits, wire][:LONGEST]
        self._last_ns, self._last_wire = at_ns, wire
        return over

    def rest(self, now_ns: int) -> tuple[int, ...] | None:
        """Nothing came until now: the message that is over by this."""
        if not self._bits or now_ns - self._last_ns < REST_NS:
            return None
        bits, spoilt = tuple(self._bits), self._spoilt
        self._bits, self._spoilt = [], False
        self.garbled += spoilt
        return None if spoilt else bits

    def lost(self) -> None:
        """Edges were lost on their way here: the message that is coming in is not to be believed."""
        self._spoilt = True
