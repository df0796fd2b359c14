"""Weeks in turn, as two households share a child: by the number of the ISO week, or counted from a day.

A year of 53 weeks is followed by week 1, so that by number two odd weeks follow each other; who wants strict turns
counts from a day. Weeks begin on Monday, where the site is.
"""

from __future__ import annotations

from datetime import date
from typing import Final, Literal, get_args

#: odd, even: weeks of such a number, or the first week counted from and every second one, and those between; "": all.
Turn = Literal["", "odd", "even"]
TURNS: Final[tuple[Turn, ...]] = get_args(Turn)
_WEEK_DAYS: Final = 7


def is_turn(turn: Turn, turn_from: str, day: date) -> bool:
    """Whether a local day lies in a week of that turn; ValueError where `turn_from` is no day."""
    if not turn:
        return True
    if turn_from:
        first = date.fromisoformat(turn_from)
        # Mondays are ordinals of 1 modulo 7.
        weeks = (day.toordinal() - 1) // _WEEK_DAYS - (first.toordinal() - 1) // _WEEK_DAYS
        odd = weeks % 2 == 0
    else:
        odd = day.isocalendar().week % 2 == 1
    return odd == (turn == "odd")
