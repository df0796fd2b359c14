"""Numbers in the order of commits: taken inside the transaction that uses them."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import Connection, select, update

from .tables import counters

Counter = Literal["audit", "followed", "police", "roster", "stream"]


def take(link: Connection, name: Counter, count: int = 1) -> int:
    """The first of the next `count` numbers, which are the caller's from now on.

    The row stays locked until the commit, so nobody sees a higher number before a lower one.
    """
    last: int = link.execute(
        update(counters)
        .where(counters.c.name == name)
        .values(value=counters.c.value + count)
        .returning(counters.c.value)
    ).scalar_one()
    return last - count + 1


def current(link: Connection, name: Counter) -> int:
    """The last number taken."""
    return int(link.execute(select(counters.c.value).where(counters.c.name == name)).scalar_one())


def put(link: Connection, name: Counter, value: int) -> None:
    """Move a cursor to `value`."""
    link.execute(update(counters).where(counters.c.name == name).values(value=value))
