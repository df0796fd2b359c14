"""How long events stay on a node after the gateway's receipt, in case it is restored from a backup."""

from __future__ import annotations

import sqlite3
from typing import Final

from zhian_edge.process.clock import EARLIEST_MS

_DAY_MS: Final = 86_400_000
#: One local day in the `decided` table takes a few bytes; a year of them answers any audit.
_DAYS_KEPT: Final = 400
#: Without a clock that is vouched for, so many settled events and answers stay in any case.
_LEAST_KEPT: Final = 1000
#: Of settled rows: what may be forgotten. The last row that was sent stays, since `probe` needs it, and so does what
#: waits for its picture; the budget of pictures bounds how many that are.
_FREE: Final = (
    "(epoch, seq) != (?, ?) AND (refused IS NOT NULL "
    "OR NOT EXISTS (SELECT 1 FROM picture WHERE picture.event = event.id AND state = 'waiting'))"
)


def prune(db: sqlite3.Connection, now_ms: int | None, days: int, *, kept: tuple[str, int]) -> None:
    """As `Outbox.prune`; `kept`: epoch and seq of the row that stays in any case."""
    if now_ms is None:
        _by_count(db, days, kept)
    else:
        _by_age(db, now_ms, now_ms - days * _DAY_MS, kept)
    db.execute(
        "DELETE FROM decided WHERE day NOT IN (SELECT DISTINCT day FROM decided ORDER BY day DESC LIMIT ?)",
        (_DAYS_KEPT,),
    )


def _by_age(db: sqlite3.Connection, now_ms: int, before_ms: int, last: tuple[str, int]) -> None:
    """Whatever was settled by a clock that was wrong begins to age now."""
    # By two statements: SQLite would take its index for neither half of an OR.
    db.execute("UPDATE event SET settled_ms = ? WHERE settled_ms < ?", (now_ms, EARLIEST_MS))
    db.execute("UPDATE event SET settled_ms = ? WHERE settled_ms > ?", (now_ms, now_ms))
    db.execute("UPDATE answer SET at_ms = ? WHERE at_ms < ? OR at_ms > ?", (now_ms, EARLIEST_MS, now_ms))
    db.execute(f"DELETE FROM event WHERE settled_ms < ? AND {_FREE}", (before_ms, *last))  # noqa: S608 - a constant
    db.execute("DELETE FROM answer WHERE at_ms < ?", (before_ms,))


def _by_count(db: sqlite3.Connection, days: int, last: tuple[str, int]) -> None:
    """By the days on which most was decided: a wrong clock may have divided one, and none is larger than it was."""
    busiest = "SELECT sum(count) AS whole FROM decided GROUP BY day ORDER BY whole DESC LIMIT ?"
    kept = db.execute(f"SELECT coalesce(sum(whole), 0) FROM ({busiest})", (days,)).fetchone()[0]  # noqa: S608
    settled = db.execute("SELECT count(*) FROM event WHERE settled_ms IS NOT NULL").fetchone()[0]
    excess = settled - max(kept, _LEAST_KEPT)
    if excess > 0:
        oldest = f"SELECT id FROM event WHERE settled_ms IS NOT NULL AND {_FREE} ORDER BY id LIMIT ?"  # noqa: S608
        db.execute(f"DELETE FROM event WHERE id IN ({oldest})", (*last, excess))  # noqa: S608 - a constant
    latest = "SELECT command FROM answer ORDER BY at_ms DESC LIMIT ?"
    db.execute(f"DELETE FROM answer WHERE command NOT IN ({latest})", (_LEAST_KEPT,))  # noqa: S608 - a constant
