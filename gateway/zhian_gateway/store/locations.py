"""Where a gateway's database is: a SQLite file, or a database on a PostgreSQL server."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias


@dataclass(frozen=True)
class Server:
    """A database on a PostgreSQL server.

    Attributes:
        url: `postgresql://user@host:port/database`, without a password.
        home: the gateway's own folder on this machine, for keys and locks.
        password_file: holds the password, and is read at each connection; None: libpq's own ways (`PGPASSWORD`,
            `PGPASSFILE`, or a server that asks for none).
    """

    url: str
    home: Path
    password_file: Path | None = None


#: A path is a SQLite file's.
Location: TypeAlias = Path | Server
