"""Inserts many rows at once, by the fastest way that the database has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, Final

from sqlalchemy import Boolean, Connection, Float, Integer, LargeBinary, Table, text
from sqlalchemy.exc import DBAPIError

from . import packing

#: Fewer are as fast by a statement.
FEW: Final = 8
#: So many rows go into one statement of SQLite. Its driver gives the interpreter away for each step of a statement, and
#: gets it back once the other threads let it go: a thousand rows one by one took a thousand turns.
AT_ONCE: Final = 100


def insert(link: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that name the same columns each; none of them may lie sealed."""
    if not rows:
        return
    if link.dialect.name == "sqlite":
        _in_few_steps(link, table, rows, "")
    elif len(rows) < FEW:
        link.execute(table.insert(), [dict(row) for row in rows])
    else:
        _copy(link, table, rows)


def upsert(link: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, key: Sequence[str], kept: str) -> None:
    """Insert rows, or change those that are there, by their `key`; `kept` is a column that stays as it was first.

    No two of them may have the same key.
    """
    if not rows:
        return
    changed = ", ".join(f'"{name}" = excluded."{name}"' for name in rows[0] if name not in (*key, kept))
    conflict = f"ON CONFLICT ({_listed(key)}) DO UPDATE SET {changed}"
    if link.dialect.name == "sqlite":
        _in_few_steps(link, table, rows, conflict)
        return
    names = list(rows[0])
    # One statement, by arrays: a thousand of them would be planned and run one by one.
    lists = ", ".join(f"CAST(:{name} AS {_type(table, name)}[])" for name in names)
    values = {name: [row[name] for row in rows] for name in names}
    statement = " ".join((_into(table, names), "SELECT * FROM", f"unnest({lists})", conflict))
    link.execute(text(statement), values)


def _in_few_steps(link: Connection, table: Table, rows: Sequence[Mapping[str, Any]], conflict: str) -> None:
    """Past the compiler of statements, which takes half as long again as the database itself."""
    names = list(rows[0])
    values = [tuple(row[name] for name in names) for row in rows]
    places = f"({', '.join('?' * len(names))})"
    whole = len(values) - len(values) % AT_ONCE
    many = f"{_into(table, names)} VALUES {', '.join([places] * AT_ONCE)} {conflict}"
    for start in range(0, whole, AT_ONCE):
        link.exec_driver_sql(many, tuple(chain.from_iterable(values[start : start + AT_ONCE]))).close()
    if whole < len(values):
        link.exec_driver_sql(f"{_into(table, names)} VALUES {places} {conflict}", values[whole:]).close()


def _into(table: Table, names: Sequence[str]) -> str:
    """Our own names alone."""
    return f"INSERT INTO {table.name} ({_listed(names)})"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _copy(link: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """By COPY, in binary: a body is not written as hexadecimal digits and read again."""
    import psycopg  # noqa: PLC0415 - whoever gets here has it; others need not

    names = list(rows[0])
    statement = f"COPY {table.name} ({_listed(names)}) FROM STDIN (FORMAT BINARY)"
    raw: Any = link.connection.driver_connection
    try:
        with raw.cursor() as cursor, cursor.copy(statement) as copy:
            for piece in packing.packed(rows, {name: _type(table, name) for name in names}):
                copy.write(piece)
    except psycopg.Error as error:
        # As every other statement says it.
        dialect = link.dialect
        lost = dialect.is_disconnect(error, raw, None)  # type: ignore[arg-type]
        if lost:
            link.invalidate(error)
        wrapped = DBAPIError.instance(
            statement, None, error, psycopg.Error, hide_parameters=True, connection_invalidated=lost, dialect=dialect
        )
        raise wrapped from error


def _type(table: Table, name: str) -> packing.Kind:
    """The type's name on PostgreSQL."""
    kind = table.c[name].type
    if isinstance(kind, Integer):
        return "int8"
    if isinstance(kind, LargeBinary):
        return "bytea"
    if isinstance(kind, Boolean):
        return "bool"
    return "float8" if isinstance(kind, Float) else "text"
