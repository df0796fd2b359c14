"""What page and command line ask for: sheets of classes and of one person, over days that make sense."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from sqlalchemy import Connection, select

from .. import moments
from ..errors import BadInput, DayForgotten, Withheld
from ..services import Services
from ..store.tables import people
from .reading import PersonDay, pupils, sheet

#: More is asked for in parts.
MOST_DAYS: Final = 92


def days_of(parts: Services, first: str | None, last: str | None) -> list[date]:
    """Local days, both included; without the second one the first, without both today; BadInput."""
    today = moments.local_day(parts.clock(), parts.zone)
    begins = read_day(first or last or today, "from")
    ends = read_day(last or first or today, "to")
    if not timedelta(0) <= ends - begins < timedelta(days=MOST_DAYS):
        raise BadInput(
            f"from {begins} to {ends}: the last day is before the first one, or these are more than {MOST_DAYS} days"
        )
    if begins.year not in moments.YEARS or ends.year not in moments.YEARS:
        raise BadInput(f"from {begins} to {ends}: nothing is known of these")
    return [begins + timedelta(days=more) for more in range((ends - begins).days + 1)]


def known_from(parts: Services) -> date:
    """The first local day whose passages are all kept (`[retention] known_days`); earlier ones look like absences."""
    kept = parts.config.retention.known_days
    oldest = (parts.clock() - timedelta(days=kept)).astimezone(parts.zone).date()
    return oldest + timedelta(days=1) if kept else date.min


def check_known(parts: Services, first: date) -> None:
    """DayForgotten where the day is not known any more."""
    known = known_from(parts)
    if first < known:
        raise DayForgotten(first.isoformat(), known.isoformat())


def read_day(text: str, what: str) -> date:
    """A day as it is written; BadInput."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInput(f"{what}: {text!r} is no day such as 2026-10-01") from error


def classes(link: Connection, parts: Services, days: Sequence[date], groups: frozenset[str] | None) -> list[PersonDay]:
    """Everybody of these groups (None: all) on these days, by day, group and name; DayForgotten."""
    check_known(parts, min(days))
    return sheet(link, days, pupils(link, groups), parts.zone, parts.clock())


def one(
    link: Connection, parts: Services, person_id: str, days: Sequence[date], groups: frozenset[str] | None
) -> list[PersonDay]:
    """Somebody's days.

    Raises:
        DayForgotten: not everything of the first one is kept.
        Withheld: nobody is enrolled by that id, or they are in none of the groups.
    """
    check_known(parts, min(days))
    where = (people.c.id == person_id) & people.c.withdrawn_at.is_(None) & people.c.watch.is_(False)
    row = link.execute(select(people).where(where)).mappings().one_or_none()
    if row is None or (groups is not None and row["group"] not in groups):
        raise Withheld(f"there is nobody enrolled as {person_id!r}")
    return sheet(link, days, [row], parts.zone, parts.clock())


def counts(lines: Sequence[PersonDay]) -> Counter[str]:
    """How many are how; one who left early is counted as that besides."""
    found: Counter[str] = Counter(line.result.status for line in lines)
    found["left_early"] = sum(1 for line in lines if line.result.left_early and not line.result.excused)
    found["still_inside"] = sum(1 for line in lines if line.result.still_inside)
    return found
