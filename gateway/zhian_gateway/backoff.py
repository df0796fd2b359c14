"""How long to wait before the next try. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

SLOWEST_S: Final = 600.0


def next_try(now: datetime, tries: int, first_s: float) -> datetime:
    """After `tries` failures: `first_s`, then twice as long each time, at most ten minutes."""
    return now + timedelta(seconds=min(first_s * 2 ** min(tries - 1, 20), SLOWEST_S))
