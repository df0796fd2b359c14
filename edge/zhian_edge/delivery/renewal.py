"""Renews the node's certificate over the link that it has: from two thirds of its time on, and when the site's
authority has another root.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog
from zhian_wire.events import Health

from zhian_edge.errors import LinkLost, LinkRefused

from .credentials import Credentials
from .joining import renew, roots
from .papers import Papers, Times, utc_now

log = structlog.get_logger(__name__)

LOOK_S: Final = 60.0
#: How often the gateway is asked for the authority's roots.
ROOTS_S: Final = 300.0
#: After a renewal; a node whose clock is weeks ahead would otherwise renew all the time.
REST_S: Final = 3600.0
_NAP_S: Final = 0.5
#: With less than this left, people are told: the gateway was away for weeks, or does not renew.
SHORT: Final = timedelta(days=15)


class Ending:
    """Whether the certificate is about to end: said once when it is, and once when there is another one. Pure."""

    def __init__(self, node: str) -> None:
        self._node = node
        self._told = False

    def step(self, times: Times, now: datetime) -> list[Health]:
        """Events for a change."""
        short = times.ends - now < min(SHORT, (times.ends - times.begins) / 6)
        if short == self._told:
            return []
        self._told = short
        if not short:
            return [Health(component="certificate", device=self._node, status="ok")]
        detail = f"it ends at {times.ends:%Y-%m-%d %H:%M} UTC"
        node = self._node
        return [
            Health(component="certificate", device=node, status="degraded", cause="certificate_ends", detail=detail)
        ]


class Renewal:
    """A service (see `supervisor`); items are events about the node itself.

    Connections that are open stay so: the broker and the gateway see the new certificate with the next ones.
    """

    name = "certificate"

    def __init__(
        self,
        url: str,
        credentials: Credentials,
        papers: Papers,
        identity: tuple[str, str],
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        """`identity`: site and node."""
        self._url = url
        self._credentials = credentials
        self._papers = papers
        self._site, self._node = identity
        self._now = now
        self._ending = Ending(self._node)
        self._pause = threading.Event()
        self._idle_s = LOOK_S
        self._roots_in_s = 0.0

    def open(self) -> None:
        """Nothing to connect to; after a failure it is tried at once."""
        self._idle_s = LOOK_S

    def step(self) -> list[Health]:
        """Wait a moment; when it is time, look, and renew.

        Raises:
            LinkLost, LinkRefused, BadSecret: the certificate stays as it is.
        """
        # Short waits, so that stopping the node does not take long.
        if self._idle_s < LOOK_S:
            self._pause.wait(_NAP_S)
            self._idle_s += _NAP_S
            self._roots_in_s -= _NAP_S
            return []
        news = self._ending.step(self._papers.times(), self._now())
        if news:
            # Told before it is tried to be mended, which may fail.
            return news
        due = self._now() >= self._papers.times().renew_at()
        if due or self._of_another_root():
            renew(self._url, self._credentials, self._papers, site=self._site, node=self._node)
            log.info("certificate renewed", until=self._papers.times().ends.isoformat())
        self._idle_s = LOOK_S - REST_S if due else 0.0
        return []

    def _of_another_root(self) -> bool:
        """Whether the authority signs by another root than this certificate's; who is trusted is kept on the way."""
        if self._roots_in_s > 0:
            return False
        self._roots_in_s = ROOTS_S
        try:
            return self._papers.follow(roots(self._url, self._credentials))
        except (LinkLost, LinkRefused):
            # Whoever delivers says so already; it is asked again.
            return False

    def close(self) -> None:
        """Nothing to hang up."""
