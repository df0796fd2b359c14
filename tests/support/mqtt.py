"""A bare MQTT client with a certificate: what a node, a gateway or a thief of either's papers can say and hear."""

from __future__ import annotations

import queue
import ssl
import threading
from pathlib import Path
from typing import Any

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

from .waiting import eventually

#: Of all topics of the site.
PREFIX = "zhian/v1/school"


class Peer:
    """A client of a broker with a certificate, or none; what it was told."""

    def __init__(self, port: int, authority: Path, pair: Path | None, hears: list[str], **login: str) -> None:
        """`hears`: topics below the site's; one with a dollar is the broker's own."""
        self.got: queue.Queue[tuple[str, bytes]] = queue.Queue()
        self.granted: list[bool] = []
        self.ended = threading.Event()
        self._ready = threading.Event()
        self._hears = [topic if topic.startswith("$") else f"{PREFIX}/{topic}" for topic in hears]
        client = self.client = Client(
            CallbackAPIVersion.VERSION2, client_id=login.get("client_id", ""), reconnect_on_failure=False
        )
        context = ssl.create_default_context(cafile=authority)
        if pair is not None:
            context.load_cert_chain(pair)
        client.tls_set_context(context)
        if "user" in login:
            client.username_pw_set(login["user"], "")
        client.on_connect = self._connected
        client.on_subscribe = self._subscribed
        client.on_message = lambda _c, _d, message: self.got.put((message.topic, bytes(message.payload)))
        client.on_disconnect = lambda *_: (self.ended.set(), self._ready.set())
        client.connect("localhost", port, keepalive=5)
        client.loop_start()
        assert self._ready.wait(10)

    @property
    def up(self) -> bool:
        """Whether the broker has not hung up."""
        return not self.ended.is_set()

    def say(self, topic: str, body: bytes) -> None:
        """Publish below the site's topics, and wait for the broker's word."""
        self.client.publish(f"{PREFIX}/{topic}", body, qos=1).wait_for_publish(10)

    def tries(self, topic: str, body: bytes) -> None:
        """Publish below the site's topics, and wait for the broker's word or for its end."""
        said = self.client.publish(f"{PREFIX}/{topic}", body, qos=1)
        if said.rc == MQTTErrorCode.MQTT_ERR_SUCCESS:
            eventually(lambda: said.is_published() or self.ended.is_set(), "the broker's word")

    def hears_until(self, body: bytes) -> list[bytes]:
        """What is heard before a message that says `body`."""
        heard = []
        while (said := self.hear()[1]) != body:
            heard.append(said)
        return heard

    def hear(self) -> tuple[str, bytes]:
        """The next message: its topic below the site's, and what it says."""
        topic, body = self.got.get(timeout=10)
        return topic.removeprefix(f"{PREFIX}/"), body

    def close(self) -> None:
        """Hang up."""
        self.client.disconnect()
        self.client.loop_stop()

    def _connected(self, client: Client, _data: Any, _flags: Any, reason: Any, _props: Any) -> None:
        if not reason.is_failure:
            client.subscribe([(topic, 1) for topic in self._hears])

    def _subscribed(self, _client: Any, _data: Any, _mid: int, reasons: list[Any], _props: Any) -> None:
        self.granted = [not reason.is_failure for reason in reasons]
        self._ready.set()
