"""Every decided event is a row here, on the disk, before anything acts on it or sends it.

`seq` counts from 1 without holes within an `epoch`. A row is settled by a receipt that names its very bytes, and by
nothing else; settled rows stay for some days, so that a gateway that was restored from a backup can have them again.

A card that was restored from a copy (or cloned) repeats numbers that its other life has used. What was sent is
therefore written down before it is sent: a gateway that knows a higher number has heard from the other life, and all
that is decided from then on has its place in a new epoch. What waits keeps its own: of a backlog that was in the copy
the gateway may have every byte already, and each row's proof says so; where another event has the place, the row moves
to an epoch of its own, whose name follows from its bytes. Two copies that both hold it, because one was made before it
could move, so give it the same place, and it is stored once. Before anything new is sent on a connection, one old row
is sent again to learn what the gateway knows.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from zhian_wire.codec import decode, encode
from zhian_wire.events import Actuated, Alert, Decision, Event, EventData, Health, Passage
from zhian_wire.receipts import MOVED, Receipt, Refusal, proof_of
from zhian_wire.times import from_text

from zhian_edge.process.clock import Stamp

from . import pictures, ring
from .database import Database

Key = tuple[str, int]
_PRIORITIES: Final[dict[type, int]] = {Alert: 0, Health: 0, Decision: 1, Actuated: 1, Passage: 2}
_LOWEST: Final = 3


class Identity(NamedTuple):
    """Whose outbox it is; local days follow `zone`."""

    site: str
    node: str
    zone: ZoneInfo


class Draft(NamedTuple):
    """An event that was decided and has no place in the sequence yet."""

    data: EventData
    stamp: Stamp


class Row(NamedTuple):
    """An event to send. `key` is epoch and seq; a smaller `priority` goes first."""

    key: Key
    priority: int
    body: bytes


class Outcome(NamedTuple):
    """What receipts changed.

    Attributes:
        settled: rows that the gateway has and that were open before.
        resent: settled rows that were opened again because the gateway's store is another one.
        new_epoch: set when the gateway knows a later life of this node (a cloned or restored card).
        moved: events that took a new place, because the gateway holds others in theirs.
        refused: events that the gateway will never store, and why.
    """

    settled: int = 0
    resent: int = 0
    new_epoch: str | None = None
    moved: int = 0
    refused: tuple[Refusal, ...] = ()


def priority_of(data: EventData) -> int:
    """Alerts and health first, since both become cases; then decisions, passages, and everything else."""
    return _PRIORITIES.get(type(data), _LOWEST)


def pictures_of(data: EventData) -> list[str]:
    """sha256 of every picture that the event shows."""
    return [piece.picture for piece in getattr(data, "evidence", ()) if piece.picture]


def new_epoch_name() -> str:
    """A name that no other life of this node has, whatever its clock says."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"


