"""Who did or saw what, and when: a chain of hashes, so that a line which is changed or missing shows."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, RowMapping, bindparam, delete, select

from . import bulk, counters
from .tables import audit

_HASH: Final = select(audit.c.hash).where(audit.c.id == bindparam("which"))
START: Final = "0" * 64
#: The entry that says up to where, and with which hash, older ones were deleted.
CUT: Final = "audit.cut"


def record(link: Connection, *, site: str, at: str, who: str, action: str, subject: str = "", detail: str = "") -> None:
    """Write one entry; it is kept or lost together with what it tells of.

    Not every database holds NUL in a text, and what is hashed must be what can be read again.
    """
    record_all(link, {subject: detail}, site=site, at=at, who=who, action=action)


def record_all(link: Connection, told: Mapping[str, str], *, site: str, at: str, who: str, action: str) -> None:
    """As `record`, of many at once: an entry for each subject of `told`, with its detail, in that order."""
    if not told:
        return
    first = counters.take(link, "audit", len(told))
    previous = link.execute(_HASH, {"which": first - 1}).scalar() or START
    rows: list[dict[str, Any]] = []
    for number, (subject, detail) in enumerate(told.items(), first):
        said = {"site": site, "at": at, "who": who[:64], "action": action, "subject": subject, "detail": detail}
        entry = {name: value.replace("\0", "\ufffd") for name, value in said.items()}
        rows.append(entry | {"id": number, "previous": previous, "hash": chain(previous, number, entry)})
        previous = rows[-1]["hash"]
    bulk.insert(link, audit, rows)


def chain(previous: str, number: int, entry: dict[str, str]) -> str:
    """sha256 over the entry before and this one's fields in a fixed order, hexadecimal."""
    fields = [previous, number, *(entry[name] for name in ("site", "at", "who", "action", "subject", "detail"))]
    return hashlib.sha256(msgspec.json.encode(fields)).hexdigest()


def cut(link: Connection, last: int, *, site: str, now: str) -> None:
    """Delete the entries up to `last`; a new entry vouches for the hash that the rest goes on from."""
    before = link.execute(select(audit.c.hash).where(audit.c.id == last)).scalar_one()
    record(link, site=site, at=now, who="gateway", action=CUT, subject=str(last), detail=before)
    link.execute(delete(audit).where(audit.c.id <= last))


def first_fault(link: Connection) -> int | None:
    """The number of the first entry that does not fit the one before; None when the chain is whole.

    A chain that does not begin with entry 1 is whole when a later entry of it says that it was cut there.
    """
    previous, expected = _beginning(link)
    for row in link.execute(select(audit).order_by(audit.c.id)).mappings():
        if row["id"] != expected or row["previous"] != previous or not _is_whole(row):
            return expected
        previous, expected = row["hash"], expected + 1
    return None if expected == counters.current(link, "audit") + 1 else expected


def _is_whole(row: RowMapping) -> bool:
    """Whether an entry is as it was hashed.

    Until NUL was kept out, SQLite held it, and PostgreSQL holds the sign in its place: what was hashed then may be
    either.
    """
    entry = {name: row[name] for name in ("site", "at", "who", "action", "subject", "detail")}
    with_nul = {name: value.replace("\ufffd", "\0") for name, value in entry.items()}
    return any(row["hash"] == chain(row["previous"], row["id"], each) for each in (entry, with_nul))


def _beginning(link: Connection) -> tuple[str, int]:
    """The hash before the first entry, and its number."""
    query = select(audit.c.subject, audit.c.detail).where(audit.c.action == CUT).order_by(audit.c.id.desc()).limit(1)
    latest = link.execute(query).one_or_none()
    return (START, 1) if latest is None else (latest.detail, int(latest.subject) + 1)
