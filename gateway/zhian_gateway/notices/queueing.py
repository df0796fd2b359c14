"""Writes notices into the queue, in the transaction of what they tell of: one for each receiver, and no second one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, select
from zhian_wire import times
from zhian_wire.events import Passage

from ..cases.words import kind_in_words
from ..config_notices import Route
from ..config_types import Config
from ..people import consents
from ..people.consent import NOTICES
from ..people.guardians import addresses
from ..rules.situation import Movement, Situation
from ..store import stream
from ..store.tables import guardians, notices, people
from .happenings import GUARDIANS, Happening, Receiver, contacts, told_at_all, wants
from .rows import new
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
        person = self._person(link, happening)
        receivers = self._receivers(link, route, happening, person, now)
        wanted = [each for each in receivers if only is None or each.id in only]
        return sum(self._queue(link, route, happening, (each, person), now) for each in wanted)

    def routes(self, kind: str) -> bool:
        """Whether anybody is told of such a thing at all."""
        return told_at_all(self._settings, kind) is not None

    def _person(self, link: Connection, happening: Happening) -> Row[Any] | None:
        if happening.person is None:
            return None
        known = (people.c.opaque == happening.person) & people.c.withdrawn_at.is_(None)
        return link.execute(select(people).where(known)).one_or_none()

    def _receivers(
        self, link: Connection, route: Route, happening: Happening, person: Row[Any] | None, now: str
    ) -> Iterator[Receiver]:
        if GUARDIANS in route.to and person is not None and self._may(link, person.id, now):
            theirs = select(guardians).where(guardians.c.person_id == person.id)
            for row in link.execute(theirs.order_by(guardians.c.id)):
                wanted = None if row.happenings is None else json.loads(row.happenings)
                if wants(wanted, happening.kind):
                    quiet = tuple(json.loads(row.quiet))
                    yield Receiver(f"g{row.id}", row.name, addresses(row), row.language, quiet, guardian_id=row.id)
        yield from contacts(route, self._config.response, happening, person.group if person else None)

    def _may(self, link: Connection, person_id: str, now: str) -> bool:
        """Whether guardians may be told of that person."""
        agreed = consents.allows(link, person_id, NOTICES, now)
        return self._settings.consent == "listed" if agreed is None else agreed

    def _queue(
        self, link: Connection, route: Route, happening: Happening, told: tuple[Receiver, Row[Any] | None], now: str
    ) -> int:
        """One notice; 0 where it was told before."""
        receiver, person = told
        words = self._words(happening, receiver.language, person)
        title, body = self._texts[receiver.language].of(happening.kind).fill(words)
        row = new(happening, receiver, words, route=route, settings=self._settings, now=now)
        if link.execute(select(notices.c.id).where(notices.c.key == row["key"])).first() is not None:
            return 0
        row |= {"site": self._site.id, "title": title, "body": body}
        number = int(link.execute(notices.insert().values(row).returning(notices.c.id)).scalar_one())
        stream.push(link, "notice", str(number), now)
        return 1

    def _words(self, happening: Happening, language: str, person: Row[Any] | None) -> dict[str, str]:
        local = happening.at.astimezone(self._zone)
        name = person.name if person else ""
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
