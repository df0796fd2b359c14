"""Moments and local days, as the store and the pages write them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from zhian_wire import times

#: Where "now" comes from; tests bring their own.
Clock: TypeAlias = Callable[[], datetime]
#: Years that a site can ask about or speak of: from the first one until before the other.
YEARS: Final = range(2000, 2999)


def wall_clock() -> datetime:
    """The machine's time, aware."""
    return datetime.now(UTC)


def text(moment: datetime) -> str:
    """`moment` as RFC 3339 in UTC with milliseconds: how every column of type `TIME` is written."""
    return times.to_text(moment)


def local_day(moment: datetime, zone: ZoneInfo) -> str:
    """The day of `moment` on the site's wall, `YYYY-MM-DD`."""
    return moment.astimezone(zone).date().isoformat()
