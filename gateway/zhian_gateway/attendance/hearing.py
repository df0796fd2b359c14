"""Whether the gateway has heard enough to say that somebody is missing.

It has not where a gate still delivers what it knew: after the gateway's start, and after a line that was cut; nor while
events wait for their rules.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, select
from zhian_wire import times

from ..nodes import identity
from ..nodes.presence import Heard
from ..rules import turns
from ..services import Services
from ..store.tables import epochs
from .signals import GRACE

#: Nodes connect anew after a start, which takes longer than a heart-beat that was lost.
MARGIN: Final = timedelta(seconds=30)
#: Rules that keep up follow an event within a second; what waits for longer waits behind others.
KEEPING_UP: Final = timedelta(seconds=10)
#: In a rush a gate that is heard well has a few events on their way at each heart-beat, and hardly more.
RUSH: Final = 20


class Hearing:
    """One thread uses it."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._started: datetime | None = None
        self._since_start: frozenset[str] = frozenset()
        self._late: frozenset[str] = frozenset()
        # When the heart-beat came up to which a node has delivered everything.
        self._delivered_at: dict[str, datetime] = {}

    @property
    def behind(self) -> frozenset[str]:
        """Nodes that may know more than they have told: not heard since the gateway's start, or still delivering."""
        return self._since_start | self._late

    def is_enough(self, now: datetime) -> bool:
        """Whether what the nodes knew at the start and a minute ago is here, and the rules keep up with what comes."""
        if self._started is None:
            with self._services.store.read() as link:
                self._since_start = frozenset(identity.every(link, self._services.site))
            self._started = now
        # The outboxes first: what these hold no more is stored. Each look, so that none forgets what was delivered.
        has_delivered = self._has_delivered(now)
        return self._has_heard(now - self._started, now) and has_delivered and self._keeps_up(now)

    def _has_heard(self, waited: timedelta, now: datetime) -> bool:
        """All that the nodes had, but for those of which nothing was heard for so long that they are off."""
        if not self._since_start:
            return True
        with self._services.store.read() as link:
            listed = self._since_start & frozenset(identity.every(link, self._services.site))
        heard = {node: last for node in listed if (last := self._services.presence.last(node))}
        delivering = frozenset(node for node, last in heard.items() if last.state.outbox)
        self._since_start = listed - heard.keys() | delivering
        silent = timedelta(seconds=self._services.config.rules.silent_s) + MARGIN
        # One that died while it delivered is off like any other.
        return not self._since_start or (waited > silent and not any(self._is_on(node, now) for node in delivering))

    def _has_delivered(self, now: datetime) -> bool:
        """What every node that can be heard knew when a minute ago is here.

        A line that was cut comes back with a backlog; in a rush a few events are under way at every heart-beat.
        """
        heard = self._services.presence.every()
        waiting = frozenset(node for node, last in heard.items() if last.state.outbox)
        self._note_delivered(heard, waiting)
        late = {node for node in waiting if self._is_on(node, now) and self._is_late(node, now)}
        if late:
            with self._services.store.read() as link:
                late.intersection_update(identity.every(link, self._services.site))
        self._late = frozenset(late)
        return not late

    def _note_delivered(self, heard: dict[str, Heard], waiting: Collection[str]) -> None:
        """When each node's last heart-beat came, where all that it had decided by then is stored.

        Where a number is lost for good, an outbox that is empty says so alone.
        """
        few = [node for node in waiting if heard[node].state.outbox <= RUSH]
        through = self._through(few) if few else {}
        for node, last in heard.items():
            place = (node, last.state.epoch)
            if node not in waiting or (place in through and through[place] >= last.state.seq):
                self._delivered_at[node] = last.at
        self._delivered_at = {node: at for node, at in self._delivered_at.items() if node in heard}

    def _through(self, nodes: Collection[str]) -> dict[tuple[str, str], int]:
        """Up to which number everything of these nodes' epochs is stored; what is new may come before a backlog."""
        query = select(epochs.c.node, epochs.c.epoch, epochs.c.through)
        query = query.where(epochs.c.site == self._services.site, epochs.c.node.in_(sorted(nodes)))
        with self._services.store.read() as link:
            return {(row.node, row.epoch): row.through for row in link.execute(query)}

    def _is_late(self, node: str, now: datetime) -> bool:
        delivered = self._delivered_at.get(node)
        return delivered is None or now - delivered > GRACE

    def _is_on(self, node: str, now: datetime) -> bool:
        return self._services.presence.state(node, now) != "offline"

    def _keeps_up(self, now: datetime) -> bool:
        with self._services.store.read() as link:
            since = turns.waiting_since(link)
        return since is None or now - times.from_text(since) <= KEEPING_UP


def speaking(link: Connection, site: str) -> list[str]:
    """The listed nodes that have told something before: of others nobody can say that they fell silent."""
    told = set(link.execute(select(epochs.c.node).where(epochs.c.site == site)).scalars())
    return [node for node in identity.every(link, site) if node in told]
