"""From when until when something holds, as people write it: days of the site, or moments of its own clock."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from .. import moments
from ..errors import BadInput


class Validity(NamedTuple):
    """RFC 3339 in UTC, as the store and the roster write it; None: without a beginning, without an end."""

    begins: str | None = None
    ends: str | None = None


def validity(begins: str, ends: str, zone: ZoneInfo) -> Validity:
    """What `2026-09-01` (the whole day, of both) or `2026-09-01T14:30` stand for; "": always.

    Raises:
        BadInput: it is neither, or it ends before it begins.
    """
    found = Validity(_moment(begins, zone, days=0), _moment(ends, zone, days=1))
    if found.begins is not None and found.ends is not None and found.ends <= found.begins:
        raise BadInput(f"it ends ({ends}) before it begins ({begins})")
    return found


def _moment(said: str, zone: ZoneInfo, *, days: int) -> str | None:
    """A day stands for its first moment, `days` later."""
    if not said:
        return None
    try:
        if len(said) == len("2026-09-01"):
            return moments.text(datetime.combine(date.fromisoformat(said) + timedelta(days=days), time(), zone))
        moment = datetime.fromisoformat(said)
        return moments.text(moment if moment.tzinfo else moment.replace(tzinfo=zone))
    except (ValueError, OverflowError) as error:
        raise BadInput(f"{said!r} is no day such as 2026-09-01, and no moment such as 2026-09-01T14:30") from error
