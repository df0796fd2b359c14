"""The formats of plates: which text is a plate's, of what kind, on which ground (pure).

Source: GA 36-2018 as collected in the project's notes on standards; aviation, farm machinery, the older armed police
and embassy forms are also on the road. The form of emergency plates (X fire, S forest, 应急) is from memory of the
2020 amendment and not checked against its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from zhian_models.plate.alphabet import DIGITS, LETTERS, PROVINCES, SERIAL_LETTERS
from zhian_models.plate.types import Colour, Kind, RejectReason

_CLASSES = {
    "P": PROVINCES,
    "L": LETTERS.replace("I", ""),  # an issuing letter may be O: police and official
    "S": DIGITS + SERIAL_LETTERS,
    "D": DIGITS,
    "E": "ABCDEFGHJK",  # A-E electric, F-K other
    "A": SERIAL_LETTERS,
    "m": "VKHBSLJNGCE",
    "n": "ABCDJKLMNOPRSTVY",
    "w": DIGITS + "TDSHBXJ",
    "x": "XS",
    "W": "W", "J": "J", "z": "Z", "y": "粤",
}  # fmt: skip

MOST_LETTERS = 2
"""Serial numbers are issued with so many letters at most: the rule from memory, and true for 385 of 386 car plates of
the test material. A likelihood, no law: owners may choose others."""


@dataclass(frozen=True, slots=True)
class Layout:
    """One way to write a plate: for every position the characters that may stand there."""

    kind: Kind
    positions: tuple[str, ...]
    colours: frozenset[Colour]
    rows: frozenset[int]
    rarity: float = 0.0
    """How much less often it is met than a civil plate, like a negative logarithm, roughly."""

    @property
    def small_digits(self) -> bool:
        """Whether the third and fourth characters are half as high as the others (old armed police)."""
        return self.kind is Kind.ARMED_POLICE and len(self.positions) == 9

    @property
    def free(self) -> tuple[int, ...]:
        """Where a digit or a letter may stand."""
        return tuple(at for at, allowed in enumerate(self.positions) if "0" in allowed and "A" in allowed)

    def letters_over(self, text: str) -> int:
        """How many letters more than `MOST_LETTERS` stand where digits may."""
        return max(0, sum(text[at].isalpha() for at in self.free) - MOST_LETTERS)

    def fits(self, text: str) -> bool:
        """Whether `text` is written so. 粤Z is issued to cars of Hong Kong and Macau alone."""
        if text.startswith("粤Z") and self.kind is not Kind.HK_MACAU:
            return False
        return len(text) == len(self.positions) and all(c in p for c, p in zip(text, self.positions, strict=True))


def _layout(kind: Kind, pattern: str, colours: str, rows: str = "1", rarity: float = 0.5) -> Layout:
    return Layout(
        kind=kind,
        positions=tuple(_CLASSES.get(c, c) for c in pattern),
        colours=frozenset(Colour(name) for name in colours.split()),
        rows=frozenset(int(row) for row in rows.split()),
        rarity=rarity,
    )


LAYOUTS: tuple[Layout, ...] = (
    _layout(Kind.CIVIL, "PLSSSSS", "blue yellow black", "1 2", 0.0),
    _layout(Kind.TEMPORARY, "PLSSSSS", "white", rarity=1.0),
    _layout(Kind.NEV, "PLESDDDD", "green", rarity=0.0),
    _layout(Kind.NEV_LARGE, "PLDDDDDE", "yellowgreen green", rarity=1.0),
    _layout(Kind.LEARNER, "PLSSSS学", "yellow"),
    _layout(Kind.TRAILER, "PLSSSS挂", "yellow", "1 2"),
    _layout(Kind.POLICE, "PLSSSS警", "white", "1 2"),
    _layout(Kind.HK_MACAU, "yzSSSS港", "black"),
    _layout(Kind.HK_MACAU, "yzSSSS澳", "black"),
    _layout(Kind.EMBASSY, "DDDDDD使", "black", rarity=2.0),
    _layout(Kind.EMBASSY, "使DDDDDD", "black", rarity=2.0),
    _layout(Kind.CONSULATE, "PDDDDD领", "black"),
    _layout(Kind.CONSULATE, "PLSSSS领", "black"),
    _layout(Kind.ARMED_POLICE, "WJPDDDDw", "white", "1 2"),
    _layout(Kind.ARMED_POLICE, "WJDDDDw", "white", "1 2", 5.0),
    _layout(Kind.ARMED_POLICE, "WJDDDDDDD", "white", "1 2", 1.0),
    _layout(Kind.MILITARY, "mnDDDDD", "white", "1 2"),
    _layout(Kind.AVIATION, "民航ADDDD", "green"),
    _layout(Kind.FARM, "PDDDDDDD", "green", "2", 1.0),
    _layout(Kind.EMERGENCY, "PxDDDD应急", "white", "1"),
)


def layouts_of(text: str) -> Iterator[Layout]:
    """All layouts that `text` fits, whatever its colour."""
    return (layout for layout in LAYOUTS if layout.fits(text))


def parse(text: str, colour: Colour | None = None, rows: int | None = None) -> Kind | None:
    """What `text` is issued for, None where it is no plate's.

    A colour or a number of rows, where known, must be one that the kind is made in.
    """
    for layout in layouts_of(text):
        if (colour is None or colour in layout.colours) and (rows is None or rows in layout.rows):
            return layout.kind
    return None


def why_not(text: str) -> RejectReason | None:
    """The reason why `text` is no plate's, None where it is one's."""
    if any(layouts_of(text)):
        return None
    if not text:
        return RejectReason.NO_TEXT
    if len(text) < 5:
        return RejectReason.TOO_SHORT
    if not re.match(rf"[{PROVINCES}]|WJ|民航|使|[0-9]{{5}}|[VKHBSLJNGCE][A-Z][0-9]", text):
        return RejectReason.BAD_PROVINCE
    if len(text) not in _lengths():
        return RejectReason.BAD_LENGTH
    return RejectReason.NOT_PLATE_TEXT


@cache
def _lengths() -> frozenset[int]:
    return frozenset(len(layout.positions) for layout in LAYOUTS)


_REPAIRS = {"I": "1", "O": "0"}
_SKIPPED = re.compile(r"[\s·•.\-]+")


def repair(text: str) -> str:
    """`text` as it must have been meant: upper case, without separators, I and O where only 1 and 0 can stand.

    The letter O stays where it is real (the issuing letter); text that no repair makes a plate's comes back cleaned
    but otherwise as it was.
    """
    cleaned = _SKIPPED.sub("", text).upper()
    if any(layouts_of(cleaned)):
        return cleaned
    for layout in LAYOUTS:
        if len(layout.positions) == len(cleaned):
            pairs = zip(cleaned, layout.positions, strict=True)
            repaired = "".join(_repaired(character, allowed) for character, allowed in pairs)
            if layout.fits(repaired):
                return repaired
    return cleaned


def _repaired(character: str, allowed: str) -> str:
    if character in allowed:
        return character
    swapped = _REPAIRS.get(character, "O" if character == "0" else character)
    return swapped if swapped in allowed else character
