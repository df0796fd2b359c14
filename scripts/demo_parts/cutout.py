"""Cuts a standing person out of a portrait, so that the demo's reel can let it walk up to the gate."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Mask = NDArray[np.float32]
#: GrabCut works on this height; its cost grows with the area and the edge is feathered anyway.
WORK_HEIGHT: Final = 420
ROUNDS: Final = 5


def person(picture: Image, face: tuple[float, float, float, float]) -> tuple[Image, Mask]:
    """The person whose face is `face` (x, y, w, h), without the background.

    Head and shoulders are marked as certain, the upper corners as background, and GrabCut finds the edge
    (Rother, Kolmogorov, Blake 2004).

    Returns:
        the picture (h, w, 3) and its mask (h, w), 0..1, at the given size.
    """
    scale = WORK_HEIGHT / picture.shape[0]
    small = cv2.resize(picture, (round(picture.shape[1] * scale), WORK_HEIGHT), interpolation=cv2.INTER_AREA)
    x, y, w, h = (value * scale for value in face)
    labels = _first_guess(small.shape[:2], x, y, w, h)
    cv2.setRNGSeed(7)  # the same reel on every machine
    cv2.grabCut(small, labels, (0, 0, 1, 1), np.zeros((1, 65)), np.zeros((1, 65)), ROUNDS, cv2.GC_INIT_WITH_MASK)
    inside = ((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD)).astype(np.uint8)
    whole = _largest_part(inside)
    mask = cv2.resize(cv2.GaussianBlur(whole.astype(np.float32), (0, 0), 1.4), picture.shape[1::-1])
    return picture, np.asarray(np.clip(mask * 1.6 - 0.45, 0, 1), dtype=np.float32)


def _first_guess(shape: tuple[int, ...], x: float, y: float, w: float, h: float) -> Image:
    labels = np.full(shape, cv2.GC_PR_BGD, np.uint8)
    centre, chin = x + w / 2, y + h
    shoulders = (round(centre - 1.5 * w), round(chin + 0.35 * h))
    cv2.rectangle(labels, shoulders, (round(centre + 1.5 * w), shape[0]), cv2.GC_PR_FGD, -1)
    cv2.rectangle(labels, (round(centre - 0.55 * w), round(chin)), (round(centre + 0.55 * w), shape[0]), cv2.GC_FGD, -1)
    axes = (round(w * 0.72), round(h * 0.86))
    cv2.ellipse(labels, (round(centre), round(y + h * 0.42)), axes, 0, 0, 360, cv2.GC_PR_FGD, -1)
    cv2.ellipse(
        labels, (round(centre), round(y + h * 0.5)), (round(w * 0.42), round(h * 0.5)), 0, 0, 360, cv2.GC_FGD, -1
    )
    labels[: max(1, round(y - h * 0.55))] = cv2.GC_BGD
    labels[: round(chin), : max(1, round(centre - 0.85 * w))] = cv2.GC_BGD
    labels[: round(chin), round(centre + 0.85 * w) :] = cv2.GC_BGD
    return labels


def _largest_part(inside: Image) -> Image:
    closed = np.asarray(cv2.morphologyEx(inside, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8)), dtype=np.uint8)
    count, parts, stats, _ = cv2.connectedComponentsWithStats(closed)
    if count < 2:
        return closed
    return np.asarray(parts == 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA])), dtype=np.uint8)
