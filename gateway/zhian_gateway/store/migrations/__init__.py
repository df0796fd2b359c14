"""One file per revision; `migrate.py` runs them, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles

#: Every number of a table. SQLite's have 64 bits whatever they are called; on PostgreSQL `Integer` would have 32.
NUMBER: Final[sa.types.TypeEngine[Any]] = sa.Integer().with_variant(sa.BigInteger(), "postgresql")


@compiles(sa.String, "postgresql")
def _unbounded(_type: sa.String, _compiler: Any, **_more: Any) -> str:
    """Texts have no bound on PostgreSQL either: what may be how long is said where it comes in, by nobody twice.

    A node's event that SQLite stores would otherwise be refused here, after it was receipted.
    """
    return "VARCHAR"
