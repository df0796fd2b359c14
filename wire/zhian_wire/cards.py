"""One card told in many ways: as readers, lists and printed cards spell it, in one canonical form; and whose it is.

The canonical form is upper-case hexadecimal of whole bytes, most significant first, as `CardRead.card` has it. Its
width says how much of the card was told: a Wiegand 26 reader tells 3 bytes of a chip that has 4, 5 or 7.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final, Literal, NamedTuple, get_args

from .errors import BadIdentifier

#: How a reader or a list writes an identifier. `facility,number` is what is printed on most 125 kHz cards (`2H3D4H5D`:
#: 3 digits and 5, of 24 bits; with five digits in front `4H5D4H5D`, of 32); `decimal` is `6H8D` or `8H10D`.
Spelling = Literal["hex", "hex-reversed", "decimal", "decimal-reversed", "facility,number"]
SPELLINGS: Final[tuple[Spelling, ...]] = get_args(Spelling)

#: Numbers are as wide as the smallest of these that holds them: Wiegand 26, Wiegand 34 and 4-byte chips, EM4100, 7- and
#: 8-byte chips.
_WIDTHS: Final = (24, 32, 40, 56, 64)
#: Readers cut identifiers down to these widths, always to the lowest bits.
_CUTS: Final = (24, 32)
#: Wider identifiers (EPC) are never cut, so that a foreign tag's last bytes open nothing.
_LONGEST_CUT: Final = 64
_LONGEST: Final = 64  # bytes; an EPC has 62 at most
_PAIR: Final = re.compile(r"^(\d{1,5})\D+(\d{1,5})$")


class Identifier(NamedTuple):
    """A card's canonical form, and how many bits of it were told."""

    card: str
    bits: int


class Claim(NamedTuple):
    """Whose card it is.

    `person` is None for a card that nobody has (`unknown`) and for one that could be several people's (`ambiguous`).
    `whole` says that card and list agree in full, `cut` that one of them tells the lowest bits only.
    """

    person: str | None
    how: Literal["whole", "cut", "unknown", "ambiguous"]


def canonical(text: str, spelling: Spelling = "hex", bits: int = 0) -> Identifier:
    """Read `text` as `spelling`. `bits` is the width of a decimal number, where it is known.

    Raises:
        BadIdentifier: it is no identifier in this spelling; the message says what was expected.
    """
    bare = text.strip()
    if spelling == "facility,number":
        return _from_pair(bare)
    data = _from_decimal(bare, bits) if spelling.startswith("decimal") else _from_hex(bare)
    if spelling.endswith("reversed"):
        data = data[::-1]
    return of_bytes(data)


def of_bytes(data: bytes) -> Identifier:
    """The canonical form of an identifier that was read as bytes, most significant first.

    Raises:
        BadIdentifier: none, or more than an EPC can have.
    """
    if not 2 <= len(data) <= _LONGEST:
        raise BadIdentifier(f"an identifier of {len(data)} bytes; expected 2 to {_LONGEST}")
    return Identifier(data.hex().upper(), 8 * len(data))


def spellings(card: str) -> dict[Spelling, str]:
    """The other way round: how `card`, in canonical form, is printed on cards and written in lists."""
    data = bytes.fromhex(card)
    value = int.from_bytes(data)
    told: dict[Spelling, str] = {
        "hex": card,
        "hex-reversed": data[::-1].hex().upper(),
        "decimal": _decimal(data),
        "decimal-reversed": _decimal(data[::-1]),
    }
    if len(data) * 8 <= _LONGEST_CUT:
        told["facility,number"] = f"{value >> 16 & 0xFF:03},{value & 0xFFFF:05}"
    return told


