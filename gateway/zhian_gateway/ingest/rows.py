"""The rows of ingest: events, refusals, progress and counts of one site."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, FromClause, ScalarSelect, and_, func, select, union, update
from zhian_wire import times

from .. import moments
from ..store import bulk
from ..store.tables import epochs, event_numbers, events, intake, refusals
from .progress import Progress
from .reading import Refused, Taken, digest_of
from .sorting import Run

#: Most values in one `IN`, and most rows in one look above a hole.
CHUNK: Final = 500
LOOK: Final = 5000


class Rows:
    """Reads and writes what ingest keeps of one site, inside the caller's transaction."""

    def __init__(self, site: str, zone: ZoneInfo) -> None:
        self._site = site
        self._zone = zone

    def _of(self, table: FromClause, run: Run) -> ColumnElement[bool]:
        return and_(table.c.site == self._site, table.c.node == run.node, table.c.epoch == run.epoch)

    def progress(self, link: Connection, run: Run) -> Progress:
        """What is known of a run; zeros for a new one."""
        row = link.execute(select(epochs.c.through, epochs.c.highest).where(self._of(epochs, run))).one_or_none()
        return Progress() if row is None else Progress(*row)

    def runs(self, link: Connection) -> dict[Run, Progress]:
        """Every run that anything came of."""
        rows = link.execute(select(epochs).where(epochs.c.site == self._site))
        return {Run(row.node, row.epoch): Progress(row.through, row.highest) for row in rows}

    def gapped(self, link: Connection) -> dict[Run, Progress]:
        """Every run that has a hole."""
        query = select(epochs).where(epochs.c.site == self._site, epochs.c.through < epochs.c.highest)
        rows = link.execute(query)
        return {Run(row.node, row.epoch): Progress(row.through, row.highest) for row in rows}

    def missing(self, link: Connection, nodes: Collection[str] | None = None) -> Counter[str]:
        """How many numbers of each node (or of `nodes` alone) are missing, as far as one look above each hole goes."""
        query = select(epochs.c.node, _missing()).where(epochs.c.site == self._site)
        query = query.where(epochs.c.through < epochs.c.highest)
        if nodes is not None:
            query = query.where(epochs.c.node.in_(nodes))
        found: Counter[str] = Counter()
        for node, count in link.execute(query):
            found[node] += count or 0
        return found

    def save(self, link: Connection, moved: Mapping[Run, Progress], now: str) -> None:
        """Write down how far these runs are; in a storm there are hundreds in a batch."""
        rows = [
            {"site": self._site, "node": run.node, "epoch": run.epoch} | progress._asdict() | {"first_at": now}
            for run, progress in moved.items()
        ]
        bulk.upsert(link, epochs, rows, key=("site", "node", "epoch"), kept="first_at")

    def digests(self, link: Connection, run: Run, seqs: Sequence[int]) -> dict[int, str]:
        """The sha256 of those numbers that are stored, also of those whose bytes are gone."""
        found: dict[int, str] = {}
        if not seqs:
            # Nearly always, and a storm's batch is of a thousand runs: the query alone would cost half of it.
            return found
        numbered = select(event_numbers.c.id, event_numbers.c.seq).where(self._of(event_numbers, run))
        known = select(events.c.id, events.c.digest, events.c.body)
        for start in range(0, len(seqs), CHUNK):
            some = event_numbers.c.seq.in_(seqs[start : start + CHUNK])
            rows = {row.id: row.seq for row in link.execute(numbered.where(some))}
            if rows:
                # By rows that are named: a join would ask every month on PostgreSQL, also one that is written anew.
                query = known.where(events.c.id.in_(list(rows)))
                found |= {rows[row.id]: row.digest or digest_of(row.body) for row in link.execute(query)}
        return found

    def settled(self, link: Connection, run: Run, above: int, limit: int = LOOK) -> list[int]:
        """The numbers above `above` that need not come any more, ascending, at most `limit`.

        An unreadable event counts: its bytes are kept, and the node will not send it again.
        """
        stored = select(event_numbers.c.seq).where(self._of(event_numbers, run), event_numbers.c.seq > above)
        unreadable = select(refusals.c.seq).where(
            self._of(refusals, run), refusals.c.seq > above, refusals.c.reason == "unreadable"
        )
        query = union(stored, unreadable).order_by("seq").limit(limit)
        return list(link.execute(query).scalars())

    def insert(self, link: Connection, fresh: Sequence[Taken], now: str) -> None:
        """Store events that are not stored yet."""
        if fresh:
            bulk.insert(link, events, [self._row(taken, now) for taken in fresh])

    def _row(self, taken: Taken, now: str) -> dict[str, object]:
        event = taken.event
        return {
            "site": event.site,
            "node": event.node,
            "epoch": event.epoch,
            "seq": event.seq,
            "type": event.type,
            "time": event.time,
            "day": moments.local_day(times.from_text(event.time), self._zone),
            "received_at": now,
            "body": taken.body,
        }

    def quarantine(self, link: Connection, run: Run, seq: int, case: Refused, now: str) -> bool:
        """Keep a refused message's bytes; False when they are kept already."""
        if link.execute(select(refusals.c.id).where(self._of(refusals, run), _same(seq, case))).first():
            return False
        values = {"site": self._site, "node": run.node, "epoch": run.epoch, "seq": seq, "digest": case.digest}
        values |= {"reason": case.reason, "detail": case.detail, "body": case.body, "at": now}
        link.execute(refusals.insert().values(values))
        return True

    def turned_away(self, link: Connection, day: str) -> set[str]:
        """Who was not heard that day."""
        query = select(intake.c.node).where(intake.c.site == self._site, intake.c.day == day, intake.c.turned_away > 0)
        return set(link.execute(query).scalars())

    def count(self, link: Connection, day: str, counts: Mapping[str, Counter[str]]) -> None:
        """Add to the day's counts per node."""
        for node, more in counts.items():
            key = {"site": self._site, "node": node, "day": day}
            where = and_(*(intake.c[name] == value for name, value in key.items()))
            adds = {name: intake.c[name] + more[name] for name in COUNTED}
            if link.execute(update(intake).where(where).values(adds)).rowcount == 0:
                link.execute(intake.insert().values(key | {name: more[name] for name in COUNTED}))


COUNTED: Final = ("repeated", "conflicts", "foreign_", "unreadable", "turned_away")


def _same(seq: int, case: Refused) -> ColumnElement[bool]:
    return and_(refusals.c.seq == seq, refusals.c.digest == case.digest)


def _missing() -> ScalarSelect[int]:
    """Beside a row of `epochs`, how many numbers are missing among the first `LOOK` above its hole.

    As `progress.holes` of `Rows.settled`, counted by the database: of a thousand nodes that send their backlog pages
    ask it every few seconds.
    """
    stored, unreadable = (
        select(table.c.seq)
        .where(table.c.site == epochs.c.site, table.c.node == epochs.c.node, table.c.epoch == epochs.c.epoch)
        .where(table.c.seq > epochs.c.through)
        .correlate(epochs)
        for table in (event_numbers, refusals)
    )
    above = union(stored, unreadable.where(refusals.c.reason == "unreadable")).order_by("seq").limit(LOOK).subquery()
    last, count = func.max(above.c.seq), func.count(above.c.seq)
    return select(last - count - epochs.c.through).correlate(epochs).scalar_subquery()
