"""Replaces what stands in rows that others refer to, so that the space of what is gone is free again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, update


def replace(link: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, changed: Sequence[str]) -> None:
    """Put these whole rows, which have an `id` each, in the place of those with the same ids.

    Args:
        changed: the columns in which they differ.
    """
    if link.dialect.name == "sqlite":
        # Replaced, not updated: SQLite never gives the space of a row that got shorter to other rows.
        link.exec_driver_sql("PRAGMA defer_foreign_keys=ON").close()
        link.execute(delete(table).where(table.c.id.in_([row["id"] for row in rows])))
        link.execute(table.insert(), [dict(row) for row in rows])
        return
    # An update is a new row there anyway.
    query = update(table).where(table.c.id == bindparam("its_id"))
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in changed}
    link.execute(
        query.values(values), [{"its_id": row["id"]} | {f"new_{name}": row[name] for name in changed} for row in rows]
    )
