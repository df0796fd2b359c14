"""On what ground somebody's face may be used: without one, no template."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from .. import moments
from ..errors import NoGround

#: The purpose that templates are kept for.
RECOGNITION: Final = "recognition"


@dataclass(frozen=True, kw_only=True)
class Ground:
    """A recorded ground. `until` is RFC 3339; afterwards the templates are deleted everywhere."""

    text: str
    until: str
    granted_by: str
    text_version: str = "1"
    purpose: str = RECOGNITION


def ground(*, text: str, until: str, granted_by: str, now: datetime, zone: ZoneInfo, text_version: str = "1") -> Ground:
    """A ground until the end of the local day `until` (YYYY-MM-DD).

    Raises:
        NoGround: the text is empty, or the day is none or not in the future.
    """
    if not text.strip():
        raise NoGround("without a ground nobody is enrolled: say which (--ground)")
    try:
        day = date.fromisoformat(until)
    except ValueError as error:
        raise NoGround(f"{until!r} is no date; a ground ends on a day such as 2026-07-31") from error
    end = datetime.combine(day + timedelta(days=1), time(), zone)
    if end <= now:
        raise NoGround(f"the ground ended on {until}; nobody is enrolled on it")
    return Ground(text=text.strip(), until=moments.text(end), granted_by=granted_by, text_version=text_version)
