"""Inserts many rows at once, by the fastest way that the database has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Boolean, Connection, Float, Integer, LargeBinary, Table
from sqlalchemy.exc import DBAPIError

#: Fewer are as fast by a statement.
FEW: Final = 8


def insert(link: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that name the same columns each; none of them may lie sealed."""
    if not rows:
        return
    if link.dialect.name == "sqlite":
        names = list(rows[0])
        places = ", ".join("?" * len(names))
        # Past the compiler of statements, which takes half as long again as the database itself.
        statement = f"INSERT INTO {table.name} ({_listed(names)}) VALUES ({places})"  # noqa: S608 - our own names
        link.exec_driver_sql(statement, [tuple(row[name] for name in names) for row in rows]).close()
    elif len(rows) < FEW:
        link.execute(table.insert(), [dict(row) for row in rows])
    else:
        _copy(link, table, rows)


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
            copy.set_types([_type(table, name) for name in names])
            for row in rows:
                copy.write_row([row[name] for name in names])
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


def _type(table: Table, name: str) -> str:
    """The type's name on PostgreSQL."""
    kind = table.c[name].type
    if isinstance(kind, Integer):
        return "int8"
    if isinstance(kind, LargeBinary):
        return "bytea"
    if isinstance(kind, Boolean):
        return "bool"
    return "float8" if isinstance(kind, Float) else "text"
