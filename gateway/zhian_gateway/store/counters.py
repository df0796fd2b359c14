"""Numbers in the order of commits: taken inside the transaction that uses them."""

from __future__ import annotations

from typing import Final, Literal

from sqlalchemy import Connection, bindparam, or_, select, update

from .migrations import NUMBER
from .tables import counters

# Built once: these are asked several times per event.
_CURRENT = select(counters.c.value).where(counters.c.name == bindparam("which"))
_BOTH = select(counters.c.name, counters.c.value).where(
    or_(counters.c.name == bindparam("one"), counters.c.name == bindparam("other"))
)
_PUT = update(counters).where(counters.c.name == bindparam("which")).values(value=bindparam("to", type_=NUMBER))
_TAKE = (
    update(counters)
    .where(counters.c.name == bindparam("which"))
    .values(value=counters.c.value + bindparam("more", type_=NUMBER))
    .returning(counters.c.value)
)

Counter = Literal[
    "attendance",
    "attendance_told",
    "audit",
    "followed",
    "followed_urgent",
    "latecomers",
    "latecomers_refused",
    "police",
    "presence",
    "roster",
    "stream",
    "timetable",
    "timetable_file",
    "year",
    "year_file",
]


def take(link: Connection, name: Counter, count: int = 1) -> int:
    """The first of the next `count` numbers, which are the caller's from now on.

    The row stays locked until the commit, so nobody sees a higher number before a lower one.
    """
    last: int = link.execute(_TAKE, {"which": name, "more": count}).scalar_one()
    return last - count + 1


def current(link: Connection, name: Counter) -> int:
    """The last number taken."""
    return int(link.execute(_CURRENT, {"which": name}).scalar_one())


def both(link: Connection, one: Counter, other: Counter) -> tuple[int, int]:
    """The last numbers taken of two."""
    found = {row.name: row.value for row in link.execute(_BOTH, {"one": one, "other": other})}
    return int(found[one]), int(found[other])


#: What others outside follow: in a restored store their numbers go on where no number was before.
FOLLOWED: Final[tuple[Counter, ...]] = ("attendance", "police")


def leap(link: Connection, seconds: int) -> None:
    """Begin a new life of the store at so many seconds since 1970: whoever was ahead of it hears what comes now.

    Each life begins a million numbers a second after 1970, far beyond what an earlier one reached, and below 2^53, as
    far as every reader of JSON counts. The roster's have 31 bits on the wire: half a number a second, until 2106.
    """
    for name in FOLLOWED:
        put(link, name, max(current(link, name), seconds << 20))
    put(link, "roster", max(current(link, "roster"), seconds >> 1))


def put(link: Connection, name: Counter, value: int) -> None:
    """Move a cursor to `value`."""
    link.execute(_PUT, {"which": name, "to": value})
