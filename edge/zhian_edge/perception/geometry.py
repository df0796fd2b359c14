"""Boxes: overlap, distance, growth; plain functions."""

from __future__ import annotations

import math

from .types import Box

Region = tuple[int, int, int, int]
"""x, y, width, height in whole pixels of the full-resolution frame."""


def overlap(a: Box, b: Box) -> float:
    """Intersection over union, 0..1."""
    shared = intersection(a, b)
    union = a[2] * a[3] + b[2] * b[3] - shared
    return shared / union if union > 0 else 0.0


def intersection(a: Box, b: Box) -> float:
    """Area that both boxes cover."""
    width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    return width * height if width > 0 and height > 0 else 0.0


def inside(small: Box, large: Box) -> float:
    """Share of `small` that lies in `large`, 0..1."""
    area = small[2] * small[3]
    return intersection(small, large) / area if area > 0 else 0.0


def size(box: Box) -> float:
    """Side of the square of equal area."""
    return math.sqrt(max(box[2] * box[3], 0.0))


def centre(box: Box) -> tuple[float, float]:
    """Middle of a box."""
    return box[0] + box[2] / 2, box[1] + box[3] / 2


def distance(a: Box, b: Box) -> float:
    """Between the middles, counted in sides of the larger box."""
    (ax, ay), (bx, by) = centre(a), centre(b)
    return math.hypot(ax - bx, ay - by) / max(size(a), size(b), 1.0)


def alike_in_size(a: Box, b: Box) -> float:
    """Smaller side over larger side, 0..1."""
    low, high = sorted((size(a), size(b)))
    return low / high if high > 0 else 0.0


def widened(box: Box, factor: float) -> Region:
    """The box with `factor` times its longer side about its middle, square, in whole pixels."""
    side = max(box[2], box[3]) * factor
    x, y = centre(box)
    return math.floor(x - side / 2), math.floor(y - side / 2), math.ceil(side), math.ceil(side)


def clipped(region: Region, width: int, height: int) -> Region | None:
    """The part of a region that lies in a frame of `width` x `height`; None if nothing does."""
    x, y, w, h = region
    left, top, right, bottom = max(x, 0), max(y, 0), min(x + w, width), min(y + h, height)
    return (left, top, right - left, bottom - top) if left < right and top < bottom else None


def at_edge(box: Box, width: int, height: int, rim: float = 0.02) -> bool:
    """Whether the box touches the frame's rim (`rim`: share of the frame's width)."""
    margin = rim * width
    x, y, w, h = box
    return x <= margin or y <= margin or x + w >= width - margin or y + h >= height - margin
