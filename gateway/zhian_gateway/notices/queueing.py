"""Writes notices into the queue, in the transaction of what they tell of: one for each receiver, and no second one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, Select, select
from zhian_wire import times
from zhian_wire.events import Passage

from ..cases.words import kind_in_words
from ..config_notices import Route
from ..config_types import Config
from ..people.guardians import addresses
from ..rules.situation import Movement, Situation
from ..store import stream
from ..store.tables import guardians, notices, people
from .agreeing import may_tell
from .happenings import GUARDIANS, Happening, Receiver, contacts, told_at_all, wants
from .rows import key_of, new
from .texts import library


class Desk:
    """Where notices are written; any thread may use it.

    Raises:
        ConfigError: the site's own texts cannot be used.
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        self._site = config.site
        self._settings = config.notices
        self._zone = ZoneInfo(config.site.timezone)
        self._texts = library(config.notices.templates)

    def write(self, link: Connection, case: Situation, passage: Passage, movement: Movement, now: str) -> None:
        """Tell of a passage of somebody enrolled; it is told once, whatever happens later."""
        happening = Happening(
            kind=movement,
            key=f"{movement}/{case.event.id}",
            at=times.from_text(case.event.time),
            person=passage.person_id,
            place=self._config.place_name(case.event.node, passage.camera, passage.lane),
            passage_id=case.row,
        )
        self.tell(link, happening, now)

    def tell(self, link: Connection, happening: Happening, now: str, *, only: frozenset[str] | None = None) -> int:
        """Queue a notice for everybody who is to be told; how many there were. What was told before is not again.

        Args:
            only: nobody but these receivers, by their ids.
        """
        route = told_at_all(self._settings, happening.kind)
        if route is None:
            return 0
        rows = _about(link, happening.person)
        person = rows[0] if rows else None
        receivers = self._receivers(link, route, happening, rows, now)
        wanted = [each for each in receivers if only is None or each.id in only]
        known = _told_before(link, [key_of(happening, each) for each in wanted])
        fresh = [each for each in wanted if key_of(happening, each) not in known]
        for receiver in fresh:
            self._queue(link, route, happening, (receiver, person), now)
        return len(fresh)

    def routes(self, kind: str) -> bool:
        """Whether anybody is told of such a thing at all."""
        return told_at_all(self._settings, kind) is not None

    def _receivers(
        self, link: Connection, route: Route, happening: Happening, rows: Sequence[Row[Any]], now: str
    ) -> list[Receiver]:
        found: list[Receiver] = []
        listed = [row for row in rows if row.guardian is not None]
        if listed and GUARDIANS in route.to and may_tell(link, listed[0].person_id, self._settings, now):
            found += [_guardian(row) for row in listed if wants(_wanted(row), happening.kind)]
        return found + contacts(route, self._config.response, happening, rows[0].group if rows else None)

    def _queue(
        self, link: Connection, route: Route, happening: Happening, told: tuple[Receiver, Row[Any] | None], now: str
    ) -> None:
        receiver, person = told
        words = self._words(happening, receiver.language, person)
        title, body = self._texts[receiver.language].of(happening.kind).fill(words)
        row = new(happening, receiver, words, route=route, settings=self._settings, now=now)
        row |= {"site": self._site.id, "title": title, "body": body}
        number = int(link.execute(notices.insert().values(row).returning(notices.c.id)).scalar_one())
        stream.push(link, "notice", str(number), now)

    def _words(self, happening: Happening, language: str, person: Row[Any] | None) -> dict[str, str]:
        local = happening.at.astimezone(self._zone)
        name = person.person if person else ""
        said = happening.what.get(language)
        return {
            "name": name,
            "group": person.group if person else "",
            "site": self._site.name or self._site.id,
            "lane": happening.place,
            "date": f"{local:%Y-%m-%d}",
            "time": f"{local:%H:%M:%S}",
            "what": kind_in_words(language, happening.kind) if said is None else said.format(name=name),
        }


def _about(link: Connection, opaque: str | None) -> Sequence[Row[Any]]:
    """Whom it is about, once for each of their guardians, and once at least."""
    if opaque is None:
        return ()
    whom = (people.c.id.label("person_id"), people.c.name.label("person"), people.c.group)
    theirs = (guardians.c.id.label("guardian"), guardians.c.name)
    places = (guardians.c.front, guardians.c.address, guardians.c.further)
    wishes = (guardians.c.language, guardians.c.happenings, guardians.c.quiet)
    query: Select[Any] = select(*whom, *theirs, *places, *wishes).join(
        guardians, guardians.c.person_id == people.c.id, isouter=True
    )
    query = query.where(people.c.opaque == opaque, people.c.withdrawn_at.is_(None))
    return link.execute(query.order_by(guardians.c.id)).all()


def _guardian(row: Row[Any]) -> Receiver:
    quiet = tuple(json.loads(row.quiet))
    return Receiver(f"g{row.guardian}", row.name, addresses(row), row.language, quiet, guardian_id=row.guardian)


def _wanted(row: Row[Any]) -> list[str] | None:
    return None if row.happenings is None else json.loads(row.happenings)


def _told_before(link: Connection, keys: Sequence[str]) -> set[str]:
    return set(link.execute(select(notices.c.key).where(notices.c.key.in_(keys))).scalars()) if keys else set()
