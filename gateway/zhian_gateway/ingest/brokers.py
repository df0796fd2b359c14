"""All brokers that nodes may use: each is listened at, and a node is answered where it was heard last."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from typing import Final

from zhian_wire import topics

from ..config_types import Broker
from .broker import BrokerLink, Handler

#: Nodes whose place is remembered; whoever may publish under any name must not fill the memory.
MOST_PLACES: Final = 10_000


class Brokers:
    """As many links as there are brokers; mostly one."""

    def __init__(self, settings: Broker, site: str, tls: ssl.SSLContext | None = None) -> None:
        """`tls`: as `BrokerLink`."""
        self._links = [BrokerLink(url, settings, site, tls) for url in settings.urls]
        self._places: dict[str, BrokerLink] = {}

    @property
    def connected(self) -> bool:
        """Whether any of them answers now."""
        return any(link.connected for link in self._links)

    @property
    def away_since(self) -> list[float | None]:
        """Of each, as `BrokerLink.away_since`."""
        return [link.away_since for link in self._links]

    def on(self, kind: topics.Up, handler: Handler) -> None:
        """Subscribe to `kind` of all nodes; before `start`."""
        for link in self._links:
            link.on(kind, self._noting(link, handler))

    def known_as(self, client: str) -> None:
        """As `BrokerLink.known_as`; before `start`."""
        for link in self._links:
            link.known_as(client)

    def when_connected(self, told: Callable[[], None]) -> None:
        """Call `told` in a link's thread after each connection to any of them; before `start`."""
        for link in self._links:
            link.when_connected(told)

    def trust(self, tls: ssl.SSLContext) -> None:
        """Speak to each over another connection, by `tls`."""
        for link in self._links:
            link.trust(tls)

    def only_with(self, room: Callable[[], bool]) -> None:
        """Hear nothing while `room` says no; before `start`."""
        for link in self._links:
            link.only_with(room)

    def start(self) -> None:
        """Connect to each in a thread of its own."""
        for link in self._links:
            link.start()

    def stop(self) -> None:
        """Disconnect from all."""
        for link in self._links:
            link.stop()

    def publish(self, node: str, kind: topics.Down, body: bytes) -> None:
        """Send to a node, as `BrokerLink.publish`; by every broker while it is unknown which one the node is at.

        What brokers keep for nodes lies at each of them.
        """
        place = self._places.get(node)
        if kind == "roster" or place is None or not place.connected:
            for link in self._links:
                link.publish(node, kind, body)
        else:
            place.publish(node, kind, body)

    def _noting(self, link: BrokerLink, handler: Handler) -> Handler:
        def heard(node: str, body: bytes, retained: bool) -> None:
            # What the broker had kept says nothing of where the node is now.
            if not retained and (node in self._places or len(self._places) < MOST_PLACES):
                self._places[node] = link
            handler(node, body, retained)

        return heard
