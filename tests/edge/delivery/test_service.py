"""Over real brokers: what was decided arrives once, whatever becomes of the broker in between."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from zhian_edge.delivery.courier import Courier
from zhian_edge.delivery.credentials import Nameless, TokenFile
from zhian_edge.delivery.database import Database
from zhian_edge.delivery.link import Link
from zhian_edge.delivery.orders import Orders
from zhian_edge.delivery.outbox import Outbox, Outcome
from zhian_edge.delivery.service import Calls, Delivery
from zhian_edge.delivery.window import Window
from zhian_edge.errors import BadSecret, LinkLost, LinkRefused, NotWritten
from zhian_edge.process.supervisor import RetryPolicy, Supervisor
from zhian_wire.codec import decode_message, encode_message
from zhian_wire.commands import Answer, CheckConfiguration, LetPass, Resend, RosterNotice, SetLane, SignCount, Wipe
from zhian_wire.receipts import Receipt
from zhian_wire.state import NodeState
from zhian_wire.times import to_text

from ...support.broker import Broker
from ...support.ports import free_port
from ...support.waiting import eventually
from .brokers import Confining, Mosquitto
from .peers import IDENTITY, WALL_MS, FakeGateway, alert, drafts, passage

FAST = RetryPolicy(first_s=0.05, longest_s=0.2, refused_s=0.2)


class Node:
    """The delivery part of a node, with a real outbox."""

    def __init__(
        self, folder: Path, *brokers: str, credentials: Any = None, deaf_ms: int = 60_000, configure: Any = None
    ) -> None:
        database = Database(folder / "node.sqlite3")
        self.database = database
        self.outbox = Outbox(database, IDENTITY)
        self.changed = threading.Condition()
        self.outcomes: list[Outcome] = []
        self.rosters: list[int] = []
        orders = Orders(
            database,
            self.outbox,
            watch=lambda _: False,
            listen=lambda _: False,
            set_lane=lambda _: "",
            let_pass=lambda _: "",
            take_back=lambda _: "",
            sound=lambda _command: 0,
            wipe=lambda: None,
            now_ms=lambda: WALL_MS,
            configure=configure,
        )
        calls = Calls(self._state, lambda: WALL_MS, self._settled, self._roster)
        courier = Courier(self.outbox, Window(16, 300))
        self.delivery = Delivery(
            brokers,
            IDENTITY,
            credentials or Nameless("gate"),
            courier=courier,
            orders=orders,
            calls=calls,
            deaf_ms=deaf_ms,
        )
        self.supervisor = Supervisor(self.delivery, lambda _: None, policy=FAST)

    def decide(self, *data: Any) -> None:
        self.outbox.commit(drafts(*data))
        self.delivery.wake()

    def wait(self, done: Callable[[], bool]) -> None:
        with self.changed:
            assert self.changed.wait_for(done, 20)

    def wait_until_settled(self) -> None:
        self.wait(lambda: self.outbox.open_count() == 0)

    def close(self) -> None:
        assert self.supervisor.stop()
        self.database.close()

    def _state(self) -> NodeState:
        return NodeState(node="gate", epoch=self.outbox.epoch, seq=self.outbox.seq, time="", version="0")

    def _settled(self, outcome: Outcome) -> None:
        with self.changed:
            self.outcomes.append(outcome)
            self.changed.notify_all()

    def _roster(self, version: int) -> None:
        with self.changed:
            self.rosters.append(version)
            self.changed.notify_all()


class Gateway:
    """A `FakeGateway` on a real broker. It drops the first `deaf` events, and is told everything else."""

    def __init__(self, port: int, deaf: int = 0) -> None:
        self.fake = FakeGateway()
        self.states: list[NodeState] = []
        self.answers: list[Answer] = []
        self.changed = threading.Condition()
        self._deaf = deaf
        self._client = Client(CallbackAPIVersion.VERSION2, client_id="gateway", protocol=MQTTProtocolVersion.MQTTv311)
        self._client.reconnect_delay_set(1, 1)
        self._client.on_message = self._on_message
        self._client.on_connect = lambda client, *_: client.subscribe("zhian/v1/school/+/+", 1)
        subscribed = threading.Event()
        self._client.on_subscribe = lambda *_: subscribed.set()
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        assert subscribed.wait(5)

    def send(self, kind: str, message: Any) -> None:
        self._client.publish(f"zhian/v1/school/gate/{kind}", encode_message(message), qos=1)

    def be_deaf(self, count: int) -> None:
        """Drop so many events."""
        with self.changed:
            self._deaf = count

    def wait(self, done: Callable[[], bool]) -> None:
        with self.changed:
            assert self.changed.wait_for(done, 20)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()
        # paho closes its sockets when it is collected, which a reference from here to it would delay.
        self._client.on_message = self._client.on_connect = self._client.on_subscribe = None

    def _on_message(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        kind = message.topic.rpartition("/")[2]
        with self.changed:
            if kind == "event" and self._deaf:
                self._deaf -= 1
            elif kind == "event":
                self.send("receipt", self.fake.take(bytes(message.payload)))
            elif kind == "state":
                self.states.append(decode_message(bytes(message.payload), NodeState))
            elif kind == "answer":
                self.answers.append(decode_message(bytes(message.payload), Answer))
            self.changed.notify_all()


@pytest.fixture(params=[Broker, Mosquitto], ids=["nats", "mosquitto"])
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Broker]:
    server: Broker = request.param(tmp_path)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def gateway(broker: Broker) -> Iterator[Gateway]:
    peer = Gateway(broker.port)
    yield peer
    peer.close()


@pytest.fixture
def node(broker: Broker, tmp_path: Path) -> Iterator[Node]:
    one = Node(tmp_path, broker.url)
    yield one
    one.close()


def test_everything_decided_is_stored_and_receipted(gateway: Gateway, node: Node) -> None:
    node.decide(*[passage(f"{n:03}") for n in range(50)], alert())
    node.supervisor.start()
    node.wait_until_settled()
    assert gateway.fake.sources() == [f"{n:03}" for n in range(50)]


def test_a_broker_that_is_killed_and_forgets_everything_loses_nothing(
    broker: Broker, gateway: Gateway, node: Node
) -> None:
    node.supervisor.start()
    node.decide(*[passage(f"a{n:03}") for n in range(30)])
    broker.kill()
    node.decide(*[passage(f"b{n:03}") for n in range(30)])
    broker.start()
    node.wait_until_settled()
    assert gateway.fake.sources() == [f"{which}{n:03}" for which in "ab" for n in range(30)]
    assert gateway.fake.holes() == []


def test_what_is_not_receipted_is_sent_again_although_the_broker_took_it(broker: Broker, node: Node) -> None:
    peer = Gateway(broker.port, deaf=2)
    node.supervisor.start()
    node.decide(*[passage(f"{n}") for n in range(9)])
    node.wait_until_settled()
    assert peer.fake.sources() == [f"{n}" for n in range(9)]
    peer.close()


def test_events_that_nobody_receipts_are_counted_as_unanswered_and_answered_ones_are_not(
    broker: Broker, node: Node
) -> None:
    assert node.delivery.unanswered_ms == 0, "no link"
    peer = Gateway(broker.port, deaf=10_000)
    node.supervisor.start()
    node.decide(passage())
    eventually(lambda: node.delivery.unanswered_ms > 1000, "a second without an answer")
    assert node.delivery.linked
    peer.be_deaf(0)
    node.wait_until_settled()
    eventually(lambda: node.delivery.unanswered_ms < 1000, "the answer")
    peer.close()


def test_words_that_follow_an_alert_are_borne_by_the_broker(
    gateway: Gateway, node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoken = threading.Semaphore(0)
    nudge = Link.nudge

    def said(link: Link) -> None:
        nudge(link)
        spoken.release()

    monkeypatch.setattr(Link, "nudge", said)
    node.supervisor.start()
    node.decide(passage())
    node.wait_until_settled()
    gateway.be_deaf(1)
    node.decide(alert())
    assert all(spoken.acquire(timeout=10) for _ in range(3))
    node.wait_until_settled()
    assert node.supervisor.status().opened == 1, "the link was interrupted"


def test_the_next_broker_of_the_list_takes_over(broker: Broker, gateway: Gateway, tmp_path: Path) -> None:
    node = Node(tmp_path, f"mqtt://127.0.0.1:{free_port()}", broker.url)
    node.supervisor.start()
    node.decide(passage("a"))
    node.wait_until_settled()
    node.close()


def test_a_broker_at_which_no_gateway_listens_is_left_for_the_next(
    broker: Broker, gateway: Gateway, tmp_path: Path
) -> None:
    alone = Broker(tmp_path / "alone").start()
    node = Node(tmp_path, alone.url, broker.url, deaf_ms=300)
    node.supervisor.start()
    node.decide(passage("a"))
    node.wait_until_settled()
    node.close()
    alone.kill()


def test_the_heart_beat_says_where_the_node_stands(gateway: Gateway, node: Node) -> None:
    node.outbox.commit(drafts(passage()))
    node.supervisor.start()
    gateway.wait(lambda: bool(gateway.states))
    assert (gateway.states[0].epoch, gateway.states[0].seq) == (node.outbox.epoch, 1)


def test_the_last_word_says_that_nothing_is_left(gateway: Gateway, node: Node) -> None:
    node.supervisor.start()
    node.decide(passage())
    node.wait_until_settled()
    assert node.supervisor.stop()
    gateway.wait(lambda: gateway.states[-1].outbox == 0 and gateway.states[-1].seq == 1)


def test_commands_are_done_once_and_answered_as_often_as_they_come(gateway: Gateway, node: Node) -> None:
    node.outbox.commit(drafts(passage(), passage()))
    node.supervisor.start()
    node.wait_until_settled()
    expires = to_text(datetime.fromtimestamp(WALL_MS / 1000, UTC) + timedelta(minutes=1))
    again = Resend(id="c1", expires=expires, who="gateway", epoch=node.outbox.epoch, ranges=((1, 2),))
    for command in (again, again, SignCount(id="c2", expires=expires, who="gateway", day="2026-03-01")):
        gateway.send("command", command)
    gateway.wait(lambda: len(gateway.answers) == 3)
    node.wait_until_settled()
    assert [answer.data for answer in gateway.answers] == [
        {"reopened": 2},
        {"reopened": 2},
        {"day": "2026-03-01", "decided": 2, node.outbox.epoch: 2},
    ]


def test_whatever_was_moved_on_a_day_is_one_part_of_the_nodes_count(gateway: Gateway, node: Node) -> None:
    node.outbox.commit(drafts(passage(), passage()))
    old = node.outbox.epoch
    node.outbox.sending([(old, 2)])
    proof = dict.fromkeys((1, 2), "0" * 16)
    taken = Receipt(node="gate", epoch=old, through=2, highest=2, store_id="s", proof=proof)
    assert node.outbox.apply([taken], WALL_MS).moved == 2
    node.supervisor.start()
    expires = to_text(datetime.fromtimestamp(WALL_MS / 1000, UTC) + timedelta(minutes=1))
    gateway.wait(lambda: bool(gateway.states))
    gateway.send("command", SignCount(id="c", expires=expires, who="gateway", day="2026-03-01"))
    gateway.wait(lambda: bool(gateway.answers))
    assert gateway.answers[0].data == {"day": "2026-03-01", "decided": 2, old: 0, "moved": 2}


def test_a_wipe_is_answered_and_one_that_failed_is_tried_again(node: Node) -> None:
    tries: list[int] = []

    def wipe() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise OSError("read-only")

    orders = Orders(
        node.database,
        node.outbox,
        watch=lambda _: False,
        listen=lambda _: False,
        set_lane=lambda _: "",
        let_pass=lambda _: "",
        take_back=lambda _: "",
        sound=lambda _command: 0,
        wipe=wipe,
        now_ms=lambda: WALL_MS,
    )
    body = encode_message(Wipe(id="w", expires=to_text(datetime.fromtimestamp(WALL_MS / 1000, UTC)), who="gateway"))
    answers = [decode_message(orders.execute(body), Answer) for _ in range(3)]
    assert [(answer.id, answer.result) for answer in answers] == [("w", "failed"), ("w", "done"), ("w", "done")]
    assert len(tries) == 2


@pytest.mark.parametrize(
    ("lane", "until_s", "result"), [("main", 60, "done"), ("yard", 60, "refused"), ("main", -1, "expired")]
)
def test_a_lane_is_brought_into_a_state_where_there_is_one_and_time_is_left(
    node: Node, lane: str, until_s: int, result: str
) -> None:
    brought: list[SetLane] = []

    def set_lane(command: SetLane) -> str:
        brought.append(command)
        return "" if command.lane == "main" else "no such lane"

    orders = Orders(
        node.database,
        node.outbox,
        watch=lambda _: False,
        listen=lambda _: False,
        set_lane=set_lane,
        let_pass=lambda _: "",
        take_back=lambda _: "",
        sound=lambda _command: 0,
        wipe=lambda: None,
        now_ms=lambda: WALL_MS,
    )
    now = datetime.fromtimestamp(WALL_MS / 1000, UTC)
    command = SetLane(
        id="s",
        expires=to_text(now),
        who="guard",
        lane=lane,
        state="locked",
        until=to_text(now + timedelta(seconds=until_s)),
    )
    answers = [decode_message(orders.execute(encode_message(command)), Answer) for _ in range(2)]
    assert [answer.result for answer in answers] == [result, result]
    assert len(brought) == (0 if result == "expired" else 1)


def test_an_order_that_is_not_on_the_disk_is_not_answered_done_and_may_be_sent_again(node: Node) -> None:
    tries: list[SetLane] = []

    def set_lane(command: SetLane) -> str:
        tries.append(command)
        if len(tries) == 1:
            raise NotWritten("disk full")
        return ""

    orders = Orders(
        node.database, node.outbox, watch=lambda _: False, listen=lambda _: False, set_lane=set_lane,
        let_pass=lambda _: "", take_back=lambda _: "", wipe=lambda: None, now_ms=lambda: WALL_MS,
        sound=lambda _command: 0,
    )  # fmt: skip
    soon = to_text(datetime.fromtimestamp(WALL_MS / 1000, UTC) + timedelta(seconds=5))
    command = SetLane(id="s", expires=soon, who="guard", lane="main", state="locked", until=soon)
    answers = [decode_message(orders.execute(encode_message(command)), Answer) for _ in range(3)]
    assert [(answer.result, answer.detail) for answer in answers] == [
        ("failed", "disk full"),
        ("done", ""),
        ("done", ""),
    ]
    assert len(tries) == 2


def test_somebody_whom_a_guard_let_pass_is_noted_once_where_there_is_such_a_lane(node: Node) -> None:
    noted: list[LetPass] = []

    def let_pass(command: LetPass) -> str:
        noted.append(command)
        return "" if command.lane == "main" else "no such lane"

    orders = Orders(
        node.database, node.outbox, watch=lambda _: False, listen=lambda _: False, set_lane=lambda _: "",
        let_pass=let_pass, take_back=lambda _: "", wipe=lambda: None, now_ms=lambda: WALL_MS,
        sound=lambda _command: 0,
    )  # fmt: skip
    soon = to_text(datetime.fromtimestamp(WALL_MS / 1000, UTC) + timedelta(seconds=5))
    for lane, result in (("main", "done"), ("yard", "refused")):
        command = LetPass(id=f"l-{lane}", expires=soon, who="guard", lane=lane, direction="in", person_id="p-1")
        answers = [decode_message(orders.execute(encode_message(command)), Answer) for _ in range(2)]
        assert [answer.result for answer in answers] == [result, result]
    assert [(command.lane, command.person_id) for command in noted] == [("main", "p-1"), ("yard", "p-1")]


def test_a_command_that_comes_too_late_is_not_done(gateway: Gateway, node: Node) -> None:
    node.supervisor.start()
    gateway.wait(lambda: bool(gateway.states))
    gateway.send("command", SignCount(id="c", expires="2020-01-01T00:00:00.000Z", who="gateway", day="2026-03-01"))
    gateway.wait(lambda: bool(gateway.answers))
    assert gateway.answers[0].result == "expired"


def test_a_roster_notice_and_rubbish_are_told_apart(gateway: Gateway, node: Node) -> None:
    node.supervisor.start()
    gateway.wait(lambda: bool(gateway.states))
    for kind in ("roster", "receipt", "command"):
        gateway.send(kind, Answer(id="rubbish", result="done"))
    gateway.send("roster", RosterNotice(version=42))
    node.wait(lambda: bool(node.rosters))
    assert node.rosters == [42]


def test_nobody_there_may_pass(tmp_path: Path) -> None:
    node = Node(tmp_path, f"mqtt://127.0.0.1:{free_port()}")
    with pytest.raises(LinkLost):
        node.delivery.open()
    node.database.close()


def test_a_wrong_token_is_refused_not_retried_like_a_lost_line(tmp_path: Path) -> None:
    broker = Confining(tmp_path, [{"user": "gate", "password": "right"}])
    broker.start()
    secret = tmp_path / "token"
    secret.write_text("wrong\n")
    secret.chmod(0o600)
    node = Node(tmp_path, broker.url, credentials=TokenFile("gate", secret))
    with pytest.raises(LinkRefused, match=r"Not authorized|Bad user name"):
        node.delivery.open()
    secret.write_text("right\n")
    node.delivery.open()
    node.delivery.close()
    broker.kill()
    node.database.close()


def test_a_publish_that_the_broker_acknowledges_and_drops_stays_open(tmp_path: Path) -> None:
    """Brokers acknowledge what they forbid; without a receipt the event is not delivered."""
    hears = {"publish": {"deny": ["zhian.>"]}, "subscribe": {"allow": [">"]}}
    broker = Confining(tmp_path, [{"user": "gate", "password": "t", "permissions": hears}])
    broker.start()
    secret = tmp_path / "token"
    secret.write_text("t")
    secret.chmod(0o600)
    node = Node(tmp_path, broker.url, credentials=TokenFile("gate", secret))
    node.delivery.open()
    node.decide(passage())
    for _ in range(3):
        node.delivery.step()
    assert node.outbox.open_count() == 1
    node.delivery.close()
    broker.kill()
    node.database.close()


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_token_that_others_may_read_is_refused_with_what_to_do(tmp_path: Path, mode: int) -> None:
    secret = tmp_path / "token"
    secret.write_text("t")
    secret.chmod(mode)
    with pytest.raises(BadSecret, match="chmod 600"):
        TokenFile("gate", secret).login()


def test_an_empty_or_missing_token_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSecret, match="cannot be read"):
        TokenFile("gate", tmp_path / "none").headers()
    (tmp_path / "token").write_text("\n")
    (tmp_path / "token").chmod(0o600)
    with pytest.raises(BadSecret, match="is empty"):
        TokenFile("gate", tmp_path / "token").headers()


def test_events_do_not_wait_while_a_configuration_is_judged(gateway: Gateway, broker: Broker, tmp_path: Path) -> None:
    judging, go_on = threading.Event(), threading.Event()

    def configure(command: CheckConfiguration) -> Answer:
        judging.set()
        assert go_on.wait(20)
        return Answer(id=command.id, result="done")

    node = Node(tmp_path, f"mqtt://127.0.0.1:{broker.port}", configure=configure)
    try:
        node.supervisor.start()
        gateway.wait(lambda: bool(gateway.states))
        soon = to_text(datetime.fromtimestamp(WALL_MS / 1000, UTC) + timedelta(seconds=5))
        gateway.send("command", CheckConfiguration(id="look", expires=soon, who="gateway", base="m", text=""))
        assert judging.wait(20)
        node.decide(alert())
        node.wait_until_settled()
        assert gateway.answers == []
        go_on.set()
        gateway.wait(lambda: bool(gateway.answers))
        assert [(each.id, each.result) for each in gateway.answers] == [("look", "done")]
    finally:
        go_on.set()
        node.close()
