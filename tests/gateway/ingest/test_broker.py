"""What the broker is asked to repeat until the gateway has it, against the real one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion
from support.broker import Broker
from support.waiting import eventually
from zhian_gateway.config_types import Broker as Settings
from zhian_gateway.ingest.broker import BrokerLink
from zhian_gateway.operations.vitals import Vitals
from zhian_wire import topics

#: nats-server lets so many wait for one client's word, in all.
SESSION = 1024


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    # What it puts off is not seen again while the test runs.
    made = Broker(tmp_path / "broker", ack_wait="1h").start()
    yield made
    made.kill()


def test_no_event_waits_because_of_heart_beats_that_came_while_there_was_no_room(broker: Broker) -> None:
    events: list[bytes] = []
    beats: list[bytes] = []
    has_room = [True]
    url = f"mqtt://127.0.0.1:{broker.port}"
    link = BrokerLink(url, Settings(url=url), "school")
    link.on("event", lambda _node, body, _retained: events.append(body))
    link.on("state", lambda _node, body, _retained: beats.append(body))
    link.only_with(lambda: has_room[0])
    link.start()
    node = Client(CallbackAPIVersion.VERSION2)
    node.connect("127.0.0.1", broker.port)
    node.loop_start()

    def say(kind: topics.Up, number: int) -> Callable[[], bool]:
        return node.publish(topics.topic("school", "gate-1", kind), str(number).encode(), qos=1).is_published

    try:
        eventually(lambda: link.connected, "the link")
        say("state", -1)
        eventually(lambda: bool(beats), "the subscriptions")
        has_room[0] = False
        kinds: list[topics.Up] = ["state", "event"]
        taken = [say(kind, number) for number in range(SESSION) for kind in kinds]
        eventually(lambda: all(each() for each in taken), "the broker's word for all of them")
        has_room[0] = True
        eventually(lambda: len(events) == SESSION, "every event")
        eventually(lambda: beats[-1] == str(SESSION - 1).encode(), "the last heart-beat")
    finally:
        node.disconnect()
        node.loop_stop()
        link.stop()


def test_a_second_outage_is_as_old_as_itself_even_if_nobody_asked_in_between(broker: Broker) -> None:
    link = BrokerLink(broker.url, Settings(url=broker.url), "school")
    vitals = Vitals()
    vitals.follow_brokers(lambda: [link.away_since])
    link.start()
    try:
        eventually(lambda: link.connected, "the link")
        broker.kill()
        eventually(lambda: not link.connected, "the first outage")
        broker.start()
        eventually(lambda: link.connected, "the link again")
        second = time.monotonic()
        broker.kill()
        eventually(lambda: bool(vitals.broker_lost_s()), "the second outage")
        lost = vitals.broker_lost_s()
        assert lost is not None
        assert 0 < lost <= time.monotonic() - second
        assert vitals.brokers() == (0, 1)
    finally:
        link.stop()
