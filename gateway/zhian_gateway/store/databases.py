"""What the store needs to know of a kind of database; `sqlite.py` and `postgres.py` are the two."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Protocol

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

#: How long a writer waits for another one's commit before it gives up, in seconds.
BUSY_S: Final = 30
#: A connection with this option begins a transaction that holds the one pen, across all processes, from its first word.
WRITING: Final[Mapping[str, Any]] = {"zhian_write": True}


class Database(Protocol):
    """One database with its engine.

    Attributes:
        engine: begins each transaction as its connection's options say.
        reading: the options of a connection that sees one moment, whatever is written meanwhile.
        folder: where files that belong to it lie, unless the configuration says otherwise.
    """

    engine: Engine
    reading: Mapping[str, Any]
    folder: Path

    def look_ahead(self, link: Connection, moment: datetime, /) -> None:
        """Make room for what comes in this month and the next ones, where months are kept apart; holding the pen."""

    def compact(self, moment: datetime, /) -> None:
        """Give up the space of whole months that retention has emptied, likewise; it may take a while."""

    def overwrite(self) -> None:
        """Take what was deleted out of the files too, as far as the database can do that and nobody is in the way."""

    def doubts(self) -> list[str]:
        """Why a power cut might lose what was receipted, though commits are asked to wait for the disk."""

    def is_away(self, error: DBAPIError, /) -> bool:
        """Whether an error says that the database cannot be reached just now, and nothing about what was asked."""
