"""Who did or saw what, and when: a chain of hashes, so that a line which is changed or missing shows."""

from __future__ import annotations

import hashlib
from typing import Final

import msgspec
from sqlalchemy import Connection, select

from . import counters
from .tables import audit

START: Final = "0" * 64


def record(link: Connection, *, site: str, at: str, who: str, action: str, subject: str = "", detail: str = "") -> None:
    """Write one entry; it is kept or lost together with what it tells of."""
    number = counters.take(link, "audit")
    previous = link.execute(select(audit.c.hash).where(audit.c.id == number - 1)).scalar() or START
    entry = {"site": site, "at": at, "who": who[:64], "action": action, "subject": subject, "detail": detail}
    link.execute(audit.insert(), entry | {"id": number, "previous": previous, "hash": chain(previous, number, entry)})


def chain(previous: str, number: int, entry: dict[str, str]) -> str:
    """sha256 over the entry before and this one's fields in a fixed order, hexadecimal."""
    fields = [previous, number, *(entry[name] for name in ("site", "at", "who", "action", "subject", "detail"))]
    return hashlib.sha256(msgspec.json.encode(fields)).hexdigest()


def first_fault(link: Connection) -> int | None:
    """The number of the first entry that does not fit the one before; None when the chain is whole."""
    previous, expected = START, 1
    for row in link.execute(select(audit).order_by(audit.c.id)).mappings():
        entry = {name: row[name] for name in ("site", "at", "who", "action", "subject", "detail")}
        whole = row["previous"] == previous and row["hash"] == chain(previous, row["id"], entry)
        if row["id"] != expected or not whole:
            return expected
        previous, expected = row["hash"], expected + 1
    return None if expected == counters.current(link, "audit") + 1 else expected
