"""The demo's broker, for real: each node speaks and hears for itself alone."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from demo_parts import broker
from demo_parts.processes import Process, listens, port, tool, wait_for

SECRETS = {"gateway": "g-secret", "gate-1": "one", "gate-2": "two"}
PATIENCE_S = 10


class Peer:
    """A client that is connected and whose subscription was answered."""

    def __init__(self, number: int, user: str, listen_to: str) -> None:
        self.heard: queue.Queue[bytes] = queue.Queue()
        self._granted: queue.Queue[bool] = queue.Queue()
        self._client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id=user, protocol=mqtt.MQTTv311)
        self._client.username_pw_set(user, SECRETS[user])
        self._client.on_message = lambda *args: self.heard.put(args[2].payload)
        self._client.on_subscribe = lambda *args: self._granted.put(not args[3][0].is_failure)
        self._client.on_connect = lambda *args: self._client.subscribe(listen_to, qos=1)
        self._client.connect("127.0.0.1", number)
        self._client.loop_start()
        self.granted = self._granted.get(timeout=PATIENCE_S)

    def say(self, topic: str, text: bytes) -> None:
        self._client.publish(topic, text, qos=1).wait_for_publish(PATIENCE_S)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@pytest.fixture
def number(tmp_path: Path) -> Iterator[int]:
    number = port(0)
    config = tmp_path / "broker.conf"
    nodes = {name: secret for name, secret in SECRETS.items() if name != "gateway"}
    config.write_text(
        broker.configuration(number, tmp_path / "store", "demo", ("gateway", SECRETS["gateway"]), nodes), "utf-8"
    )
    server = Process("broker", [tool("nats-server"), "-c", config], tmp_path / "log")
    try:
        wait_for("the broker's start", lambda: listens(number), [server])
        yield number
    finally:
        server.stop()


def test_a_node_is_heard_for_itself_and_cannot_speak_for_another(number: int) -> None:
    gateway = Peer(number, "gateway", "zhian/v1/demo/+/event")
    two = Peer(number, "gate-2", "zhian/v1/demo/gate-2/receipt")
    two.say("zhian/v1/demo/gate-1/event", b"forged")
    two.say("zhian/v1/demo/gate-2/event", b"own")
    assert gateway.heard.get(timeout=PATIENCE_S) == b"own"
    assert gateway.heard.empty()
    gateway.close()
    two.close()


def test_a_node_hears_its_own_receipts_and_may_not_ask_for_anothers(number: int) -> None:
    gateway = Peer(number, "gateway", "zhian/v1/demo/+/event")
    thief = Peer(number, "gate-2", "zhian/v1/demo/gate-1/receipt")
    one = Peer(number, "gate-1", "zhian/v1/demo/gate-1/receipt")
    assert (thief.granted, one.granted) == (False, True)
    gateway.say("zhian/v1/demo/gate-1/receipt", b"through 7")
    assert one.heard.get(timeout=PATIENCE_S) == b"through 7"
    for peer in (gateway, thief, one):
        peer.close()
