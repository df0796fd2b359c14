"""What the other nodes of the site saw, and what guards recorded, as the gateway knows it: fetched when it says so,
and every few seconds. A node without siblings hears of what guards recorded at its own lanes, and of nothing else.

Nothing of it is kept on the disk. A node that was restarted asks for the whole; one that cannot ask goes on with what
it has, and counts its siblings as unseen.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from typing import Final

import httpx
import msgspec
import structlog
from zhian_wire.whereabouts import BY_HAND, SitePresence

from zhian_edge.errors import LinkLost
from zhian_edge.process.clock import mono_ms
from zhian_edge.signals import PassedElsewhere, SiblingSeen

from .credentials import Credentials
from .http import open_client, request

log = structlog.get_logger(__name__)

#: Asked three times within what a sibling may be unseen, and as often as this in any case.
SLOWEST_S: Final = 10.0
#: Guards record somebody once in a while, and the gateway says so at once: this is for when that word was lost.
LONE_S: Final = 60.0
#: Ages are counted from the answer's arrival; one that was so long on its way says little of when anything was.
SLOW_MS: Final = 3000
#: A step waits no longer than this, so that stopping is in time.
_WAIT_S: Final = 0.5


def signals_of(
    news: SitePresence, siblings: Collection[str], asked_ms: int, came_ms: int
) -> list[PassedElsewhere | SiblingSeen]:
    """What an answer means here, passages before the word that they are all.

    Args:
        siblings: the nodes that are waited for; none: what another node saw is none of this one's.
        asked_ms, came_ms: monotonic; whom the gateway has heard of, it had heard of before the question at least.
    """
    passed = [
        PassedElsewhere(person_id=one.person, zone=one.zone, node=one.node, at_ms=came_ms - one.age_ms)
        for one in sorted(news.people, key=lambda one: -one.age_ms)
        if siblings or one.node == BY_HAND
    ]
    seen = [
        SiblingSeen(node=node, at_ms=asked_ms - age_ms) for node, age_ms in news.siblings.items() if node in siblings
    ]
    return [*passed, *seen]


class SiblingService:
    """A service (see `supervisor`): items are signals for the decision. For nodes whose lanes lead to zones.

    Args:
        siblings: ids of the other nodes that lead to the same zones; none: words by hand alone are asked for.
        sibling_s: how long one of them may be unseen.
        now: the monotonic clock in milliseconds.
    """

    name = "siblings"

    def __init__(
        self,
        url: str,
        credentials: Credentials,
        siblings: Collection[str],
        sibling_s: float,
        now: Callable[[], int] = mono_ms,
    ) -> None:
        self._url = url
        self._credentials = credentials
        self._siblings = frozenset(siblings)
        self._every_s = min(sibling_s / 3, SLOWEST_S) if siblings else LONE_S
        self._due_ms = 0
        self._now = now
        self._held = SitePresence(version=0, store="")
        self._strange: set[str] = set()
        self._asked = threading.Event()
        self._client: httpx.Client | None = None

    def wake(self, version: int) -> None:
        """The gateway knows more since `version`; any thread may say so."""
        if version != self._held.version:
            self._asked.set()

    def open(self) -> None:
        self.close()
        self._client = open_client(self._url, self._credentials)
        self._asked.set()

    def step(self) -> list[PassedElsewhere | SiblingSeen]:
        """Wait until it is time, and ask.

        Raises:
            LinkLost, LinkRefused: nothing is known of the others from now on.
        """
        if not self._asked.wait(min(self._every_s, _WAIT_S)) and self._now() < self._due_ms:
            return []
        self._asked.clear()
        asked_ms = self._now()
        self._due_ms = asked_ms + round(self._every_s * 1000)
        news = self._fetch()
        came_ms = self._now()
        if came_ms - asked_ms > SLOW_MS:
            raise LinkLost(f"{self._url}: GET /presence took {came_ms - asked_ms} ms, so that its ages say little")
        self._held = news
        self._complain(news)
        return signals_of(news, self._siblings, asked_ms, came_ms)

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    def _fetch(self) -> SitePresence:
        assert self._client is not None
        held = self._held
        params: dict[str, int | str] = {"since": held.version, "store": held.store} if held.store else {}
        params |= {} if self._siblings else {"by_hand": "true"}
        answer = request(self._client, "GET", "/presence", params=params)
        if answer.status_code != 200:
            raise LinkLost(f"{self._url}: GET /presence was answered {answer.status_code}")
        try:
            return msgspec.json.decode(answer.content, type=SitePresence)
        except msgspec.DecodeError as error:
            raise LinkLost(f"{self._url}: not who is where: {error}") from error

    def _complain(self, news: SitePresence) -> None:
        """A sibling that the gateway has not heard of may be misspelt; said once each way."""
        strange = set(self._siblings - set(news.siblings))
        if strange - self._strange:
            log.warning("siblings that the gateway does not hear", siblings=sorted(strange))
        self._strange = strange
