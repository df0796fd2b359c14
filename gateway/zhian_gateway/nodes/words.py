"""What nodes say themselves of how much they decided: without it the ledger would only know what arrived."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection, Table, and_, bindparam, select, update

from ..store.tables import epochs, signed, words

#: Names that a statement asks for at once.
_AT_ONCE = 500


class Word(NamedTuple):
    """The heart-beat of `at` names `seq` as the last number that the node gave out in this epoch.

    `live`: the node says so now; what a broker had kept may be older than what was heard.
    """

    node: str
    epoch: str
    seq: int
    at: str
    live: bool = True


class Fall(NamedTuple):
    """A node counts from a lower number than it said before: its card was restored from a copy, or is there twice.

    Attributes:
        before: the highest number that it had said.
        seq: what it says now.
        arrived: the highest number that had arrived; what lies above, up to `before`, may be gone.
    """

    node: str
    epoch: str
    before: int
    seq: int
    arrived: int


class _Known(NamedTuple):
    """A row of `words`."""

    seq: int
    at: str
    fell_from: int | None = None
    arrived_then: int | None = None


_Key = tuple[str, str]
_COLUMNS: Final = ("seq", "at", "fell_from", "arrived_then")
_AGAIN: Final = (
    update(words)
    .where(
        words.c.site == bindparam("of_site"),
        words.c.node == bindparam("of_node"),
        words.c.epoch == bindparam("of_epoch"),
    )
    .values({name: bindparam(f"new_{name}") for name in _COLUMNS})
)


def keep(link: Connection, site: str, said: Sequence[Word]) -> list[Fall]:
    """The highest word of each node and epoch counts; the falls that were not known yet.

    Three statements, however many nodes speak in one second.
    """
    known = _known(link, site, sorted({word.node for word in said}))
    now, falls = dict(known), dict[_Key, Fall]()
    for word in said:
        key = word.node, word.epoch
        before = now.get(key)
        if before is None or word.seq >= before.seq:
            now[key] = _risen(before, word)
        elif word.live:
            fall = Fall(*key, before.seq, word.seq, _arrived(link, site, key))
            now[key] = _fallen(before, fall)
            if now[key] != before:
                falls[key] = fall
    _write(link, site, {key: row for key, row in now.items() if row != known.get(key)}, known)
    return list(falls.values())


def fallen(link: Connection, site: str) -> dict[_Key, int]:
    """The number from which each epoch fell, of those that did: the node is to begin another one."""
    query = select(words.c.node, words.c.epoch, words.c.fell_from)
    found = link.execute(query.where(words.c.site == site, words.c.fell_from.is_not(None)))
    return {(row.node, row.epoch): row.fell_from for row in found}


def _risen(before: _Known | None, word: Word) -> _Known:
    if before is None:
        return _Known(word.seq, word.at)
    at = word.at if word.seq > before.seq else max(before.at, word.at)
    return before._replace(seq=word.seq, at=at)


def _fallen(before: _Known, fall: Fall) -> _Known:
    """With how much was not here at a fall before: it is as far below what had arrived at this one."""
    if before.fell_from is None or before.arrived_then is None:
        return before._replace(fell_from=fall.before, arrived_then=fall.arrived)
    if fall.before <= before.fell_from:
        return before
    missed = max(0, min(before.fell_from, fall.arrived) - before.arrived_then)
    return before._replace(fell_from=fall.before, arrived_then=fall.arrived - missed)


def _arrived(link: Connection, site: str, key: _Key) -> int:
    mine = and_(epochs.c.site == site, epochs.c.node == key[0], epochs.c.epoch == key[1])
    return int(link.execute(select(epochs.c.highest).where(mine)).scalar() or 0)


def _write(link: Connection, site: str, rows: Mapping[_Key, _Known], known: Collection[_Key]) -> None:
    again = [
        {"of_site": site, "of_node": node, "of_epoch": epoch}
        | {f"new_{name}": value for name, value in row._asdict().items()}
        for (node, epoch), row in rows.items()
        if (node, epoch) in known
    ]
    if again:
        link.execute(_AGAIN, again)
    first = [
        {"site": site, "node": node, "epoch": epoch} | row._asdict()
        for (node, epoch), row in rows.items()
        if (node, epoch) not in known
    ]
    if first:
        link.execute(words.insert(), first)


def _known(link: Connection, site: str, nodes: Sequence[str]) -> dict[_Key, _Known]:
    found: dict[_Key, _Known] = {}
    for first in range(0, len(nodes), _AT_ONCE):
        asked = nodes[first : first + _AT_ONCE]
        query = select(words).where(words.c.site == site, words.c.node.in_(asked))
        for row in link.execute(query):
            found[row.node, row.epoch] = _Known(row.seq, row.at, row.fell_from, row.arrived_then)
    return found


def sign(link: Connection, *, site: str, node: str, epoch: str, day: str, decided: int, at: str) -> None:
    """Asked at `at`, the node says that it decided so many events on its local `day`."""
    _put(link, signed, {"site": site, "node": node, "epoch": epoch, "day": day}, {"decided": decided, "at": at})


def _put(link: Connection, table: Table, key: dict[str, object], values: dict[str, object]) -> None:
    where = and_(*(table.c[name] == value for name, value in key.items()))
    if link.execute(update(table).where(where).values(values)).rowcount == 0:
        link.execute(table.insert().values(key | values))
