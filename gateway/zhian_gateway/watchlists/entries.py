"""The rows of watch lists: the only writer of them. Every change is audited in its own transaction."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, RowMapping, delete, select, update

from .. import moments
from ..errors import Conflict, NotFound
from ..store import audit, stream
from ..store.tables import watch_entries, watch_pictures
from . import rules


@dataclass(frozen=True)
class Proposal:
    """What is asked for. `until` is RFC 3339, the end of the last day; `label` is what officers call it."""

    label: str
    ground: str
    until: str
    plates: tuple[str, ...]


@dataclass(frozen=True)
class Desk:
    """Writes for one site."""

    site: str

    def propose(self, link: Connection, wanted: Proposal, *, who: str, now: str) -> str:
        """A new entry, which is looked for once somebody else approved it; its id."""
        entry_id = f"w-{secrets.token_hex(6)}"
        values = vars(wanted) | {"plates": json.dumps(wanted.plates, ensure_ascii=False)}
        fixed = {"id": entry_id, "site": self.site, "state": "proposed", "proposed_by": who, "proposed_at": now}
        link.execute(watch_entries.insert().values(values | fixed | {"reason": "", "templates": 0}))
        said = f"on ground: {wanted.ground}; until {wanted.until}"
        self._told(link, "watch.propose", entry_id, detail=said, who=who, now=now)
        return entry_id

    def add_picture(self, link: Connection, entry_id: str, sha256: str, *, who: str, now: str) -> None:
        """A photograph for a proposal; the same one again is fine.

        Raises:
            NotFound, Conflict, NotAllowed: as `find` and `rules.check_proposer`; also when there are too many.
        """
        row = find(link, entry_id)
        rules.check_proposer(row["state"], row["proposed_by"], who)
        held = pictures_of(link, entry_id)
        if sha256 in held:
            return
        if len(held) >= rules.MOST_PICTURES:
            raise Conflict(f"an entry has at most {rules.MOST_PICTURES} photographs")
        link.execute(watch_pictures.insert().values(entry_id=entry_id, sha256=sha256, place=len(held)))
        self._told(link, "watch.add_picture", entry_id, detail=sha256, who=who, now=now)

    def approve(self, link: Connection, entry_id: str, *, reason: str, templates: int, who: str, now: str) -> None:
        """It is looked for from now on."""
        values: dict[str, object] = {"state": "active", "reason": reason, "templates": templates}
        self._decide(link, entry_id, values, who=who, now=now)
        self._told(link, "watch.approve", entry_id, detail=f"{templates} templates; {reason}", who=who, now=now)

    def refuse(self, link: Connection, entry_id: str, *, reason: str, who: str, now: str) -> list[str]:
        """It is never looked for; the photographs that are to be deleted."""
        row = find(link, entry_id)
        rules.check_decider(row["state"], row["proposed_by"], who)
        values: dict[str, object] = {"state": "refused", "reason": reason, "ended_by": who, "ended_at": now}
        self._decide(link, entry_id, values, who=who, now=now)
        self._told(link, "watch.refuse", entry_id, detail=reason, who=who, now=now)
        return drop_pictures(link, entry_id)

    def end(
        self, link: Connection, row: RowMapping, state: rules.State, *, reason: str, who: str, now: str
    ) -> list[str]:
        """It is over; the photographs of a mere proposal that are to be deleted."""
        gone = update(watch_entries).where(watch_entries.c.id == row["id"], watch_entries.c.state == row["state"])
        if link.execute(gone.values(state=state, ended_by=who, ended_at=now, reason=reason)).rowcount != 1:
            raise Conflict("somebody else was faster")
        self._told(link, f"watch.{_DONE[state]}", row["id"], detail=reason, who=who, now=now)
        return drop_pictures(link, row["id"])

    def _decide(self, link: Connection, entry_id: str, values: dict[str, object], *, who: str, now: str) -> None:
        waiting = update(watch_entries).where(watch_entries.c.id == entry_id, watch_entries.c.state == "proposed")
        if link.execute(waiting.values(values | {"decided_by": who, "decided_at": now})).rowcount != 1:
            raise Conflict("somebody else was faster")

    def _told(self, link: Connection, action: str, entry_id: str, *, detail: str, who: str, now: str) -> None:
        audit.record(link, site=self.site, at=now, who=who, action=action, subject=entry_id, detail=detail)
        stream.push(link, "watch_list", entry_id, now)


_DONE: Final[dict[rules.State, str]] = {
    "withdrawn": "withdraw",
    "expired": "expire",
    "lapsed": "lapse",
    "refused": "refuse",
}


def find(link: Connection, entry_id: str) -> RowMapping:
    """One entry; NotFound."""
    row = link.execute(select(watch_entries).where(watch_entries.c.id == entry_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no entry {entry_id!r} of a watch list")
    return row


def plates_of(row: RowMapping) -> tuple[str, ...]:
    """The plates of an entry."""
    return tuple(json.loads(row["plates"]))


def pictures_of(link: Connection, entry_id: str) -> list[str]:
    """The sha256 of a proposal's photographs, in the order in which they came."""
    query = select(watch_pictures.c.sha256).where(watch_pictures.c.entry_id == entry_id)
    return list(link.execute(query.order_by(watch_pictures.c.place)).scalars())


def drop_pictures(link: Connection, entry_id: str) -> list[str]:
    """Take a proposal's photographs off it; those that nobody else has, whose files are to be deleted."""
    held = pictures_of(link, entry_id)
    link.execute(delete(watch_pictures).where(watch_pictures.c.entry_id == entry_id))
    others = set(link.execute(select(watch_pictures.c.sha256).where(watch_pictures.c.sha256.in_(held))).scalars())
    return [sha256 for sha256 in held if sha256 not in others]


def due(link: Connection, now: datetime) -> list[tuple[RowMapping, rules.State]]:
    """Entries that are over by themselves, and what becomes of each."""
    waited, at = moments.text(now - rules.WAITS), moments.text(now)
    query = select(watch_entries).where(watch_entries.c.state.in_(("proposed", "active")))
    rows = link.execute(query.order_by(watch_entries.c.id)).mappings().all()
    judged = [(row, rules.ended(row["state"], row["until"], row["proposed_at"], waited, at)) for row in rows]
    return [(row, state) for row, state in judged if state is not None]
