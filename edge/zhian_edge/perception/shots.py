"""The best few looks at a subject: good ones, and not all of the same moment."""

from __future__ import annotations

from typing import TypeVar

from .dossier import View

V = TypeVar("V", bound=View)

KEEP = 5
"""Looks kept per subject; more hardly help once the best five are fused."""

APART_MS = 150
"""Looks closer in time than this show the same expression, blur and light."""

BETTER = 1.15
"""A look takes the place of another when it is this much better."""


def wanted(views: list[V], quality: float, at_ms: int, keep: int = KEEP, apart_ms: int = APART_MS) -> bool:
    """Whether a look of this quality at this time would be kept: asked before anything is computed from it.

    Looks closer in time than `apart_ms` are one moment's, of which the better is kept.
    """
    twin = _twin(views, at_ms, apart_ms)
    if twin is not None:
        return quality > twin.quality * BETTER
    return len(views) < keep or quality > min(view.quality for view in views) * BETTER


def keep(views: list[V], view: V, most: int = KEEP, apart_ms: int = APART_MS) -> None:
    """Add a look that is wanted; what it is better than leaves."""
    twin = _twin(views, view.at_ms, apart_ms)
    if twin is not None:
        views.remove(twin)
    elif len(views) >= most:
        views.remove(min(views, key=lambda other: (other.quality, other.at_ms)))
    views.append(view)


def best(views: list[V]) -> V:
    """The look that stands for the subject; the earlier one of two equals."""
    return max(views, key=lambda view: (view.quality, -view.at_ms))


def _twin(views: list[V], at_ms: int, apart_ms: int) -> V | None:
    near = [view for view in views if abs(view.at_ms - at_ms) < apart_ms]
    return min(near, key=lambda view: abs(view.at_ms - at_ms)) if near else None
