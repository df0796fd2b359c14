"""Spans of the day on the site's wall, written `22:00-06:00`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta


def covers(span: str, local: datetime) -> bool:
    """Whether a local moment lies in a span: from its first minute up to, and without, its second.

    One that ends before it begins passes midnight; one that ends as it begins is the whole day.
    """
    start, end = span.split("-")
    now = f"{local:%H:%M}"
    return start <= now < end if start < end else now >= start or now < end


def quiet_until(spans: Iterable[str], local: datetime) -> datetime | None:
    """When the spans that cover a local moment have ended; None where none covers it.

    Spans that follow on each other count as one; those that leave no moment of a day end after that day.
    """
    found = list(spans)
    until = local
    for _ in range(len(found) + 1):
        ends = [_end(span, until) for span in found if covers(span, until)]
        if not ends:
            return until if until > local else None
        until = max(ends)
    return until


def _end(span: str, local: datetime) -> datetime:
    hour, minute = map(int, span.split("-")[1].split(":"))
    end = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return end if end > local else end + timedelta(days=1)
