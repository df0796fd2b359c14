"""Stable keys of alerts: the same thing at the same place is the same case, however often it is said."""

from __future__ import annotations


def alert_key(place: str, kind: str, subject: str = "", window: str = "") -> str:
    """`place` (lane or device), what it is, about whom, and the window (a local day, say) in which repeats merge."""
    return "/".join(part for part in (place, kind, subject, window) if part)
