"""Writes notices into the queue, in the transaction of the passage that they tell of."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, select
from zhian_wire import times
from zhian_wire.events import Passage

from .. import moments
from ..config_types import Config
from ..rules.situation import Movement, Situation
from ..store import stream
from ..store.tables import guardians, notices, people
from .texts import texts


class Desk:
    """Where notices are written."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._site = config.site
        self._settings = config.notices
        self._zone = ZoneInfo(config.site.timezone)

    def write(self, link: Connection, case: Situation, passage: Passage, movement: Movement, now: str) -> None:
        """Queue one notice per guardian of the passage's person; a passage is told once, whatever happens later."""
        query = (
            select(guardians, people.c.name.label("person"))
            .join(people, people.c.id == guardians.c.person_id)
            .where(people.c.opaque == passage.person_id)
        )
        for guardian in link.execute(query).all():
            number = self._write_one(link, case, guardian, movement, now)
            stream.push(link, "notice", str(number), now)

    def _write_one(self, link: Connection, case: Situation, guardian: Row[Any], movement: Movement, now: str) -> int:
        title, body = self._render(case, guardian, movement)
        happened = times.from_text(case.event.time)
        values = {
            "site": self._site.id,
            "passage_id": case.row,
            "guardian_id": guardian.id,
            "to": guardian.name,
            "channel": guardian.address.split(":", 1)[0],
            "title": title,
            "body": body,
            "state": "queued",
            "tries": 0,
            "happened_at": case.event.time,
            "created_at": now,
            "next_at": now,
            "expires_at": moments.text(happened + timedelta(seconds=self._settings.expire_s)),
            "error": "",
        }
        return int(link.execute(notices.insert().values(values).returning(notices.c.id)).scalar_one())

    def _render(self, case: Situation, guardian: Row[Any], movement: Movement) -> tuple[str, str]:
        passage = cast(Passage, case.event.data)
        language = texts(guardian.language)
        words = {
            "name": guardian.person,
            "site": self._site.name or self._site.id,
            "lane": self._config.place_name(case.event.node, passage.camera, passage.lane),
            "time": times.from_text(case.event.time).astimezone(self._zone).strftime("%H:%M:%S"),
        }
        return language.title[movement].format(**words), language.body[movement].format(**words)
