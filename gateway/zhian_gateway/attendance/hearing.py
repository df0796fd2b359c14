"""Whether the gateway has heard enough to say that somebody is missing: after its start, and while events wait."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, select
from zhian_wire import times

from ..nodes import identity
from ..rules import turns
from ..services import Services
from ..store.tables import epochs

#: Nodes connect anew after a start, which takes longer than a heart-beat that was lost.
MARGIN: Final = timedelta(seconds=30)
#: Rules that keep up follow an event within a second; what waits for longer waits behind others.
KEEPING_UP: Final = timedelta(seconds=10)


class Hearing:
    """One thread uses it.

    Attributes:
        behind: nodes that may hold what happened before the gateway's start: not heard since, or still delivering.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self._started: datetime | None = None
        self.behind: frozenset[str] = frozenset()

    def is_enough(self, now: datetime) -> bool:
        """Whether what the nodes knew at the start is here, and the rules keep up with what comes."""
        if self._started is None:
            with self._services.store.read() as link:
                self.behind = frozenset(identity.every(link, self._services.site))
            self._started = now
        # The outboxes first: what these hold no more is stored.
        return self._has_heard(now - self._started) and self._keeps_up(now)

    def _has_heard(self, waited: timedelta) -> bool:
        """All that the nodes had, but for those of which nothing was heard for so long that they are off."""
        if not self.behind:
            return True
        with self._services.store.read() as link:
            listed = self.behind & frozenset(identity.every(link, self._services.site))
        heard = {node: last for node in listed if (last := self._services.presence.last(node))}
        delivering = frozenset(node for node, last in heard.items() if last.state.outbox)
        self.behind = listed - heard.keys() | delivering
        silent = timedelta(seconds=self._services.config.rules.silent_s) + MARGIN
        return not self.behind or (waited > silent and not delivering)

    def _keeps_up(self, now: datetime) -> bool:
        with self._services.store.read() as link:
            since = turns.waiting_since(link)
        return since is None or now - times.from_text(since) <= KEEPING_UP


def speaking(link: Connection, site: str) -> list[str]:
    """The listed nodes that have told something before: of others nobody can say that they fell silent."""
    told = set(link.execute(select(epochs.c.node).where(epochs.c.site == site)).scalars())
    return [node for node in identity.every(link, site) if node in told]
