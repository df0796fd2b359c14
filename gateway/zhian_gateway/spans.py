"""Spans of the day on the site's wall, written `22:00-06:00`."""

from __future__ import annotations

from datetime import datetime


def covers(span: str, local: datetime) -> bool:
    """Whether a local moment lies in a span: from its first minute up to, and without, its second.

    One that ends before it begins passes midnight; one that ends as it begins is the whole day.
    """
    start, end = span.split("-")
    now = f"{local:%H:%M}"
    return start <= now < end if start < end else now >= start or now < end
