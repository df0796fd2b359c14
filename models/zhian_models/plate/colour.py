"""Which ground a plate is printed on, from the hue of the ground and whether the characters are darker than it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from zhian_models.plate.types import Colour


@dataclass(frozen=True, slots=True)
class Ground:
    """What was measured on a rectified plate."""

    hue: float
    """Degrees on the colour circle, 0 to 360, weighted by how colourful each pixel is."""
    chroma: float
    """Length of the mean colour vector, 0 (grey) to 1."""
    left_hue: float
    """The hue of the part that carries province and letter."""
    left_chroma: float
    dark_text: bool
    """Characters darker than the ground (yellow, white, new-energy green)."""
    light: float
    """Mean lightness of the ground, 0 to 1."""
    contrast: float
    """Lightness of the darker part over that of the brighter one, 0 to 1: black plates stand out, dusk does not."""
    tint: float
    """How much bluer than red the darker part is, seen by the light of the brighter one (characters are white)."""


def measure(crop: NDArray[np.uint8]) -> Ground:
    """Statistics of a rectified plate's ground (upright, cut at its edges)."""
    height, width = crop.shape[:2]
    inner = crop[round(0.12 * height) : round(0.88 * height), round(0.03 * width) : round(0.97 * width)]
    grey = cv2.cvtColor(inner, cv2.COLOR_BGR2GRAY)
    _, bright = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    lit = bright > 0
    dark_text = bool(lit.mean() > 0.5)
    ground = lit if dark_text else ~lit
    left = ground.copy()
    left[:, inner.shape[1] * 27 // 100 :] = False
    right = ground.copy()
    right[:, : inner.shape[1] * 27 // 100] = False
    hue, chroma = _mean_hue(inner[right])
    left_hue, left_chroma = _mean_hue(inner[left])
    light = float(grey[ground].mean() / 255) if ground.any() else 0.0
    contrast, tint = _contrast(inner, lit)
    return Ground(hue, chroma, left_hue, left_chroma, dark_text, light, contrast, tint)


def _contrast(inner: NDArray[np.uint8], lit: NDArray[np.bool_]) -> tuple[float, float]:
    """Darker over brighter part, and how the ratio differs between blue and red."""
    if lit.all() or not lit.any():
        return 1.0, 0.0
    pixels = inner.astype(np.float32)
    ratio = (pixels[~lit].mean(axis=0) + 1) / (pixels[lit].mean(axis=0) + 1)
    return float(ratio.mean()), float(ratio[0] - ratio[2])


def _mean_hue(pixels: NDArray[np.uint8]) -> tuple[float, float]:
    """Hue in degrees and chroma of the mean colour, relative to its brightest channel (so night does not count)."""
    if len(pixels) == 0:
        return 0.0, 0.0
    blue, green, red = (float(v) for v in pixels.astype(np.float32).mean(axis=0))
    alpha, beta = red - (green + blue) / 2, np.sqrt(3) / 2 * (green - blue)
    brightest = max(red, green, blue, 1.0)
    return float(np.degrees(np.arctan2(beta, alpha)) % 360), float(np.hypot(alpha, beta) / brightest)


_COSTS = {Colour.BLUE: 0.0, Colour.YELLOW: 0.0, Colour.GREEN: 0.5, Colour.YELLOW_GREEN: 1.0, Colour.WHITE: 1.0,
          Colour.BLACK: 1.5}  # fmt: skip
_HUES = {Colour.BLUE: 215.0, Colour.YELLOW: 48.0, Colour.GREEN: 150.0}
_HUE_WIDTH = 25.0  # degrees: cameras, lamps and dusk shift hues this much
_WRONG_TEXT = 4.0  # the polarity of the characters is rarely mismeasured


def costs(ground: Ground) -> dict[Colour, float]:
    """For every colour how badly the ground fits it: like a negative logarithm of its probability."""
    pale = 6.0 * max(0.0, ground.chroma - 0.12) / 0.2
    grey = 3.0 * max(0.0, 0.2 - ground.chroma) / 0.2
    hue = {colour: min(8.0, (_apart(ground.hue, at) / _HUE_WIDTH) ** 2 / 2) for colour, at in _HUES.items()}
    light_text = _WRONG_TEXT if ground.dark_text else 0.0
    on_blue = light_text * (0.4 if hue[Colour.BLUE] < 0.7 else 1.0)  # nothing dark is ever printed on blue
    black = min(1.0, max(0.0, (0.5 - ground.contrast) / 0.1)) * min(1.0, max(0.0, (0.12 - ground.tint) / 0.05))
    dark_text = _WRONG_TEXT - light_text
    faint = 8.0 * max(0.0, ground.contrast - 0.62)  # black on white stands out; an overexposed blue plate does not
    left = 0.0 if ground.left_chroma > 0.15 and _apart(ground.left_hue, 50) < 30 else 5.0
    fits = {
        Colour.BLUE: hue[Colour.BLUE] * min(1.0, ground.chroma / 0.4) + grey + on_blue + 2.5 * black,
        Colour.YELLOW: hue[Colour.YELLOW] * min(1.0, ground.chroma / 0.4) + grey + dark_text,
        Colour.GREEN: hue[Colour.GREEN] * min(1.0, ground.chroma / 0.4) + grey + max(0.0, 3.0 - left),
        Colour.YELLOW_GREEN: hue[Colour.GREEN] + left + dark_text,
        Colour.WHITE: pale + dark_text + 4.0 * max(0.0, 0.5 - ground.light) + faint,
        Colour.BLACK: pale * 0.4 + light_text + 4.0 * max(0.0, ground.light - 0.4) + 3.0 * (1 - black),
    }
    return {colour: fit + _COSTS[colour] for colour, fit in fits.items()}


def ends_in_red(crop: NDArray[np.uint8]) -> bool:
    """Whether the last character, and none before it but the first two, is red: 警, in the place of the seventh."""
    return _red(crop, 0.86, 0.98) > 0.15 and _red(crop, 0.3, 0.8) < 0.04


def starts_in_red(crop: NDArray[np.uint8]) -> bool:
    """Whether the first two characters, and none of the last five, are red: WJ, or the letters of the military."""
    return _red(crop, 0.03, 0.22) > 0.1 and _red(crop, 0.45, 0.8) < 0.04


def _red(crop: NDArray[np.uint8], left: float, right: float) -> float:
    """The share of red pixels between two parts of the width, without the rims above and below."""
    height, width = crop.shape[:2]
    pixels = crop[height // 6 : -height // 6, round(left * width) : round(right * width)].astype(np.float32)
    red = pixels[:, :, 2] - pixels[:, :, :2].max(axis=2) > 0.2 * pixels[:, :, 2]
    return float(red.mean())


def _apart(one: float, other: float) -> float:
    """Degrees between two hues."""
    return abs((one - other + 180) % 360 - 180)
