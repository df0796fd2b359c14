"""Small grey pictures of rooms, and what fixed cameras see happen in them."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]


def scene(seed: int) -> Grey:
    """A room of blocks of different greys, with some texture."""
    rng = np.random.default_rng(seed)
    blocks = np.roll(np.kron(rng.integers(20, 215, (9, 16)), np.ones((10, 10))), (4, 4), (0, 1))
    texture = cv2.GaussianBlur(rng.normal(0, 40, (90, 160)), (5, 5), 0)
    return np.clip(blocks + texture, 0, 255).astype(np.uint8)


def noisy(picture: Grey, seed: int, sigma: float = 3.0) -> Grey:
    """With a sensor's noise, new for every seed."""
    noise = np.random.default_rng(seed).normal(0, sigma, picture.shape)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def person(seed: int) -> Grey:
    """Somebody's picture, 50x100, unlike everybody else's."""
    rng = np.random.default_rng(1000 + seed)
    coarse = rng.integers(10, 245, (10, 5)).astype(np.uint8)
    return np.asarray(cv2.resize(coarse, (50, 100), interpolation=cv2.INTER_CUBIC), np.uint8)


def with_person(picture: Grey, x: float, who: int = 0, height: int = 45, floor: int = 85) -> Grey:
    """With person number `who`, `height` pixels high, the feet at (x, `floor`)."""
    width = max(height // 2, 1)
    body = cv2.resize(person(who), (width, height), interpolation=cv2.INTER_AREA)
    shown = cv2.copyMakeBorder(picture, 400, 400, 400, 400, cv2.BORDER_REPLICATE)
    top, left = 400 + floor - height, 400 + round(x - width / 2)
    shown[top : top + height, left : left + width] = body
    return np.asarray(shown[400:490, 400:560].copy(), np.uint8)
