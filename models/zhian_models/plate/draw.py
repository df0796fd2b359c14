"""Draws plates by the public measures of GA 36: for tests, benchmarks and a demo that says "synthetic".

The measures are millimetres; the glyphs are OpenCV 5's built-in fonts set to the standard's boxes, not the
plate typeface itself, which nobody publishes. No drawn plate is a picture of anybody's car.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from zhian_models.plate.types import Colour, Kind

_GROUNDS = {  # BGR
    Colour.BLUE: (165, 62, 12),
    Colour.YELLOW: (20, 178, 236),
    Colour.GREEN: (120, 190, 90),
    Colour.YELLOW_GREEN: (120, 190, 90),
    Colour.WHITE: (235, 236, 236),
    Colour.BLACK: (28, 26, 24),
}
_DARK_GREEN = (78, 96, 20)
_YELLOW_LEFT = (40, 196, 232)
_PAPER = (226, 230, 232)
_WHITE, _BLACK, _RED = (245, 245, 245), (22, 20, 20), (40, 30, 200)
_LIGHT_TEXT = {Colour.BLUE, Colour.BLACK}
_DARK_GREEN_KINDS = {Kind.AVIATION, Kind.FARM}


@dataclass(frozen=True, slots=True)
class Slot:
    """Where one character stands: millimetres from the top left."""

    symbol: str
    x: float
    y: float
    width: float
    height: float


def draw(text: str, kind: Kind, colour: Colour, rows: int = 1, scale: float = 1.0) -> NDArray[np.uint8]:
    """A plate square on, `scale` pixels a millimetre, BGR."""
    size, slots = _slots(text, kind, rows)
    plate = _ground(size, kind, colour, scale)
    _frame(plate, scale, _ink(kind, colour))
    for at, slot in enumerate(slots):
        _stamp(plate, slot, scale, _ink_of(slot.symbol, at, kind, colour))
    if kind is Kind.TEMPORARY:
        _date(plate, size, scale)
    return plate


def _slots(text: str, kind: Kind, rows: int) -> tuple[tuple[float, float], list[Slot]]:
    """Outer size and the place of every character."""
    if kind is Kind.TEMPORARY:
        return (220.0, 140.0), list(_line(text, (10.0, 200.0), (14.0, 58.0), gap=4.0))
    if rows == 2:
        return _two_rows(text, kind)
    if kind in {Kind.NEV, Kind.NEV_LARGE}:
        return (480.0, 140.0), list(_standard(text, 15.5, 43.0, 9.0, 40.0))
    if kind is Kind.ARMED_POLICE and len(text) == 9:
        return (440.0, 140.0), _old_armed_police(text)
    if len(text) == 8:
        return (440.0, 140.0), list(_line(text, (15.0, 410.0), (25.0, 90.0), gap=9.0))
    return (440.0, 140.0), list(_standard(text, 15.5, 45.0, 12.0, 34.0))


def _standard(text: str, left: float, width: float, gap: float, wide_gap: float) -> Iterator[Slot]:
    """One row with the wide gap (and its dot) behind the second character."""
    x = left
    for at, symbol in enumerate(text):
        yield Slot(symbol, x, 25.0, width, 90.0)
        x += width + (wide_gap if at == 1 else gap)


def _line(text: str, across: tuple[float, float], down: tuple[float, float], gap: float) -> Iterator[Slot]:
    """Characters spread evenly over a row; `across` and `down` are its start and its length."""
    (left, width), (top, height) = across, down
    each = (width - gap * (len(text) - 1)) / len(text)
    for at, symbol in enumerate(text):
        yield Slot(symbol, left + at * (each + gap), top, each, height)


def _old_armed_police(text: str) -> list[Slot]:
    """WJ, two small digits low, five digits."""
    letters = list(_line(text[:2], (15.0, 85.0), (25.0, 90.0), gap=7.0))
    small = list(_line(text[2:4], (106.0, 56.0), (70.0, 45.0), gap=8.0))
    return letters + small + list(_line(text[4:], (170.0, 255.0), (25.0, 90.0), gap=10.0))


def _two_rows(text: str, kind: Kind) -> tuple[tuple[float, float], list[Slot]]:
    """Upper row of two or three characters, five below."""
    upper, lower = text[:-5], text[-5:]
    size = (300.0, 165.0) if kind is Kind.FARM else (440.0, 220.0)
    wide, high = size
    width = 0.52 * wide if len(upper) == 2 else 0.6 * wide
    gap = 0.14 * wide if len(upper) == 2 else 0.07 * wide
    above = _line(upper, ((wide - width) / 2, width), (0.075 * high, 0.27 * high), gap)
    below = _line(lower, (0.06 * wide, 0.88 * wide), (0.41 * high, 0.5 * high), 0.034 * wide)
    return size, [*above, *below]


def _ground(size: tuple[float, float], kind: Kind, colour: Colour, scale: float) -> NDArray[np.uint8]:
    width, height = round(size[0] * scale), round(size[1] * scale)
    plate = np.empty((height, width, 3), dtype=np.uint8)
    plate[:] = _DARK_GREEN if kind in _DARK_GREEN_KINDS else _GROUNDS[colour]
    if kind is Kind.NEV:  # white at the top runs into green
        fade = np.linspace(1.0, 0.0, height)[:, None, None]
        plate[:] = np.clip(fade * 238 + (1 - fade) * np.array(_GROUNDS[Colour.GREEN]), 0, 255)
    if colour is Colour.YELLOW_GREEN:
        plate[:, : round(0.27 * width)] = _YELLOW_LEFT
    if kind is Kind.TEMPORARY:
        plate[:] = _PAPER
        step = max(3, round(5 * scale))
        plate[::step, ::step] = (190, 205, 222)
    return plate


def _frame(plate: NDArray[np.uint8], scale: float, ink: tuple[int, int, int]) -> None:
    rim = max(1, round(4 * scale))
    height, width = plate.shape[:2]
    cv2.rectangle(plate, (rim, rim), (width - 1 - rim, height - 1 - rim), ink, max(1, round(2 * scale)))


def _ink(kind: Kind, colour: Colour) -> tuple[int, int, int]:
    return _WHITE if colour in _LIGHT_TEXT or kind in _DARK_GREEN_KINDS else _BLACK


def _ink_of(symbol: str, at: int, kind: Kind, colour: Colour) -> tuple[int, int, int]:
    """Red are 警, the letters of armed police and the military, 使 and 领 stay white."""
    red_start = kind in {Kind.ARMED_POLICE, Kind.MILITARY} and at < 2
    return _RED if symbol in "警应急" or red_start else _ink(kind, colour)


def _stamp(plate: NDArray[np.uint8], slot: Slot, scale: float, ink: tuple[int, int, int]) -> None:
    """Sets one glyph into its slot."""
    width, height = max(3, round(slot.width * scale)), max(4, round(slot.height * scale))
    glyph = _glyph(slot.symbol)
    if slot.symbol in "1I":  # a one keeps its own width
        width, left = max(2, width // 3), round((slot.x + slot.width / 3) * scale)
    else:
        left = round(slot.x * scale)
    top = round(slot.y * scale)
    cover = cv2.resize(glyph, (width, height), interpolation=cv2.INTER_AREA).astype(np.float32)[..., None] / 255
    place = plate[top : top + height, left : left + width]
    cover = cover[: place.shape[0], : place.shape[1]]
    place[:] = (place * (1 - cover) + np.array(ink) * cover).astype(np.uint8)


@lru_cache(maxsize=256)
def _glyph(symbol: str) -> NDArray[np.uint8]:
    """The symbol as coverage (0 to 255), cut to its ink."""
    canvas = np.zeros((220, 220, 3), dtype=np.uint8)
    weight = 500 if symbol.isascii() else 650
    shape = "O" if symbol == "0" else symbol  # the font's zero is slashed, a plate's is not
    cv2.putText(canvas, shape, (30, 160), (255, 255, 255), cv2.FontFace("sans"), 130, weight)
    ink = canvas[:, :, 0]
    x, y, width, height = cv2.boundingRect(ink)
    return ink[y : y + height, x : x + width]


def _date(plate: NDArray[np.uint8], size: tuple[float, float], scale: float) -> None:
    """What paper plates carry below the number."""
    for symbol, x in zip("年月日", (70.0, 130.0, 195.0), strict=True):
        _stamp(plate, Slot(symbol, x, 0.76 * size[1], 14.0, 16.0), scale, _BLACK)
    for row, symbol in enumerate("有效期至"):
        _stamp(plate, Slot(symbol, 12.0, 0.62 * size[1] + 10.5 * row, 9.0, 9.5), scale, _BLACK)
