"""One MQTT connection to one broker. PUBACK is only the broker's word; what counts is the gateway's receipt."""

from __future__ import annotations

import queue
import socket
import ssl
import threading
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from zhian_wire.topics import Up, topic

from zhian_edge.errors import LinkLost, LinkRefused
from zhian_edge.process.clock import mono_ms

from .credentials import Credentials
from .outbox import Identity
from .tls_probe import Closing, rejection
from .tls_words import explained

CONNECT_S: Final = 5.0
#: A broker that froze is noticed after one and a half times this.
KEEPALIVE_S: Final = 10
#: A sign of the broker's life is passed on this often at most.
_SIGN_MS: Final = 1000
_NOTHING: Final = "-"
_DOWN: Final = ("receipt", "command", "roster")
#: CONNACK codes of MQTT 3.1.1 that a person must mend: client id, user or password, rights.
_DENIED: Final = ("Client identifier not valid", "Bad user name or password", "Not authorized")


class Arrived(NamedTuple):
    """A message from the gateway; `kind` is the last part of its topic. `puback` says only that the broker lives."""

    kind: str
    body: bytes


class Lost(NamedTuple):
    """The connection is gone."""

    reason: str


class Wake(NamedTuple):
    """Something was committed and should go out."""


class Answered(NamedTuple):
    """The answer to a command that took long."""

    body: bytes


Inbox = queue.SimpleQueue[Arrived | Lost | Wake | Answered]


class Link:
    """A connection that is either up or raises. What arrives goes to `inbox`, from paho's own thread."""

    def __init__(self, broker: str, identity: Identity, credentials: Credentials, inbox: Inbox) -> None:
        """Connect and subscribe.

        Raises:
            LinkLost: nobody answers.
            LinkRefused: the broker does not accept this node, or not its subscriptions, or one side does not take
                the other's certificate.
            BadSecret: as `credentials`.
        """
        self._broker = broker
        self._identity = identity
        self._inbox = inbox
        self._ready = threading.Event()
        self._refusal = ""
        self._alive_ms = 0
        parts = urlsplit(broker)
        self._address = parts.hostname or "", parts.port or (8883 if parts.scheme == "mqtts" else 1883)
        self._tls: ssl.SSLContext | None = None
        self._client = self._prepare(credentials)
        try:
            self._connect()
        except BaseException:
            self.close()
            raise

    def publish(self, kind: Up, body: bytes, *, retain: bool = False) -> None:
        """Hand a message to the broker; nothing is known of it until the gateway answers."""
        self._client.publish(topic(self._identity.site, self._identity.node, kind), body, qos=1, retain=retain)

    def nudge(self) -> None:
        """Say some bytes that mean nothing, so that TCP hears by their arrival what of the rest was lost."""
        # To leave what one never subscribed to is answered, and changes nothing; paho has no ping of its own to offer.
        self._client.unsubscribe(_NOTHING)

    def close(self) -> None:
        """Say goodbye; never raises, may be called twice."""
        client = self._client
        # A late callback of this connection must not speak for the next one. Without these references paho is
        # collected at once, and only then closes the last of its sockets.
        client.on_connect = client.on_subscribe = client.on_disconnect = client.on_message = client.on_publish = None
        client.disconnect()
        client.loop_stop()

    def _prepare(self, credentials: Credentials) -> Client:
        client = Client(
            CallbackAPIVersion.VERSION2,
            # A dot is more than a sign to nats-server.
            client_id=f"zhian-{self._identity.site}-{self._identity.node}-{credentials.client()}".replace(".", "%"),
            # The broker keeps nothing for us: what it had not delivered is sent again.
            clean_session=True,
            protocol=MQTTProtocolVersion.MQTTv311,
            reconnect_on_failure=False,
        )
        # The window bounds what is on its way; a second bound below it would only hold up alerts.
        client.max_inflight_messages_set(0xFFFF)
        client.on_socket_open = _no_delay
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        client.on_publish = self._on_publish
        if login := credentials.login():
            client.username_pw_set(*login)
        if self._broker.startswith("mqtts:"):
            self._tls = credentials.tls()
            self._tls.sslsocket_class = Closing
            client.tls_set_context(self._tls)
        return client

    def _connect(self) -> None:
        self._client.connect_timeout = CONNECT_S
        try:
            self._client.connect(*self._address, keepalive=KEEPALIVE_S)
        except (OSError, ValueError) as error:
            if words := explained(str(error)):
                raise LinkRefused(f"{self._broker}: {words} ({error})") from error
            raise LinkLost(f"{self._broker}: {error}") from error
        self._client.loop_start()
        answered = self._ready.wait(CONNECT_S)
        if self._refusal and (words := self._objection()):
            raise LinkRefused(f"{self._broker}: {words}")
        if self._refusal:
            kind = LinkRefused if self._refusal in _DENIED else LinkLost
            raise kind(f"{self._broker}: {self._refusal}")
        if not answered:
            raise LinkLost(f"{self._broker}: connected, but no answer within {CONNECT_S:.0f} s")

    def _on_connect(
        self, client: Client, _data: Any, _flags: ConnectFlags, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        if reason.is_failure:
            self._refuse(str(reason))
            return
        site, node = self._identity.site, self._identity.node
        client.subscribe([(topic(site, node, kind), 1) for kind in _DOWN])

    def _on_subscribe(
        self, _client: Client, _data: Any, _id: int, reasons: list[ReasonCode], _properties: Properties | None
    ) -> None:
        if any(reason.is_failure for reason in reasons):
            self._refuse("Not authorized")
        self._ready.set()

    def _on_disconnect(
        self, _client: Client, _data: Any, _flags: DisconnectFlags, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        if not self._ready.is_set():
            self._refuse(str(reason))
        self._inbox.put(Lost(f"{self._broker}: {reason}"))

    def _on_message(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        self._inbox.put(Arrived(message.topic.rpartition("/")[2], bytes(message.payload)))

    def _on_publish(
        self, _client: Client, _data: Any, _id: int, _reason: ReasonCode, _properties: Properties | None
    ) -> None:
        now = mono_ms()
        if now - self._alive_ms >= _SIGN_MS:
            self._alive_ms = now
            self._inbox.put(Arrived("puback", b""))

    def _objection(self) -> str:
        """What the broker has against this node's certificate: it hangs up, and paho does not say why."""
        if self._tls is None or self._refusal in _DENIED:
            return ""
        return rejection(*self._address, self._tls)

    def _refuse(self, reason: str) -> None:
        self._refusal = self._refusal or reason
        self._ready.set()


def _no_delay(_client: Client, _data: Any, sock: Any) -> None:
    # Without it the kernel gathers small packets, and a receipt takes 80 ms instead of 20.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
