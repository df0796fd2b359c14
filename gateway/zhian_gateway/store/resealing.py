"""Seals values of the database anew that are not sealed with the present key, a few rows of a table at a time.

Which columns are sealed is read off the tables, so that a new one cannot be forgotten: after a rotation the former key
is gone, and with it everything that was passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from sqlalchemy import Column, Connection, LargeBinary, Row, Select, Table, Text, func, or_, select, tuple_, type_coerce
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.types import TypeEngine

from ..errors import Unsealable
from .sealed import SealedBytes, SealedText, head_of_text, open_text
from .tables import metadata
from .vault import HEAD_BYTES, Vault

#: Rows of one transaction.
AT_ONCE: Final = 200
Write: TypeAlias = Callable[[], AbstractContextManager[Connection]]


@dataclass(frozen=True)
class Step:
    """What one transaction did; `damaged` names values that no key opens, which are left as they are."""

    table: str
    values: int
    damaged: tuple[str, ...]


def sealed_columns(table: Table) -> list[Column[Any]]:
    """The columns of a table whose values lie sealed."""
    return [column for column in table.columns if isinstance(column.type, SealedBytes | SealedText)]


def seal_rows(write: Write, vault: Vault) -> Iterator[Step]:
    """Seal all tables' values with the present key; `write` opens a transaction."""
    for table in metadata.sorted_tables:
        if columns := sealed_columns(table):
            yield from _of_table(write, vault, table, columns)


def _of_table(write: Write, vault: Vault, table: Table, columns: list[Column[Any]]) -> Iterator[Step]:
    keys, after = list(table.primary_key.columns), None
    while True:
        with write() as link:
            rows = link.execute(_others(vault, keys, columns, after)).all()
            steps = [_seal_row(link, vault, table, row) for row in rows]
        if not rows:
            return
        after = tuple(rows[-1])[: len(keys)]
        yield Step(table.name, sum(done for done, _ in steps), tuple(name for _, bad in steps for name in bad))


def _others(
    vault: Vault, keys: list[Column[Any]], columns: list[Column[Any]], after: tuple[Any, ...] | None
) -> Select[Any]:
    """The next rows with a value that the present key did not seal: their keys, then the values as they lie."""
    query = select(*keys, *(_raw(column).label(column.name) for column in columns))
    query = query.where(or_(*(_begins(column) != _head(vault, column) for column in columns)))
    if after is not None:
        query = query.where(tuple_(*keys) > after)
    return query.order_by(*keys).limit(AT_ONCE)


def _raw(column: Column[Any]) -> ColumnElement[Any]:
    return type_coerce(column, LargeBinary if isinstance(column.type, SealedBytes) else Text)


def _begins(column: Column[Any]) -> ColumnElement[Any]:
    length = HEAD_BYTES if isinstance(column.type, SealedBytes) else len(head_of_text(bytes(HEAD_BYTES)))
    return func.substr(_raw(column), 1, length)


def _head(vault: Vault, column: Column[Any]) -> bytes | str:
    return vault.head if isinstance(column.type, SealedBytes) else head_of_text(vault.head)


def _seal_row(link: Connection, vault: Vault, table: Table, row: Row[Any]) -> tuple[int, list[str]]:
    """How many values were sealed, and the names of those that no key opens."""
    keys = list(table.primary_key.columns)
    plain, damaged = {}, []
    for column in sealed_columns(table):
        lying, head = row._mapping[column.name], _head(vault, column)
        if lying is None or lying[: len(head)] == head:
            continue
        try:
            plain[column.name] = _opened(vault, column.type, lying)
        except Unsealable:
            damaged.append(f"{_about(column)} {'/'.join(str(key) for key in row[: len(keys)])}")
    if plain:
        same = (key == value for key, value in zip(keys, row, strict=False))
        link.execute(table.update().where(*same).values(plain))
    return len(plain), damaged


def _about(column: Column[Any]) -> str:
    assert isinstance(column.type, SealedBytes | SealedText)
    return column.type.about


def _opened(vault: Vault, kind: TypeEngine[Any], lying: Any) -> bytes | str:
    if isinstance(kind, SealedText):
        return open_text(vault, lying, kind.about)
    assert isinstance(kind, SealedBytes)
    return vault.open(bytes(lying), kind.about)
