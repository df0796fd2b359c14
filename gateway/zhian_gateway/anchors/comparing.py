"""Compares the audit with the marks: what was cut off, rewritten or taken away. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from zhian_wire import times

from .marks import Line, Mark

#: A clock may have been set back between an entry and the mark that follows it.
SLACK: Final = timedelta(hours=1)


class Cut(NamedTuple):
    """An entry that says that older ones were deleted: its number, and when it says that it was written."""

    entry: int
    at: datetime


class Record(NamedTuple):
    """What the database holds.

    Attributes:
        first: number of the first entry that is there; one more than `last` where none is.
        last: number of the last one; 0 where there never was one.
        hash_of: the hash of an entry between both.
        cut: the entry that says when those before the first were deleted; None: none were.
    """

    first: int
    last: int
    hash_of: Callable[[int], str | None]
    cut: Cut | None


class Comparison(NamedTuple):
    """What was found.

    Attributes:
        faults: in words for a person, in order; empty: the record is what it was.
        vouched: the last mark that fits; None: none does.
    """

    faults: tuple[str, ...]
    vouched: Mark | None


def compare(record: Record, lines: Sequence[Line], days: int, now: datetime) -> Comparison:
    """Compare.

    Args:
        days: for how many days entries are kept; 0: for ever.
        now: nothing was written later than this.
    """
    since = max((at for at, line in enumerate(lines) if line.mark and line.mark.kind == "restored"), default=0)
    judged = lines[since:]
    told = [line.mark for line in judged if line.mark]
    faults = [
        f"line {line.number} of the anchor, or one before it, is not as the gateway wrote it"
        for line in judged
        if line.mark is None
    ]
    fitting = [mark for mark in told if _fits(record, mark)]
    vouched = fitting[-1] if fitting else None
    cut_by = _latest(record.cut, told, now) if record.cut else None
    faults += [*_missing(record, told), *_rewritten(record, told), *_misdated(record.cut, cut_by)]
    faults += _early(record, told, days, cut_by)
    return Comparison(tuple(faults), vouched)


def _fits(record: Record, mark: Mark) -> bool:
    return mark.entry == 0 or (record.first <= mark.entry <= record.last and record.hash_of(mark.entry) == mark.hash)


def _missing(record: Record, told: Sequence[Mark]) -> Iterator[str]:
    furthest = max(told, key=lambda mark: mark.entry, default=None)
    if furthest is not None and furthest.entry > record.last:
        yield (
            f"the end was cut off, entries {record.last + 1} to {furthest.entry}: "
            f"on {furthest.at} the last one was {furthest.entry}"
        )


def _rewritten(record: Record, told: Sequence[Mark]) -> Iterator[str]:
    """The first mark that does not fit, since every later one cannot either."""
    before = 0
    for mark in sorted(told, key=lambda mark: mark.entry):
        if not record.first <= mark.entry <= record.last:
            continue
        if record.hash_of(mark.entry) != mark.hash:
            yield (
                f"entries {before + 1} to {mark.entry} are not those of {mark.at}: "
                "one of them at least was rewritten, and the chain made anew after it"
            )
            return
        before = mark.entry


def _latest(cut: Cut, told: Sequence[Mark], now: datetime) -> datetime:
    """The latest moment at which a cut can have been: who may write to the database may date it as they like."""
    covering = min((mark for mark in told if mark.entry >= cut.entry), key=lambda mark: mark.entry, default=None)
    return min(now, times.from_text(covering.at)) if covering else now


def _misdated(cut: Cut | None, latest: datetime | None) -> Iterator[str]:
    if cut and latest and cut.at > latest + SLACK:
        yield (
            f"entry {cut.entry}, which says that older ones were deleted, is dated {times.to_text(cut.at)}: "
            f"it was there on {times.to_text(latest)}"
        )


def _early(record: Record, told: Sequence[Mark], days: int, cut_by: datetime | None) -> Iterator[str]:
    """Entries are deleted when their days are over; who deletes younger ones has something to hide."""
    gone = [mark for mark in told if 0 < mark.entry < record.first]
    if not gone:
        return
    youngest = max(gone, key=lambda mark: mark.entry_at)
    # A run of retention counts whole local days.
    until = min(record.cut.at, cut_by) - timedelta(days=days - 1) if days and record.cut and cut_by else None
    if until is None or times.from_text(youngest.entry_at) > until:
        kept = f"{days} days" if days else "for ever"
        yield (
            f"entries up to {record.first - 1} were deleted, one of them of {youngest.entry_at}: "
            f"earlier than audit_days ({kept}) has it; was it shorter then?"
        )
