"""From when until when a visit may be, when it is overdue, and when nobody comes any more (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

from ..errors import BadInput
from .life import EXPECTED, State

#: A clock at the window may be a little ahead.
SLACK: Final = timedelta(minutes=5)


class Span(NamedTuple):
    """Aware moments; `ends` is not part of it."""

    begins: datetime
    ends: datetime


@dataclass(frozen=True)
class Limits:
    """How long a visit may be, and how far ahead it may be arranged; overdue so long after its end."""

    longest: timedelta
    ahead: timedelta
    grace: timedelta


#: What time does to a visit.
Due = Literal["nothing", "overdue", "over", "missed"]


def span(begins: datetime, ends: datetime, now: datetime, limits: Limits) -> Span:
    """A visit's time.

    Raises:
        BadInput: it is over, too long, or too far ahead.
    """
    if ends <= begins:
        raise BadInput("ends: before the visit begins")
    if ends <= now:
        raise BadInput("ends: is over already")
    if ends - begins > limits.longest:
        raise BadInput(f"ends: a visit lasts {limits.longest / timedelta(hours=1):g} hours at most")
    if begins - now > limits.ahead:
        raise BadInput(f"begins: at most {limits.ahead.days} days ahead")
    return Span(begins, ends)


def due(state: State, ends: datetime, now: datetime, grace: timedelta, *, on_site: bool) -> Due:
    """What became due of a visit by now. Who has gone is never overdue, and the pass ends with its time."""
    if state == "inside" and now >= ends:
        if not on_site:
            return "over"
        return "overdue" if now >= ends + grace else "nothing"
    return "missed" if state in EXPECTED and now >= ends else "nothing"


def opens(begins: datetime, now: datetime) -> datetime:
    """From when on a pass that is handed out now holds: at once for who comes a little early, else from the time."""
    return now if begins - now <= SLACK else begins
