"""Everything of one database into another, of whichever kinds: for a backup, a restore, and a move.

What lies sealed is copied as it lies. Numbers that the databases hand out go on where they were: a case that retention
deleted must not share its number with a new one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Column, Connection, MetaData, Row, Table, delete, func, inspect, select, text
from sqlalchemy.types import TypeDecorator

from . import bulk, partitions, tables

#: Rows that are in memory at once; a body may have some ten kilobytes.
AT_ONCE: Final = 1000


def copy(source: Connection, target: Connection) -> dict[str, int]:
    """Copy all rows; how many of each table.

    Args:
        source: sees one moment of a database of this version's schema.
        target: one whose schema was just made; nobody else uses it.
    """
    for table in reversed(tables.metadata.sorted_tables):
        # The rows that a new database begins with.
        target.execute(delete(table))
    if target.dialect.name == "postgresql":
        partitions.make(target, _months(source))
    counts = {table.name: _rows(source, target, _as_it_lies(table)) for table in tables.metadata.sorted_tables}
    _go_on(target, _given_out(source))
    return counts


def counted(link: Connection) -> dict[str, int]:
    """How many rows each table has."""
    every = tables.metadata.sorted_tables
    return {table.name: link.execute(select(func.count()).select_from(table)).scalar_one() for table in every}


def is_new(link: Connection) -> bool:
    """Whether nobody has ever kept anything in this database, not even a schema."""
    return not inspect(link).get_table_names()


def _as_it_lies(table: Table) -> Table:
    """The table without what seals and opens its columns."""

    def plain(column: Column[Any]) -> Column[Any]:
        kind = column.type.impl if isinstance(column.type, TypeDecorator) else column.type
        return Column(column.name, kind, primary_key=column.primary_key)

    return Table(table.name, MetaData(), *(plain(column) for column in table.columns))


def _rows(source: Connection, target: Connection, table: Table) -> int:
    count = 0
    order = table.primary_key.columns
    found = source.execution_options(yield_per=AT_ONCE).execute(select(table).order_by(*order))
    for rows in found.partitions():
        bulk.insert(target, table, [_named(row) for row in rows])
        count += len(rows)
    return count


def _named(row: Row[Any]) -> dict[str, Any]:
    return dict(row._mapping)


def _months(source: Connection) -> Sequence[int]:
    """The months that events have numbers of; before there were any, numbers are small."""
    found = source.execute(select(tables.events.c.id // partitions.ROOM).distinct()).scalars()
    return sorted(int(month) for month in found if month >= partitions.FIRST)


def _given_out(link: Connection) -> Iterator[tuple[str, int]]:
    """The last number of each table whose rows are numbered by the database."""
    if link.dialect.name == "sqlite":
        for name, last in link.execute(text("SELECT name, seq FROM sqlite_sequence")):
            yield name, last
        return
    query = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = current_schema()"
    for name, last in link.execute(text(query)):
        if last is not None:
            yield name.removesuffix("_id_seq"), last


def _go_on(link: Connection, given_out: Iterator[tuple[str, int]]) -> None:
    known = {table.name for table in tables.metadata.sorted_tables}
    for name, last in given_out:
        if name not in known:
            continue
        if link.dialect.name == "sqlite":
            link.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": name})
            link.execute(text("INSERT INTO sqlite_sequence VALUES (:name, :last)"), {"name": name, "last": last})
        elif last:
            # SQLite notes this of every table with an id, also of those that `counters` number.
            there = text("SELECT setval(to_regclass(:name), :last) WHERE to_regclass(:name) IS NOT NULL")
            link.execute(there, {"name": f"{name}_id_seq", "last": last})
