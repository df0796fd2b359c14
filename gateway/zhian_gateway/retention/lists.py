"""Entries of watch lists that are over, once their days are too; each deletion is an entry of the audit."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, delete, select

from ..store import audit
from ..store.tables import watch_entries
from .classes import Gone

_OVER: Final = watch_entries.c.ended_at


class WatchEntries:
    """What is looked for stays; of what is over nothing stays but that it was."""

    def __init__(self, site: str, now: str) -> None:
        self._site = site
        self._now = now

    def forget(self, link: Connection, before: str, after: str, limit: int) -> Gone:
        """As the protocol says."""
        query = select(watch_entries.c.id).where(_OVER.is_not(None), before > _OVER, watch_entries.c.id > after)
        ids = list(link.execute(query.order_by(watch_entries.c.id).limit(limit)).scalars())
        if not ids:
            return Gone(0, None)
        link.execute(delete(watch_entries).where(watch_entries.c.id.in_(ids)))
        told = {"site": self._site, "at": self._now, "who": "gateway", "action": "watch.delete"}
        for entry_id in ids:
            audit.record(link, subject=entry_id, **told)
        return Gone(len(ids), ids[-1])
