"""The gateway's end of the broker: subscribes, hands messages on, publishes. The broker is a pipe, not a store."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Sequence
from typing import Final, cast

import structlog
from zhian_wire import topics
from zhian_wire.errors import BadTopic

from ..config_types import Broker, address_of
from ..mqtt.connection import Connection, Door
from ..mqtt.packets import Published, Wanted
from ..tokens import new_secret

log = structlog.get_logger(__name__)

#: Called in the link's thread with node, bytes, and whether the broker had kept the message for us; it must not wait.
Handler = Callable[[str, bytes, bool], None]
#: What the broker repeats until we have it (QoS 1): one kind alone. nats-server lets 1,024 messages wait for our word
#: in a session, but counts as many for each of its subscriptions; what is too much it sends again only after
#: `ack_wait`. Heart-beats beside a storm's events made alerts 10 s late. A heart-beat is followed by the next, and an
#: answer that is lost leaves its command unanswered, which is told.
AT_LEAST_ONCE: Final = frozenset({"event"})
#: Topics whose parts are remembered; whoever may publish under any name must not fill the memory.
MOST_TOPICS: Final = 10_000


class BrokerLink:
    """One connection, made again whenever it breaks.

    While there is no `room`, the broker waits: TCP is the bound. What is to be said goes out meanwhile.
    """

    def __init__(self, url: str, settings: Broker, site: str, tls: ssl.SSLContext | None = None) -> None:
        """`tls`: for `mqtts://`; who the gateway is, and whom it trusts."""
        self._url = url
        self._site = site
        self._client = new_secret()
        self._login = (settings.user, settings.password() if settings.user else "")
        self._tls = tls
        self._handlers: dict[str, Handler] = {}
        self._room: Callable[[], bool] = lambda: True
        self._told: Callable[[], None] = lambda: None
        self._sources: dict[bytes, topics.Topic] = {}
        self._away_since: float | None = time.monotonic()
        self._down_said = False
        self._connection: Connection | None = None

    @property
    def connected(self) -> bool:
        """Whether the broker answers now."""
        return self._connection is not None and self._connection.connected

    @property
    def away_since(self) -> float | None:
        """When this outage began, in seconds of the monotonic clock; None: the broker answers."""
        return self._away_since

    def on(self, kind: topics.Up, handler: Handler) -> None:
        """Subscribe to `kind` of all nodes; before `start`."""
        self._handlers[kind] = handler

    def known_as(self, client: str) -> None:
        """What makes the client id our own, before `start`; as `topics.client_of`."""
        self._client = client

    def when_connected(self, told: Callable[[], None]) -> None:
        """Call `told` in the link's thread after each connection; before `start`."""
        self._told = told

    def only_with(self, room: Callable[[], bool]) -> None:
        """Hear nothing while `room` says no; before `start`."""
        self._room = room

    def start(self) -> None:
        """Connect in a thread of its own; a broker that is not there yet is tried again."""
        host, port = address_of(self._url)
        wanted = tuple(
            Wanted(topics.every_node(self._site, cast(topics.Up, kind)), int(kind in AT_LEAST_ONCE))
            for kind in self._handlers
        )
        # A dot is more than a sign to nats-server.
        name = f"gateway-{self._site}-{self._client}".replace(".", "%")
        self._connection = Connection(Door(host, port, name, wanted, *self._login, tls=self._tls), self)
        self._away()
        self._connection.start()

    def trust(self, tls: ssl.SSLContext) -> None:
        """Go on over another connection, by `tls`; what the old one still had to send is asked for again."""
        self.stop()
        self._tls = tls
        self.start()

    def stop(self) -> None:
        """Disconnect and wait for the thread."""
        if self._connection is not None:
            self._connection.stop()

    def publish(self, node: str, kind: topics.Down, body: bytes) -> None:
        """Send to a node; what is sent while the broker is away is lost, and asked for again.

        The roster's version is kept by the broker, so that a node which comes later hears it. A receipt needs no
        word of the broker (QoS 0): a node that does not hear it sends its event again.
        """
        if self._connection is None:
            return
        topic = topics.topic(self._site, node, kind)
        if kind == "roster":
            self._connection.keep(topic, body)
        else:
            self._connection.send(topic, body, number=kind != "receipt")

    # What the connection asks and tells ---------------------------------------------------------------------------

    def room(self) -> bool:
        """As `Ears`."""
        return self._room()

    def opened(self) -> None:
        """As `Ears`."""
        self._away_since = None
        self._down_said = False
        log.info("broker.connected", url=self._url)
        self._told()

    def lost(self, reason: str) -> None:
        """As `Ears`; said once per outage."""
        self._away()
        if not self._down_said:
            self._down_said = True
            log.warning("broker.lost", url=self._url, reason=reason)

    def _away(self) -> None:
        """An outage begins, unless one lasts."""
        if self._away_since is None:
            self._away_since = time.monotonic()

    def heard(self, messages: Sequence[Published]) -> None:
        """As `Ears`."""
        for message in messages:
            source = self._sources.get(message.topic) or self._source(message.topic)
            if source is not None:
                self._handlers[source.kind](source.node, message.body, message.retained)

    def _source(self, text: bytes) -> topics.Topic | None:
        """Whose topic it is and of what; None where it is nobody's."""
        try:
            source = topics.parse(text.decode(errors="replace"))
        except BadTopic as error:
            log.warning("broker.bad_topic", error=str(error))
            return None
        if source.kind not in self._handlers:
            return None
        if len(self._sources) < MOST_TOPICS:
            self._sources[text] = source
        return source
