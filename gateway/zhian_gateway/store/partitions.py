"""Events and passages by the month, on PostgreSQL: made ahead, and given up once retention has emptied them.

A row's month is in its number: numbers of March 2026 begin at 202603 0000000000, because the sequence that hands them
out is moved there when March begins. So the table is divided by its primary key, and everything that leans on it stays
as it is on SQLite: numbers are unique and rise in the order of commits, passages refer to events, cases to passages.
Divided by the time of arrival instead, the primary key would have to hold the time, and no reference could be kept.

What a node may say once, (site, node, epoch, seq), cannot be kept unique by tables that are divided by something else.
It has a narrow table of its own for all months, `event_keys` (some 70 bytes an event with its index, against 500 to
1,000 of the event), which a trigger of the database fills once per statement: whoever inserts an event by whatever way
is held to it. `event_numbers` looks a node's number up in it.

The turn of a month cannot fail: a month's part is there before numbers go on in it, and until then they stay in the
month before, where they do no harm.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

import structlog
from sqlalchemy import Connection, text

log = structlog.get_logger(__name__)

#: The first month that has a part of its own.
FIRST: Final = 202601
DIVIDED: Final = ("events", "passages")
#: Made ahead, besides the present month's.
AHEAD: Final = 2
#: A month's numbers; 3,700 events a second would be needed to use them up, and would then go on in the next month.
ROOM: Final = 10**10
_NAME: Final = re.compile(r"^(events|passages)_(\d{6})$")
_PARTS: Final = text(
    "SELECT child.relname FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid "
    "JOIN pg_class parent ON parent.oid = inhparent WHERE parent.relname = :table ORDER BY child.relname"
)
_LAST: Final = text("SELECT last_value FROM events_id_seq")
#: Of a row whose contents are gone, with room to spare; a part with more holds space that nothing is in.
ROW_BYTES: Final = 400


def base(month: int) -> int:
    """Where the numbers of a month (`202603`) begin."""
    return month * ROOM


def month_of(moment: datetime) -> int:
    """The month of a moment, as a number that reads `YYYYMM`."""
    return moment.year * 100 + moment.month


def following(month: int) -> int:
    """The month after."""
    return month + 1 if month % 100 < 12 else month + 89


def months(link: Connection, table: str) -> list[int]:
    """Which months a table has parts for, ascending."""
    names = link.execute(_PARTS, {"table": table}).scalars()
    return sorted(int(found[2]) for name in names if (found := _NAME.match(name)))


def look_ahead(link: Connection, moment: datetime) -> None:
    """Make the parts of this month and of those to come, and let numbers go on in this month's; inside the pen.

    A clock that was set back, or that stands before there were months, changes nothing.
    """
    month = month_of(moment)
    last = link.execute(_LAST).scalar_one()
    if month < FIRST or base(month) < last // ROOM * ROOM:
        return
    wanted = [month]
    for _ in range(AHEAD):
        wanted.append(following(wanted[-1]))
    make(link, wanted)
    if last < base(month):
        link.execute(text("SELECT setval('events_id_seq', :value)"), {"value": base(month)})
        log.info("store.month", month=month)


def make(link: Connection, wanted: Iterable[int]) -> None:
    """Make the parts of these months that are not there yet."""
    for table in DIVIDED:
        there = months(link, table)
        for month in wanted:
            if month not in there:
                _make(link, table, month)


def _make(link: Connection, table: str, month: int) -> None:
    part = f"{table}_{month}"
    # Attached afterwards: as part of its making, everybody who reads the table would have to leave it first.
    link.exec_driver_sql(f"CREATE TABLE {part} (LIKE {table} INCLUDING ALL)")
    bounds = f"FROM ({base(month)}) TO ({base(following(month))})"
    link.exec_driver_sql(f"ALTER TABLE {table} ATTACH PARTITION {part} FOR VALUES {bounds}")


def drop_empty(link: Connection, before: int) -> list[str]:
    """Drop parts of passages of the months before `before` that hold nothing any more; their names. Inside the pen.

    Rows of events stay for ever: number, day and hash are the ledger's proof.
    """
    gone = []
    for month in months(link, "passages"):
        part = f"passages_{month}"
        if month < before and link.exec_driver_sql(f"SELECT 1 FROM {part} LIMIT 1").first() is None:  # noqa: S608
            link.exec_driver_sql(f"DROP TABLE {part}")
            gone.append(part)
    return gone


def hollow(link: Connection, before: int) -> Iterator[str]:
    """Parts of events, of the months before `before`, whose contents are gone and whose space is still held."""
    size = text("SELECT pg_table_size(:part) / greatest((SELECT reltuples FROM pg_class WHERE relname = :part), 1)")
    for month in months(link, "events"):
        part = f"events_{month}"
        if month < before and link.execute(size, {"part": part}).scalar_one() > ROW_BYTES:
            # Few are left with contents: orders by hand are kept as long as the audit, others for an open case.
            kept = f"SELECT count(*) FILTER (WHERE digest IS NULL) * 10 <= count(*) FROM {part}"  # noqa: S608
            if link.exec_driver_sql(kept).scalar_one():
                yield part
