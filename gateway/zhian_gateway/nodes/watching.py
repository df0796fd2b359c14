"""Looks after nodes every second: who fell silent, what changed, and whether the roster has news for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy import Connection, select
from zhian_wire import codec
from zhian_wire.commands import RosterNotice

from .. import moments
from ..people import rosters, whereabouts
from ..rules.judging import clock_off, clock_right, heard_again, silence
from ..services import Services
from ..store import stream
from ..store.tables import epochs
from . import identity

#: The broker may forget what it keeps for nodes, so it is told again.
TELL_AGAIN_S: Final = 60.0
#: Nodes of which something new is written down in one transaction, some ten milliseconds.
AT_ONCE: Final = 50


class NodeWatch:
    """One thread uses it."""

    def __init__(self, services: Services, changed: Callable[[], None]) -> None:
        self._services = services
        self._changed = changed
        self._started = services.clock()
        self._shown: dict[str, tuple[object, ...]] = {}
        self._off: frozenset[str] = frozenset()
        self._right: frozenset[str] = frozenset()
        self._followed: dict[str, datetime] = {}
        self._untold: set[str] = set()
        self._told: dict[str, tuple[RosterNotice, datetime]] = {}
        self._recorded: dict[str, int] = {}
        self._moved = 0

    def step(self) -> int:
        """Look once; always 0, since nothing waits for a second look."""
        parts, now = self._services, self._services.clock()
        with parts.store.read() as link:
            names = identity.every(link, parts.site)
            notice = RosterNotice(version=rosters.version(link))
            passed = msgspec.structs.replace(notice, presence=whereabouts.version(link))
            self._follow_guards(link, passed.presence)
        # Of a list, each of a thousand names would be looked for a thousand times.
        there = frozenset(names)
        parts.presence.keep_only(there)
        parts.siblings.keep_only(there)
        for name in names:
            own = msgspec.structs.replace(notice, presence=self._recorded.get(name, 0))
            self._tell_roster(name, passed if parts.siblings.interested(name, now) else own, now)
        news = {name: seen for name in names if (seen := self._view(name, now)) != self._shown.get(name)}
        # The board follows at once; what of it no page was told of, since the store was away, is told the next time.
        self._untold.update(lane for name in names for lane in self._heard_lanes(name, now))
        self._tell_news(news, now)
        if self._untold:
            with parts.store.write() as link:
                stream.push_all(link, "lane", sorted(self._untold), moments.text(now))
            self._untold.clear()
            self._changed()
        return 0

    def _tell_news(self, news: Mapping[str, tuple[object, ...]], now: datetime) -> None:
        """By portions: a thousand nodes that come back at once would keep the store's pen for a second from alerts."""
        parts, text = self._services, moments.text(now)
        names = list(news)
        other = frozenset(name for name in names if _state(news[name]) != _state(self._shown.get(name, ())))
        with parts.store.read() as link:
            heard_before = _heard_before(link, parts.site) if other else frozenset()
        for some in (names[start : start + AT_ONCE] for start in range(0, len(names), AT_ONCE)):
            with parts.store.write() as link:
                # A thousand nodes that send their backlog say something new with each heart-beat.
                stream.push_all(link, "node", some, text)
                for name in some:
                    if name in other:
                        self._note(link, name, now, known=name in heard_before)
                    if news[name][0] != "offline":
                        self._judge_clock(link, name, text)
            self._shown |= {name: news[name] for name in some}
            self._right = (self._right - set(some)) | {name for name in some if self._is_right(name)}
            self._changed()

    def _view(self, name: str, now: datetime) -> tuple[object, ...]:
        """What of a node is shown, except what merely ages and what pages ask for every few seconds anyway.

        Of a backlog it is how long it is, roughly: of a thousand nodes that send theirs each would otherwise be told
        again with every heart-beat, to every page.
        """
        parts = self._services
        heard, state = parts.presence.last(name), parts.presence.state(name, now)
        if state == "offline" and (now - self._started).total_seconds() <= parts.config.rules.silent_s:
            # The gateway has not listened for long enough to say so.
            state = "online" if heard else "offline"
            return (state, "starting")
        if heard is None:
            return (state,)
        cameras = tuple((camera.id, camera.status) for camera in heard.state.cameras)
        devices = tuple((device.id, device.status, device.cause) for device in heard.state.devices)
        clock = parts.presence.clock_is_off(name)
        return (state, cameras, devices, heard.state.outbox.bit_length(), heard.state.roster_version, clock)

    def _heard_lanes(self, name: str, now: datetime) -> list[str]:
        """The lanes of which the node's last heart-beat says something new."""
        heard, lanes = self._services.presence.last(name), self._services.lanes
        if (
            heard is None
            or self._services.presence.state(name, now) == "offline"
            or self._followed.get(name) == heard.at
        ):
            return []
        self._followed[name] = heard.at
        return lanes.hear(heard.state)

    def _note(self, link: Connection, name: str, now: datetime, *, known: bool) -> None:
        """A node is in another state than before."""
        parts, text = self._services, moments.text(now)
        if parts.presence.state(name, now) != "offline":
            parts.book.clear(link, heard_again(name, text), text)
        elif (known or parts.presence.last(name)) and self._listened(now):
            parts.book.raise_(link, silence(name, text), text)

    def _judge_clock(self, link: Connection, name: str, text: str) -> None:
        presence, book = self._services.presence, self._services.book
        ahead = presence.clock_ahead_s(name)
        if ahead is None:
            return
        if not presence.clock_is_off(name):
            if name not in self._right:
                # Once, also after a start: what was raised before it is open still.
                book.clear(link, clock_right(name, text), text)
        elif name not in self._off:
            # Said once: a case that is raised with every heart-beat would open again whatever people do with it.
            book.raise_(link, clock_off(name, ahead, text), text)
        self._off = self._off | {name} if presence.clock_is_off(name) else self._off - {name}

    def _is_right(self, name: str) -> bool:
        """Whether enough was heard of a node's clock to say so."""
        presence = self._services.presence
        return presence.clock_ahead_s(name) is not None and not presence.clock_is_off(name)

    def _listened(self, now: datetime) -> bool:
        return (now - self._started).total_seconds() > self._services.config.rules.silent_s

    def _follow_guards(self, link: Connection, version: int) -> None:
        """At whose lanes guards recorded somebody since the last look."""
        if version != self._moved:
            self._recorded |= whereabouts.recorded_at(link, self._moved)
            self._moved = version

    def _tell_roster(self, name: str, notice: RosterNotice, now: datetime) -> None:
        told, at = self._told.get(name, (None, now))
        if told == notice and (now - at).total_seconds() < TELL_AGAIN_S:
            return
        self._told[name] = (notice, now)
        self._services.publish(name, "roster", codec.encode_message(notice))


def _heard_before(link: Connection, site: str) -> frozenset[str]:
    """The nodes that anything is stored of."""
    return frozenset(link.execute(select(epochs.c.node).where(epochs.c.site == site).distinct()).scalars())


def _state(seen: tuple[object, ...]) -> tuple[object, ...]:
    """The part of a view that cases are opened and closed by."""
    return seen if len(seen) <= 2 else seen[:1]
