"""What every card says that it decided, against what the gateway stores and what its ledger counts."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from contextlib import closing
from typing import NamedTuple

import msgspec
from sqlalchemy import func, select
from zhian_edge.delivery.database import Database
from zhian_edge.delivery.pictures import PictureBook
from zhian_edge.gate import DATABASE
from zhian_gateway.store.tables import alerts, events, pictures
from zhian_wire.codec import decode, encode

from .site import ChaosSite


class Books(NamedTuple):
    """The outcome; all but the first three are to be 0.

    Attributes:
        decided: different events in all cards' databases; stored: in the gateway's.
        refused: copies that were receipted and not stored again, by the ledger.
        lost: decided and not stored, or stored with other bytes.
        invented: stored, and no card knows of it.
        doubled: stored in two places, with all else the same.
        gaps: numbers that are missing in an epoch, by the cards' own databases.
        holes, waiting: by the ledger.
        pictures_missing: shown by an event, waiting on no card, and not at the gateway.
    """

    decided: int
    stored: int
    refused: int
    lost: int
    invented: int
    doubled: int
    gaps: int
    holes: int
    waiting: int
    pictures_missing: int

    @property
    def balanced(self) -> bool:
        """Whether nothing is lost, doubled or missing."""
        return not any(self[3:]) and self.decided == self.stored > 0


def balance(site: ChaosSite) -> Books:
    """Compare byte by byte."""
    decided: dict[str, bytes] = {}
    clashes = 0
    for card in (site.node, *site.copies):
        for name, body in card.decided().items():
            clashes += decided.setdefault(name, body) != body
    stored = _stored(site)
    ledger = site.ledger()
    return Books(
        decided=len(decided),
        stored=len(stored),
        refused=sum(line["repeated"] for line in ledger),
        lost=clashes + sum(stored.get(name) != body for name, body in decided.items()),
        invented=len(stored.keys() - decided.keys()),
        doubled=len(stored) - len({_told(body) for body in stored.values()}),
        gaps=_gaps(decided),
        holes=sum(line["holes"] for line in ledger),
        waiting=sum(line["waiting"] for line in ledger),
        pictures_missing=len(_wanted_pictures(site) - _stored_pictures(site)),
    )


def differences(site: ChaosSite) -> list[str]:
    """Each event that is not stored as decided: who has it, and what that card knows of it."""
    stored = _stored(site)
    found = []
    for card in (site.node, *site.copies):
        with closing(sqlite3.connect(card.home / DATABASE)) as db:
            for epoch, seq, body, settled, refused in db.execute(
                "SELECT epoch, seq, body, settled_ms, refused FROM event"
            ):
                held = stored.get(f"{card.name}/{epoch}/{seq}")
                if held != body:
                    found.append(
                        f"{card.home}: {epoch}/{seq} settled {settled}, refused {refused}: {body!r}; stored: {held!r}"
                    )
    return found + _twice(site, stored)


def _twice(site: ChaosSite, stored: dict[str, bytes]) -> list[str]:
    """The places of each event that is stored in more than one, and which cards hold it there."""
    places: dict[bytes, list[str]] = defaultdict(list)
    for name, body in stored.items():
        places[_told(body)].append(name)
    held = {card.home.name: card.decided() for card in (site.node, *site.copies)}
    return [
        "; ".join(f"{name} on {[home for home, theirs in held.items() if name in theirs]}" for name in names)
        for names in places.values()
        if len(names) > 1
    ]


def clones_told(site: ChaosSite) -> int:
    """How many cases tell of a cloned card."""
    with site.gateway.services() as parts, parts.store.read() as link:
        query = select(func.count()).select_from(alerts).where(alerts.c.kind == "node_cloned")
        return int(link.execute(query).scalar_one())


def _stored(site: ChaosSite) -> dict[str, bytes]:
    with site.gateway.services() as parts, parts.store.read() as link:
        rows = link.execute(select(events.c.node, events.c.epoch, events.c.seq, events.c.body)).all()
    return {f"{row.node}/{row.epoch}/{row.seq}": bytes(row.body) for row in rows}


def _told(body: bytes) -> bytes:
    """An event wherever it has its place: a card that moves one changes nothing else of it."""
    return encode(msgspec.structs.replace(decode(body), epoch="any", seq=1))


def _gaps(names: dict[str, bytes]) -> int:
    runs: dict[str, set[int]] = defaultdict(set)
    for name in names:
        run, _, seq = name.rpartition("/")
        runs[run].add(int(seq))
    return sum(max(seqs) - len(seqs) for seqs in runs.values())


def _wanted_pictures(site: ChaosSite) -> set[str]:
    """Those that some card says it has sent."""
    found: set[str] = set()
    for card in (site.node, *site.copies):
        database = Database(card.home / "node.sqlite3")
        found |= PictureBook(database).known()
        database.close()
    return found


def _stored_pictures(site: ChaosSite) -> set[str]:
    with site.gateway.services() as parts, parts.store.read() as link:
        return set(link.execute(select(pictures.c.sha256)).scalars())
