"""What nodes say themselves of how much they decided: without it the ledger would only know what arrived."""

from __future__ import annotations

from sqlalchemy import Connection, Table, and_, update

from ..store.tables import signed, words


def keep(link: Connection, *, site: str, node: str, epoch: str, seq: int, at: str) -> None:
    """The node's heart-beat of `at` names `seq` as the last number that it gave out."""
    _put(link, words, {"site": site, "node": node, "epoch": epoch}, {"seq": seq, "at": at})


def sign(link: Connection, *, site: str, node: str, epoch: str, day: str, decided: int, at: str) -> None:
    """Asked at `at`, the node says that it decided so many events on its local `day`."""
    _put(link, signed, {"site": site, "node": node, "epoch": epoch, "day": day}, {"decided": decided, "at": at})


def _put(link: Connection, table: Table, key: dict[str, object], values: dict[str, object]) -> None:
    where = and_(*(table.c[name] == value for name, value in key.items()))
    if link.execute(update(table).where(where).values(values)).rowcount == 0:
        link.execute(table.insert().values(key | values))
