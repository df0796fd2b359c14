"""Which pictures wait for delivery, which were sent, and which had to go: the rows beside the spool's files."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from typing import Final, Literal

from .database import Database

#: Events that show the same picture are decided together.
_NEARBY: Final = 1000
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


def expect(db: sqlite3.Connection, row: int, shown: Iterable[str]) -> None:
    """Event `row` shows these. One that was thinned or refused is here once more, so it may be sent with this event."""
    db.executemany(
        "INSERT INTO picture (sha256, event, state) VALUES (?, ?, 'waiting') ON CONFLICT (sha256) DO UPDATE "
        "SET event = excluded.event, state = CASE state WHEN 'sent' THEN 'sent' ELSE 'waiting' END "
        "WHERE state != 'waiting'",
        [(sha256, row) for sha256 in shown],
    )


def send_again(db: sqlite3.Connection, rows: Collection[int]) -> None:
    """Those of events `rows`: a gateway that asks for these events again may have lost their pictures with them."""
    known = db.execute("SELECT sha256, event FROM picture WHERE state IN ('sent', 'refused')").fetchall()
    again = [(sha256,) for sha256, row in known if row in rows]
    db.executemany("UPDATE picture SET state = 'waiting' WHERE sha256 = ?", again)


def hand_on(db: sqlite3.Connection, row: int) -> None:
    """Pictures of an event that is never stored go with another event that shows them, if there is one."""
    shown = db.execute("SELECT sha256 FROM picture WHERE event = ? AND state = 'waiting'", (row,)).fetchall()
    query = "SELECT id FROM event WHERE id BETWEEN ? AND ? AND refused IS NULL AND instr(body, ?) ORDER BY id LIMIT 1"
    for (sha256,) in shown:
        other = db.execute(query, (row - _NEARBY, row + _NEARBY, sha256.encode())).fetchone()
        if other is None:
            db.execute("UPDATE picture SET state = 'refused' WHERE sha256 = ?", (sha256,))
        else:
            db.execute("UPDATE picture SET event = ? WHERE sha256 = ?", (other[0], sha256))
