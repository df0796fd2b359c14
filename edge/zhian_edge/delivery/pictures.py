"""Which pictures wait for delivery, which were sent, and which had to go: the rows beside the spool's files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from .database import Database

PictureState = Literal["waiting", "sent", "refused", "thinned"]


class PictureBook:
    """The picture rows of the node's database. Each method is one transaction and may raise as `Outbox` does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def next(self, limit: int) -> list[str]:
        """Pictures whose event the gateway has, those of alerts first."""
        query = (
            "SELECT sha256 FROM picture JOIN event ON event.id = picture.event "
            "WHERE state = 'waiting' AND settled_ms IS NOT NULL AND refused IS NULL ORDER BY priority, event LIMIT ?"
        )
        return self._names(query, limit)

    def mark(self, pictures: Iterable[str], state: PictureState) -> None:
        """Note what became of pictures."""
        with self._database.transaction() as db:
            db.executemany("UPDATE picture SET state = ? WHERE sha256 = ?", [(state, each) for each in pictures])

    def waiting(self) -> int:
        """Pictures not delivered yet, whether their event is or not."""
        with self._database.reading() as db:
            return int(db.execute("SELECT count(*) FROM picture WHERE state = 'waiting'").fetchone()[0])

    def thinnable(self) -> list[str]:
        """Pictures in the order in which they may go: delivered ones before all others, each oldest first."""
        return self._names("SELECT sha256 FROM picture WHERE state != 'thinned' ORDER BY state = 'waiting', event")

    def known(self) -> set[str]:
        """Every picture that an event shows."""
        return set(self._names("SELECT sha256 FROM picture WHERE state != 'thinned'"))

    def _names(self, query: str, *values: int) -> list[str]:
        with self._database.reading() as db:
            return [sha256 for (sha256,) in db.execute(query, values)]