class Outbox:
    """The node's events. Any thread may use it; each method is one transaction.

    Every method may raise `NotWritten` or `OutboxCorrupt`; then nothing was changed.
    """

    def __init__(self, database: Database, identity: Identity, name_epoch: Callable[[], str] = new_epoch_name) -> None:
        self._database = database
        self._identity = identity
        self._name_epoch = name_epoch
        with database.transaction() as db:
            if _meta(db, "epoch") is None:
                self._begin_epoch(db)

    @property
    def epoch(self) -> str:
        with self._database.reading() as db:
            return _meta(db, "epoch") or ""

    @property
    def seq(self) -> int:
        """The last one given in the present epoch; 0: none yet."""
        with self._database.reading() as db:
            return _number(db, "seq")

    @property
    def place(self) -> Key:
        """Both as of one moment: an epoch that begins between two looks would seem to be the old one counting anew."""
        with self._database.reading() as db:
            return _meta(db, "epoch") or "", _number(db, "seq")

    def commit(self, drafts: Sequence[Draft], state: Mapping[str, bytes | None] | None = None) -> list[Event]:
        """Make events of `drafts`, and change the node's `state` (None deletes a key), in one transaction."""
        with self._database.transaction() as db:
            events = [self._append(db, draft) for draft in drafts]
            for key, value in (state or {}).items():
                if value is None:
                    db.execute("DELETE FROM state WHERE key = ?", (key,))
                else:
                    db.execute("INSERT OR REPLACE INTO state (key, value) VALUES (?, ?)", (key, value))
        return events

    def state(self) -> dict[str, bytes]:
        """What the last commits left."""
        with self._database.reading() as db:
            return dict(db.execute("SELECT key, value FROM state"))

    def log(self) -> Iterator[Event]:
        """Every decision, order and passage that is still here, in the order in which they were decided."""
        query = "SELECT body FROM event WHERE priority IN (?, ?) ORDER BY id"
        with self._database.reading() as db:
            bodies = [body for (body,) in db.execute(query, (_PRIORITIES[Decision], _PRIORITIES[Passage]))]
        yield from map(decode, bodies)

    def open_rows(self, limit: int) -> list[Row]:
        """At most `limit` events without a receipt, the most urgent first, then in the order of their decision."""
        query = "SELECT epoch, seq, priority, body FROM event WHERE settled_ms IS NULL ORDER BY priority, id LIMIT ?"
        with self._database.reading() as db:
            return [Row((epoch, seq), priority, body) for epoch, seq, priority, body in db.execute(query, (limit,))]

    def probe(self) -> Row | None:
        """The row to send alone at first on a connection; None where nothing waits and this epoch has no events."""
        query = (
            "SELECT epoch, seq, priority, body FROM event WHERE epoch = ? AND (seq = ? OR settled_ms IS NULL) "
            "ORDER BY seq = ? DESC, seq LIMIT 1"
        )
        with self._database.reading() as db:
            sent = _number(db, "sent")
            row = db.execute(query, (_meta(db, "epoch"), sent, sent)).fetchone()
        if row is None:
            # All that waits may be of an earlier epoch.
            return next(iter(self.open_rows(1)), None)
        return Row((row[0], row[1]), row[2], row[3])

    def sending(self, keys: Iterable[Key]) -> None:
        """These rows are about to be sent."""
        with self._database.transaction() as db:
            epoch = _meta(db, "epoch")
            highest = max((seq for of, seq in keys if of == epoch), default=0)
            if highest > _number(db, "sent"):
                _set_meta(db, "sent", str(highest))

    def open_count(self) -> int:
        """Events without a receipt."""
        with self._database.reading() as db:
            return _count(db, "SELECT count(*) FROM event WHERE settled_ms IS NULL")

    def apply(self, receipts: Iterable[Receipt], now_ms: int) -> Outcome:
        """Settle what the gateway has stored.

        `now_ms` is wall time, from which the ring counts; 0: nothing vouches for it, so it counts once something does.
        """
        total = Outcome()
        with self._database.transaction() as db:
            for receipt in receipts:
                if receipt.node == self._identity.node:
                    total = _sum(total, self._apply(db, receipt, now_ms))
        return total

    def reopen(self, epoch: str, ranges: Iterable[tuple[int, int]]) -> int:
        """Send these events (both ends included) and their pictures again, as far as they are here; how many events."""
        reopened = 0
        settled: set[int] = set()
        with self._database.transaction() as db:
            for first, last in ranges:
                which = (epoch, first, last)
                known = "SELECT id FROM event WHERE epoch = ? AND seq BETWEEN ? AND ? AND settled_ms IS NOT NULL"
                settled |= {row for (row,) in db.execute(known, which)}
                query = "UPDATE event SET settled_ms = NULL, refused = NULL WHERE epoch = ? AND seq BETWEEN ? AND ?"
                reopened += db.execute(query, which).rowcount
            if settled:
                pictures.send_again(db, settled)
        return reopened

    def expect_pictures(self) -> None:
        """Note the pictures of all open events again, after these were read out of a damaged database."""
        with self._database.transaction() as db:
            for row, body in db.execute("SELECT id, body FROM event WHERE settled_ms IS NULL").fetchall():
                pictures.expect(db, row, pictures_of(decode(body).data))

    def decided(self, day: str) -> dict[str, int]:
        """Events decided on a local day (`2026-01-31`), by epoch."""
        with self._database.reading() as db:
            return dict(db.execute("SELECT epoch, count FROM decided WHERE day = ?", (day,)))

    def prune(self, now_ms: int | None, ring_days: int) -> list[str]:
        """Forget what was settled more than `ring_days` ago; the pictures that nothing needs any more.

        Where nothing vouches for the clock (None), one that jumps ahead would empty the ring: then as many events stay
        as the `ring_days` busiest days decided.
        """
        with self._database.transaction() as db:
            ring.prune(db, now_ms, ring_days, kept=(_meta(db, "epoch") or "", _number(db, "sent")))
            gone = "SELECT sha256 FROM picture WHERE NOT EXISTS (SELECT 1 FROM event WHERE id = picture.event)"
            names = [sha256 for (sha256,) in db.execute(gone)]
            db.executemany("DELETE FROM picture WHERE sha256 = ?", [(sha256,) for sha256 in names])
        return names

    def _append(self, db: sqlite3.Connection, draft: Draft) -> Event:
        stamp, identity = draft.stamp, self._identity
        event = Event(
            site=identity.site,
            node=identity.node,
            epoch=_meta(db, "epoch") or "",
            seq=_number(db, "seq") + 1,
            boot=stamp.boot,
            mono_ms=stamp.mono_ms,
            time=stamp.time,
            clock=stamp.clock,
            data=draft.data,
        )
        pictures.expect(db, self._insert(db, event, priority_of(draft.data)), pictures_of(draft.data))
        _set_meta(db, "seq", str(event.seq))
        return event

    def _insert(self, db: sqlite3.Connection, event: Event, priority: int) -> int:
        cursor = db.execute(
            "INSERT INTO event (epoch, seq, priority, body) VALUES (?, ?, ?, ?)",
            (event.epoch, event.seq, priority, encode(event)),
        )
        db.execute(
            "INSERT INTO decided (day, epoch, count) VALUES (?, ?, 1) "
            "ON CONFLICT (day, epoch) DO UPDATE SET count = count + 1",
            (self._day(event), event.epoch),
        )
        return cursor.lastrowid or 0

    def _apply(self, db: sqlite3.Connection, receipt: Receipt, now_ms: int) -> Outcome:
        resent = _follow_store(db, receipt.store_id)
        ours, misplaced = _answered(db, receipt)
        epoch = None
        if receipt.epoch == _meta(db, "epoch") and (misplaced or receipt.highest > _number(db, "sent")):
            epoch = self._begin_epoch(db)
        for row in sorted(misplaced):
            self._move(db, row)
        refused = _refuse(db, receipt, now_ms)
        settle = "UPDATE event SET settled_ms = ? WHERE id = ?"
        db.executemany(settle, [(now_ms, row) for row in ours])
        return Outcome(len(ours), resent, epoch, len(misplaced), refused)

    def _move(self, db: sqlite3.Connection, row: int) -> None:
        """Give an event the only place of an epoch of its own."""
        body, priority = db.execute("SELECT body, priority FROM event WHERE id = ?", (row,)).fetchone()
        old = decode(body)
        new = self._insert(db, msgspec.structs.replace(old, epoch=f"{MOVED}{proof_of(body)}", seq=1), priority)
        # By the name: there may be tens of thousands, and whoever decides waits meanwhile.
        shown = [(new, sha256, row) for sha256 in pictures_of(old.data)]
        db.executemany("UPDATE picture SET event = ? WHERE sha256 = ? AND event = ?", shown)
        db.execute("DELETE FROM event WHERE id = ?", (row,))
        db.execute("UPDATE decided SET count = count - 1 WHERE day = ? AND epoch = ?", (self._day(old), old.epoch))

    def _day(self, event: Event) -> str:
        return from_text(event.time).astimezone(self._identity.zone).date().isoformat()

    def _begin_epoch(self, db: sqlite3.Connection) -> str:
        epoch = self._name_epoch()
        _set_meta(db, "epoch", epoch)
        _set_meta(db, "seq", "0")
        _set_meta(db, "sent", "0")
        return epoch


