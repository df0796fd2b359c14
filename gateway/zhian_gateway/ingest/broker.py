"""The gateway's end of the broker: subscribes, hands messages on, publishes. The broker is a pipe, not a store."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from typing import Any, Final, cast

import structlog
from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from zhian_wire import topics
from zhian_wire.errors import BadTopic

from ..config_types import Broker, address_of

log = structlog.get_logger(__name__)

#: Called in paho's thread with node, bytes, and whether the broker had kept the message for us.
Handler = Callable[[str, bytes, bool], None]
KEEPALIVE_S: Final = 15
MOST_QUEUED: Final = 10_000


class BrokerLink:
    """One connection, made again whenever it breaks.

    A handler that waits (a full queue) makes the broker wait: TCP is the bound.
    """

    def __init__(self, url: str, settings: Broker, site: str, tls: ssl.SSLContext | None = None) -> None:
        """`tls`: for `mqtts://`; who the gateway is, and whom it trusts."""
        self._url = url
        self._settings = settings
        self._site = site
        self._handlers: dict[str, Handler] = {}
        self._connected: Callable[[], None] = lambda: None
        self._down_said = False
        self._client = self._prepare(tls)

    def _prepare(self, tls: ssl.SSLContext | None) -> Client:
        # A dot is more than a sign to nats-server.
        name = f"gateway-{self._site}".replace(".", "%")
        client = Client(CallbackAPIVersion.VERSION2, client_id=name, clean_session=True)
        # Handlers are set before CONNECT: what is kept for us arrives with the first packets.
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        client.on_socket_open = _no_delay
        client.reconnect_delay_set(1, 15)
        # What cannot be sent is asked for again; it must not fill the memory of a gateway without a broker.
        client.max_queued_messages_set(MOST_QUEUED)
        if tls is not None:
            client.tls_set_context(tls)
        if self._settings.user:
            client.username_pw_set(self._settings.user, self._settings.password())
        return client

    @property
    def connected(self) -> bool:
        """Whether the broker answers now."""
        return bool(self._client.is_connected())

    def on(self, kind: topics.Up, handler: Handler) -> None:
        """Subscribe to `kind` of all nodes; before `start`."""
        self._handlers[kind] = handler

    def when_connected(self, told: Callable[[], None]) -> None:
        """Call `told` in paho's thread after each connection; before `start`."""
        self._connected = told

    def start(self) -> None:
        """Connect in a thread of paho's; a broker that is not there yet is tried again."""
        host, port = address_of(self._url)
        self._client.connect_async(host, port, KEEPALIVE_S)
        self._client.loop_start()

    def trust(self, tls: ssl.SSLContext) -> None:
        """Go on over another connection, by `tls`; what the old one still had to send is asked for again."""
        self.stop()
        self._client = self._prepare(tls)
        self.start()

    def stop(self) -> None:
        """Disconnect and wait for paho's thread."""
        self._client.disconnect()
        self._client.loop_stop()

    def publish(self, node: str, kind: topics.Down, body: bytes) -> None:
        """Send to a node; what is sent while the broker is away is lost, and asked for again.

        The roster's version is kept by the broker, so that a node which comes later hears it.
        """
        if kind == "command" and not self.connected:
            return  # paho would keep it, and a gate must not be told minutes later what was meant for now
        self._client.publish(topics.topic(self._site, node, kind), body, qos=1, retain=kind == "roster")

    def _on_connect(
        self, client: Client, _data: Any, _flags: ConnectFlags, reason: ReasonCode, _props: Properties | None
    ) -> None:
        if reason.is_failure:
            self._say_down(str(reason))
            return
        self._down_said = False
        log.info("broker.connected", url=self._url)
        for kind in self._handlers:
            client.subscribe(topics.every_node(self._site, cast(topics.Up, kind)), qos=1)
        self._connected()

    def _on_disconnect(
        self, _client: Client, _data: Any, _flags: DisconnectFlags, reason: ReasonCode, _props: Properties | None
    ) -> None:
        if reason.is_failure:
            self._say_down(str(reason))

    def _say_down(self, reason: str) -> None:
        if not self._down_said:
            self._down_said = True
            log.warning("broker.lost", url=self._url, reason=reason)

    def _on_message(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        try:
            source = topics.parse(message.topic)
        except BadTopic as error:
            log.warning("broker.bad_topic", error=str(error))
            return
        self._handlers[source.kind](source.node, bytes(message.payload), message.retain)


def _no_delay(_client: Client, _data: Any, sock: Any) -> None:
    # Without it receipts wait for the kernel to gather more, at 80 ms instead of 20.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
