"""What nodes say themselves of how much they decided: without it the ledger would only know what arrived."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, Table, and_, bindparam, select, update

from ..store.tables import signed, words

#: Names that a statement asks for at once.
_AT_ONCE = 500


class Word(NamedTuple):
    """The heart-beat of `at` names `seq` as the last number that the node gave out in this epoch."""

    node: str
    epoch: str
    seq: int
    at: str


_AGAIN = (
    update(words)
    .where(
        words.c.site == bindparam("of_site"),
        words.c.node == bindparam("of_node"),
        words.c.epoch == bindparam("of_epoch"),
    )
    .values(seq=bindparam("new_seq"), at=bindparam("new_at"))
)


def keep(link: Connection, site: str, said: Sequence[Word]) -> None:
    """The last word of each node and epoch counts; three statements, however many nodes speak in one second."""
    last = {(word.node, word.epoch): word for word in said}
    known = _known(link, site, sorted({node for node, _ in last}))
    again = [word for key, word in last.items() if key in known]
    if again:
        link.execute(
            _AGAIN,
            [
                {"of_site": site, "of_node": node, "of_epoch": epoch, "new_seq": seq, "new_at": at}
                for node, epoch, seq, at in again
            ],
        )
    if first := [word._asdict() | {"site": site} for key, word in last.items() if key not in known]:
        link.execute(words.insert(), first)


def _known(link: Connection, site: str, nodes: Sequence[str]) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for first in range(0, len(nodes), _AT_ONCE):
        asked = nodes[first : first + _AT_ONCE]
        query = select(words.c.node, words.c.epoch).where(words.c.site == site, words.c.node.in_(asked))
        found |= {(row.node, row.epoch) for row in link.execute(query)}
    return found


def sign(link: Connection, *, site: str, node: str, epoch: str, day: str, decided: int, at: str) -> None:
    """Asked at `at`, the node says that it decided so many events on its local `day`."""
    _put(link, signed, {"site": site, "node": node, "epoch": epoch, "day": day}, {"decided": decided, "at": at})


def _put(link: Connection, table: Table, key: dict[str, object], values: dict[str, object]) -> None:
    where = and_(*(table.c[name] == value for name, value in key.items()))
    if link.execute(update(table).where(where).values(values)).rowcount == 0:
        link.execute(table.insert().values(key | values))