class Holders:
    """Who has which cards. A person may have several (125 kHz, 13.56 MHz, UHF, 2.4 GHz): any of them is the person."""

    def __init__(self, cards: Iterable[tuple[str, Iterable[str]]]) -> None:
        """`cards`: person and that person's identifiers in canonical form; what is none is nobody's."""
        self._whole: dict[int, set[str]] = defaultdict(set)
        self._cut: dict[tuple[int, int], set[str]] = defaultdict(set)
        self._short: dict[tuple[int, int], set[str]] = defaultdict(set)
        for person, listed in cards:
            for card in listed:
                self._add(person, card)

    def who(self, card: str) -> Claim:
        """Whose card was read. Leading zeros do not count; nobody is named where two people come into question.

        All zeros and all ones are what readers with a broken line or chip tell; they are nobody's.
        """
        value, width = _value(card)
        if value in (0, (1 << width) - 1):
            return Claim(None, "unknown")
        whole, longer = self._listed_whole(value), self._listed_longer(value, width)
        if whole:
            return _claim(whole | longer, "whole")
        return _claim(longer | self._listed_shorter(value, width), "cut")

    def claimants(self, card: str) -> set[str]:
        """Everybody who has this card in any width: whoever is among them cannot be told apart by every reader."""
        value, width = _value(card)
        if value in (0, (1 << width) - 1):
            return set()
        return self._listed_whole(value) | self._listed_longer(value, width) | self._listed_shorter(value, width)

    def change(self, person: str, before: Iterable[str], after: Iterable[str]) -> None:
        """Somebody has the identifiers `after` from now on, in place of `before`, which are all that they had."""
        for card in before:
            for people in self._places(card):
                people.discard(person)
        for card in after:
            self._add(person, card)

    def _listed_whole(self, value: int) -> set[str]:
        return self._whole.get(value, set())

    def _listed_longer(self, value: int, width: int) -> set[str]:
        """A reader that cuts tells nothing of the bytes above, be they zero on somebody's list or not."""
        return self._cut.get((width, value), set()) if width in _CUTS else set()

    def _listed_shorter(self, value: int, width: int) -> set[str]:
        """Who was enrolled at a reader that cuts, when the card is now read whole."""
        cuts = [cut for cut in _CUTS if cut < width <= _LONGEST_CUT]
        return {person for cut in cuts for person in self._short.get((cut, value & ((1 << cut) - 1)), ())}

    def _add(self, person: str, card: str) -> None:
        for people in self._places(card):
            people.add(person)

    def _places(self, card: str) -> Iterator[set[str]]:
        """Wherever somebody stands who has this card."""
        value, width = _value(card)
        yield self._whole[value]
        if width in _CUTS:
            yield self._short[width, value]
        for cut in _CUTS:
            if cut < width <= _LONGEST_CUT:
                yield self._cut[cut, value & ((1 << cut) - 1)]


def suggest(card: str, holders: Holders) -> Iterator[tuple[Spelling, str]]:
    """For the installer: the spellings by which an unknown `card` would be somebody's, and whose."""
    backwards = bytes.fromhex(card)[::-1].hex().upper()
    if person := holders.who(card).person:
        yield "hex", person
    if person := holders.who(backwards).person:
        yield "hex-reversed", person


def _value(card: str) -> tuple[int, int]:
    """A canonical identifier as number, and its width; 0 for what is none."""
    return (int(card, 16), 4 * len(card)) if re.fullmatch(r"[0-9A-Fa-f]+", card) else (0, 0)


def _claim(people: set[str], how: Literal["whole", "cut"]) -> Claim:
    if not people:
        return Claim(None, "unknown")
    if len(people) > 1:
        return Claim(None, "ambiguous")
    return Claim(next(iter(people)), how)


def _from_hex(text: str) -> bytes:
    digits = re.sub(r"[\s:.-]", "", text)
    digits = digits[2:] if digits[:2] in ("0x", "0X") else digits
    if not re.fullmatch(r"[0-9A-Fa-f]+", digits):
        raise BadIdentifier(f"{text[:40]!r}: expected hexadecimal digits")
    return bytes.fromhex(digits.zfill(len(digits) + len(digits) % 2))


def _from_decimal(text: str, bits: int) -> bytes:
    if not re.fullmatch(r"[0-9]{1,20}", text):
        raise BadIdentifier(f"{text[:40]!r}: expected a decimal number of up to 20 digits")
    value = int(text)
    # Nine or ten digits are printed for 32 bits, whatever they begin with.
    told = 32 if len(text) > 8 else 24
    width = -(-bits // 8) * 8 or next((width for width in _WIDTHS if width >= told and value < 1 << width), 64)
    if value >= 1 << (bits or width):
        raise BadIdentifier(f"{text}: too large for {bits or width} bits")
    return value.to_bytes(width // 8)


def _from_pair(text: str) -> Identifier:
    if pair := _PAIR.match(text):
        facility, number = pair.groups()
    elif re.fullmatch(r"\d{8}", text):
        facility, number = text[:3], text[3:]
    else:
        raise BadIdentifier(f"{text[:40]!r}: expected facility and number, as in 123,45678")
    high = 1 if len(facility) <= 3 else 2
    if int(facility) >= 1 << 8 * high or int(number) >= 1 << 16:
        raise BadIdentifier(f"{text}: facility up to {(1 << 8 * high) - 1} and number up to 65535 expected")
    return of_bytes(int(facility).to_bytes(high) + int(number).to_bytes(2))


def _decimal(data: bytes) -> str:
    return str(int.from_bytes(data)).zfill({3: 8, 4: 10}.get(len(data), 1))
