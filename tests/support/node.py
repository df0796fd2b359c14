"""A node's end of the broker, as simple as can be: it publishes and remembers what it is told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion
from zhian_wire import codec, topics
from zhian_wire.commands import Answer, Command
from zhian_wire.events import Event
from zhian_wire.receipts import Receipt
from zhian_wire.state import NodeState

from .waiting import eventually


class NodeClient:
    """Publishes as `node`; `receipts` and `commands` grow as they come."""

    def __init__(self, port: int, node: str, site: str = "school", password: str = "") -> None:
        self.node = node
        self.site = site
        self.receipts: list[Receipt] = []
        self.commands: list[Command] = []
        self.rosters: list[bytes] = []
        #: What is answered to a command; None: nothing.
        self.heed: Callable[[Command], Answer | None] = lambda _command: None
        self._subscribed = threading.Event()
        self._client = Client(CallbackAPIVersion.VERSION2, client_id=f"test-{node}")
        if password:
            self._client.username_pw_set(node, password)
        self._client.reconnect_delay_set(1, 1)
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.on_message = self._on_message
        self._client.connect_async("127.0.0.1", port)
        self._client.loop_start()
        eventually(self._subscribed.is_set, f"{node}'s subscription")

    def publish(self, *events: Event) -> None:
        """Send events as they are."""
        for event in events:
            self.send(codec.encode(event))

    def send(self, body: bytes) -> None:
        """Send bytes by this node's event topic."""
        self._client.publish(topics.topic(self.site, self.node, "event"), body, qos=1)

    def say(self, state: NodeState) -> None:
        """Send a heart-beat."""
        self._client.publish(topics.topic(self.site, self.node, "state"), codec.encode_message(state), retain=True)

    def answer(self, answer: Answer) -> None:
        """Say what became of a command."""
        self._client.publish(topics.topic(self.site, self.node, "answer"), codec.encode_message(answer), qos=1)

    def wait_through(self, seq: int, epoch: str = "e1") -> Receipt:
        """The first receipt that says that everything up to `seq` is stored."""

        def look() -> Receipt | None:
            return next((r for r in self.receipts if r.epoch == epoch and r.through >= seq), None)

        found = eventually(look, f"a receipt through {seq}")
        assert found is not None
        return found

    def close(self) -> None:
        """Hang up."""
        self._client.disconnect()
        self._client.loop_stop()

    def _on_connect(self, client: Client, *_: Any) -> None:
        client.subscribe([(topics.topic(self.site, self.node, kind), 1) for kind in ("receipt", "command", "roster")])

    def _on_message(self, _client: Client, _data: Any, message: Any) -> None:
        kind = topics.parse(message.topic).kind
        if kind == "receipt":
            self.receipts.append(codec.decode_message(message.payload, Receipt))
        elif kind == "command":
            command: Command = codec.decode_message(message.payload, Command)
            self.commands.append(command)
            told = self.heed(command)
            if told is not None:
                self.answer(told)
        else:
            self.rosters.append(message.payload)
