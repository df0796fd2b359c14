"""Frames as a reader would give them, made from a text."""

from __future__ import annotations

import numpy as np
from zhian_models.plate.alphabet import BLANK, FLOOR, INDEX, WIDTH
from zhian_models.plate.ctc import Frames


def frames_of(text: str, sure: float = 0.97, doubts: dict[int, dict[str, float]] | None = None) -> Frames:
    """Two blanks, then each character and a blank; `doubts` gives a position's probabilities instead."""
    rows = [_blank(), _blank()]
    for at, symbol in enumerate(text):
        row = np.full(WIDTH, FLOOR, dtype=np.float32)
        for each, probability in (doubts or {}).get(at, {symbol: sure}).items():
            row[INDEX[each]] = probability
        row[BLANK] = max(FLOOR, 1.0 - float(row[1:].sum()))
        rows += [row, _blank()]
    return np.stack(rows)


def _blank() -> Frames:
    row = np.full(WIDTH, FLOOR, dtype=np.float32)
    row[BLANK] = 0.99
    return row
