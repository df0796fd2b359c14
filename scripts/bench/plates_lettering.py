"""Lettering that is no plate, on boards like plates: signs, time stamps, badges, telephone numbers; spoiled alike."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray
from plates_drawn import Level, placed

BOARDS = ((165, 62, 12), (20, 178, 236), (120, 190, 90), (235, 236, 236), (28, 26, 24), (40, 30, 200))
"""Colours of plates, and red (BGR)."""
WORDS = (
    "京东快递",
    "顺丰速运",
    "中国石化",
    "停车场",
    "消防通道",
    "禁止停车",
    "出租汽车",
    "苏果超市",
    "皖通物流",
    "沪宁高速",
)
BADGES = ("FORLAND", "AUDI A6L", "PASSAT", "TOYOTA", "BYD 秦", "HAVAL H6", "DONGFENG", "SGMW", "长安之星", "LAVIDA")


def lettering(count: int, seed: int, level: Level) -> Iterator[tuple[str, str, NDArray[np.uint8]]]:
    """Kind, text and picture: `count` of each kind, equal for equal seeds."""
    random = np.random.default_rng(seed)
    for kind in ("words", "badge", "stamp", "telephone", "part"):
        for _ in range(count):
            text = _text(kind, random)
            yield kind, text, placed(_board(text, random), random, level)


def _text(kind: str, random: np.random.Generator) -> str:
    digits = "".join(str(digit) for digit in random.integers(10, size=11))
    match kind:
        case "words":
            return WORDS[random.integers(len(WORDS))]
        case "badge":
            return BADGES[random.integers(len(BADGES))]
        case "stamp":
            return f"20{digits[:2]}-0{digits[2]}-1{digits[3]} 1{digits[4]}:2{digits[5]}:3{digits[6]}"
        case "telephone":
            return f"1{digits[1:]}" if random.random() < 0.5 else f"0512-{digits[:8]}"
        case _:
            return f"A{digits[:4]}"  # a plate whose province and end are hidden


def _board(text: str, random: np.random.Generator) -> NDArray[np.uint8]:
    """The text across a board with the proportions of a plate."""
    ground = BOARDS[random.integers(len(BOARDS))]
    ink = (245, 245, 245) if sum(ground) < 350 else (22, 20, 20)
    canvas = np.full((160, 1600, 3), ground, dtype=np.uint8)
    cv2.putText(canvas, text, (20, 115), ink, cv2.FontFace("sans"), 90, 600)
    used = np.flatnonzero((canvas != np.array(ground, np.uint8)).any(axis=(0, 2)))
    return np.asarray(cv2.resize(canvas[:, : used.max() + 20], (440, 140), interpolation=cv2.INTER_AREA), np.uint8)