def _meta(db: sqlite3.Connection, key: str) -> str | None:
    row = db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return None if row is None else str(row[0])


def _set_meta(db: sqlite3.Connection, key: str, value: str) -> None:
    db.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (key, value))


def _number(db: sqlite3.Connection, key: str) -> int:
    return int(_meta(db, key) or 0)


def _count(db: sqlite3.Connection, query: str) -> int:
    return int(db.execute(query).fetchone()[0])


def _follow_store(db: sqlite3.Connection, store_id: str) -> int:
    """Open the whole ring again when the gateway's store is not the one that receipted it."""
    known = _meta(db, "store_id")
    _set_meta(db, "store_id", store_id)
    if known in (None, store_id):
        return 0
    db.execute("UPDATE picture SET state = 'waiting' WHERE state = 'sent'")
    return db.execute("UPDATE event SET settled_ms = NULL WHERE settled_ms IS NOT NULL AND refused IS NULL").rowcount


def _answered(db: sqlite3.Connection, receipt: Receipt) -> tuple[set[int], set[int]]:
    """Of the open rows that the receipt names: those that are stored, and those whose place another event has."""
    query = "SELECT id, body FROM event WHERE epoch = ? AND seq = ? AND settled_ms IS NULL"
    ours: set[int] = set()
    misplaced: set[int] = set()
    for seq, proof in receipt.proof.items():
        for row, body in db.execute(query, (receipt.epoch, seq)):
            (ours if proof_of(body) == proof else misplaced).add(row)
    return ours, misplaced


def _refuse(db: sqlite3.Connection, receipt: Receipt, now_ms: int) -> tuple[Refusal, ...]:
    """Put away what will never be stored; those that were still open, so that each is reported once.

    Not what conflicts: that is stored in another place, if it is not another machine's at all.
    """
    known = "SELECT id FROM event WHERE epoch = ? AND seq = ? AND settled_ms IS NULL"
    refused = []
    for refusal in receipt.refused:
        row = db.execute(known, (receipt.epoch, refusal.seq)).fetchone()
        if refusal.reason == "conflict" or row is None:
            continue
        db.execute("UPDATE event SET settled_ms = ?, refused = ? WHERE id = ?", (now_ms, refusal.reason, row[0]))
        pictures.hand_on(db, row[0])
        refused.append(refusal)
    return tuple(refused)


def _sum(a: Outcome, b: Outcome) -> Outcome:
    return Outcome(
        a.settled + b.settled,
        a.resent + b.resent,
        b.new_epoch or a.new_epoch,
        a.moved + b.moved,
        a.refused + b.refused,
    )
