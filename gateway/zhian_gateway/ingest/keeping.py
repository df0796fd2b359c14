"""Commits a batch of messages in one transaction and says what the store then holds."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from time import monotonic
from typing import Final
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from sqlalchemy import Connection
from zhian_wire.receipts import PROOF_CHARS, Receipt

from .. import moments
from ..cases.book import Book
from ..cases.signals import Raise
from ..nodes import identity
from ..store import Store
from .progress import Progress, Seen
from .reading import Refused, Taken
from .rows import LOOK, Rows
from .sorting import Batch, Message, Run, settle_double, sort

#: Names of foreign nodes that are told apart in one day, and what the rest is called.
MOST_STRANGERS: Final = 20
MANY: Final = "others"


class Keeper:
    """The only writer of events; one thread uses it."""

    def __init__(
        self,
        store: Store,
        book: Book,
        *,
        site: str,
        zone: ZoneInfo,
        clock: moments.Clock,
        falls: Mapping[tuple[str, str], int] | None = None,
    ) -> None:
        """`falls`: as `Services.falls`."""
        self._store = store
        self._falls = {} if falls is None else falls
        self._book = book
        self._site = site
        self._zone = zone
        self._clock = clock
        self._rows = Rows(site, zone)
        self._seen: dict[Run, Seen] = {}
        self._took_s = 0.0

    @property
    def took_s(self) -> float:
        """How long the last batch had the pen, or as much of it as there was before it failed."""
        return self._took_s

    def keep(self, messages: Sequence[Message]) -> list[Receipt]:
        """Store what can be stored; the receipts may be sent once this returns, and not before.

        The same bytes again are receipted again, since the first receipt may be lost. Who is not on the site's own list
        of nodes gets none, whatever the broker lets through.
        """
        with self._store.read() as link:
            admitted = frozenset(identity.every(link, self._site))
        batch = sort(self._site, messages, admitted)
        began = monotonic()
        try:
            with self._store.write() as link:
                began = monotonic()
                return self._commit(link, batch)
        except BaseException:
            # What was learnt inside the transaction is not true any more.
            self._seen.clear()
            raise
        finally:
            self._took_s = monotonic() - began

    def _commit(self, link: Connection, batch: Batch) -> list[Receipt]:
        now = self._clock()
        stamp = moments.text(now)
        stored = {run: self._stored(link, batch, run) for run in list(batch.taken)}
        fresh = {
            run: [found for seq, found in batch.taken[run].items() if seq not in known] for run, known in stored.items()
        }
        self._rows.insert(link, [taken for group in fresh.values() for taken in group], stamp)
        for run, seq, case in batch.quarantine:
            if self._rows.quarantine(link, run, seq, case, stamp):
                self._book.raise_(link, _alarm(run, case, stamp), stamp)
        self._turn_away(link, batch, moments.local_day(now, self._zone), stamp)
        self._rows.count(link, moments.local_day(now, self._zone), batch.counts)
        before = {run: self._look(link, run).progress for run in batch.runs}
        receipts = [self._receipt(link, batch, run, fresh.get(run, [])) for run in batch.runs]
        after = {run: self._seen[run].progress for run in batch.runs}
        moved = {run: progress for run, progress in after.items() if progress != before[run]}
        self._rows.save(link, moved, stamp)
        return [_proved(receipt, batch, stored) for receipt in receipts]

    def _turn_away(self, link: Connection, batch: Batch, day: str, stamp: str) -> None:
        """Tell of nodes that are not the site's, each once a day however often it tries.

        Whoever may publish under any name must not fill the store with names: beyond a bound they count as one.
        """
        known = self._rows.turned_away(link, day) if batch.turned_away else set()
        for peer in batch.turned_away:
            name = peer if peer in known or len(known) < MOST_STRANGERS else MANY
            if name != peer:
                batch.counts[name].update(batch.counts.pop(peer))
            if name not in known:
                known.add(name)
                self._book.raise_(link, _stranger(name, stamp), stamp)

    def settled(self, link: Connection, run: Run, above: int) -> Sequence[int]:
        """As `Rows.settled`, out of what is in mind where it is."""
        seen = self._look(link, run)
        if seen.above is None or seen.progress.through != above:
            return self._rows.settled(link, run, above)
        return sorted(seen.above)

    def _look(self, link: Connection, run: Run) -> Seen:
        if run not in self._seen:
            progress = self._rows.progress(link, run)
            gapped = progress.through < progress.highest
            self._seen[run] = Seen.of(progress, self._rows.settled(link, run, progress.through) if gapped else ())
        return self._seen[run]

    def _stored(self, link: Connection, batch: Batch, run: Run) -> dict[int, str]:
        """The sha256 of those of the run's numbers that the store holds; repeats are counted, conflicts refused."""
        taken = batch.taken[run]
        # Mostly none is: what was never settled there is nothing to compare with.
        stored = self._rows.digests(link, run, self._look(link, run).doubtful(taken))
        for seq, digest in stored.items():
            settle_double(batch, digest, taken[seq])
        return stored

    def _receipt(self, link: Connection, batch: Batch, run: Run, fresh: Sequence[Taken]) -> Receipt:
        refused = batch.refused.get(run, {})
        unreadable = [seq for seq, refusal in refused.items() if refusal.reason == "unreadable"]
        more = [taken.event.seq for taken in fresh] + unreadable
        progress, above = self._settle(link, run, self._look(link, run), more)
        named = {*above, *(seq for seq in batch.taken.get(run, ()) if seq > progress.through)}
        return Receipt(
            node=run.node,
            epoch=run.epoch,
            through=progress.through,
            also=tuple(sorted(named)),
            highest=max(progress.highest, self._falls.get(run, 0)),
            store_id=self._store.store_id,
            refused=tuple(refused[seq] for seq in sorted(refused)),
        )

    def _settle(self, link: Connection, run: Run, seen: Seen, more: Sequence[int]) -> tuple[Progress, Collection[int]]:
        """The progress with the numbers `more`, and what is settled above it, as far as one look goes."""
        if seen.above is not None:
            progress, above = seen.advanced(more)
            self._seen[run] = Seen.of(progress, above)
            return progress, above
        progress, found, whole = self._look_above(link, run, seen.progress, more)
        self._seen[run] = Seen.of(progress, found) if whole else Seen(progress, None)
        return progress, found

    def _look_above(
        self, link: Connection, run: Run, known: Progress, more: Sequence[int]
    ) -> tuple[Progress, Collection[int], bool]:
        """As `_settle`, by the store; and whether that is all that is settled above it."""
        progress = known.advance(more) if known.through + 1 in more else known
        progress = Progress(progress.through, max(known.highest, *more, 0))
        while above := self._rows.settled(link, run, progress.through):
            ahead, whole = progress.advance(above), len(above) < LOOK
            if ahead.through < above[-1] or whole:
                left = {seq for seq in above if seq > ahead.through}
                return Progress(ahead.through, progress.highest), left, whole
            progress = Progress(ahead.through, progress.highest)
        return progress, (), True


def _proved(receipt: Receipt, batch: Batch, stored: Mapping[Run, Mapping[int, str]]) -> Receipt:
    """The receipt, with what is stored under each number that came."""
    run = Run(receipt.node, receipt.epoch)
    known = stored.get(run, {})
    proof = {seq: known.get(seq) or found.digest for seq, found in batch.taken.get(run, {}).items()}
    return replace(receipt, proof={seq: digest[:PROOF_CHARS] for seq, digest in proof.items()})


def _alarm(run: Run, case: Refused, now: str) -> Raise:
    """A refusal that somebody must look at: one case per node and reason."""
    key = f"{case.reason}/{run.node}"
    return Raise(key=key, kind=f"event_{case.reason}", severity="major", node=run.node, at=now, detail=case.detail)


def _stranger(name: str, now: str) -> Raise:
    """A node that this site does not know, or knows no more; nothing of it is stored."""
    detail = f"{name} is not (or no longer) a node of this site: zhian-gateway node add {name}"
    return Raise(key=f"unknown_node/{name}", kind="unknown_node", severity="major", node=name, at=now, detail=detail)
