"""Both brokers, as the gateway configures them: each node speaks and hears for itself alone, a revoked one no more."""

from __future__ import annotations

import queue
import re
import shutil
import socket
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from support.gateway import write_config
from support.mqtt import PREFIX as T
from support.mqtt import Peer
from support.secure import MOSQUITTO, NATS, SecureBroker, gateway_command
from support.waiting import eventually
from zhian_edge.delivery.credentials import Certificate
from zhian_edge.delivery.link import Arrived, Inbox, Link, Lost
from zhian_edge.delivery.outbox import Identity
from zhian_edge.delivery.papers import Papers
from zhian_gateway.authority import certificates
from zhian_gateway.authority.broker_lists import BrokerLists
from zhian_gateway.authority.office import Authority, open_authority
from zhian_gateway.config import load
from zhian_gateway.config_types import Broker as Settings
from zhian_gateway.ingest.brokers import Brokers
from zhian_gateway.nodes import identity
from zhian_gateway.services import Services, open_services
from zhian_wire.topics import client_of

A, B = "gate-a", "gate.b"


class Site:
    """A broker, and what the gateway keeps of its nodes."""

    def __init__(self, folder: Path, server: str) -> None:
        self.folder = folder
        self.broker = SecureBroker(folder / "broker", server)
        more = f"""[authority]
names = ["localhost"]
broker = "{server}"
broker_files = "broker"
broker_pid_file = "broker/pid"
"""
        config = write_config(folder, "mqtt://127.0.0.1:1", more=more)
        self.parts: Services = open_services(load(config), publish=lambda *_: None)
        settings = self.parts.config.authority
        assert settings is not None
        self.office: Authority = open_authority(Path(settings.home), "school", self.parts.clock())
        self.papers = {node: self._certify(node) for node in (A, B)}
        where = ("--host", "127.0.0.1", "--port", str(self.broker.port), "--config", config)
        gateway_command("broker", "config", server, "--out", folder / "broker", *where)
        self.lists = BrokerLists(self.parts, self.office, settings)
        self.broker.start()
        self.peers: list[Peer] = []

    def _certify(self, node: str) -> Path:
        """It joins, or joins anew."""
        key = certificates.new_key()
        with self.parts.store.write() as link:
            generation = identity.next_generation(link, "school", node, self.parts.now())
            made = self.office.sign_node(request_for(key), node, self.parts.clock(), generation)
            shown = certificates.shown_by(made.public_bytes(Encoding.DER))
            identity.certify(link, shown=shown, now=self.parts.now(), joins=True)
        path = self.folder / f"{node}.{generation}.pem"
        path.write_bytes(certificates.pem_key(key) + certificates.pem(made))
        return path

    def gateway(self) -> Peer:
        pair = self.office.gateway_file(["localhost"], self.parts.clock())
        return self.peer(pair, ["+/event", "+/state", "+/answer"])

    def node(self, node: str, hears: list[str] | None = None, **login: str) -> Peer:
        own = [f"{node}/receipt", f"{node}/command", f"{node}/roster"]
        return self.peer(self.papers[node], own if hears is None else hears, **login)

    def peer(self, pair: Path | None, hears: list[str], **login: str) -> Peer:
        self.peers.append(Peer(self.broker.port, self.office.shown, pair, hears, **login))
        return self.peers[-1]

    def revoke(self, node: str) -> None:
        """Long enough ago that its last words are over."""
        long_ago = "2026-01-01T00:00:00.000Z"
        with self.parts.store.write() as link:
            identity.revoke(link, site="school", node=node, now=long_ago, who="test")
        assert self.lists.step() == 1

    def close(self) -> None:
        for peer in self.peers:
            peer.close()
        self.broker.kill()
        self.parts.store.close()


def request_for(key: certificates.Key) -> bytes:
    from zhian_edge.delivery.papers import request_for as make  # noqa: PLC0415 - the node's own way

    return make(key, "anything", "at all").encode()


@pytest.fixture(params=[MOSQUITTO, NATS])
def site(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Site]:
    one = Site(tmp_path, request.param)
    yield one
    one.close()


def test_a_node_and_its_gateway_hear_each_other(site: Site) -> None:
    gateway, node, dotted = site.gateway(), site.node(A), site.node(B)
    assert gateway.granted == node.granted == dotted.granted == [True] * 3
    for name, peer in ((A, node), (B, dotted)):
        for kind in ("event", "state", "answer"):
            peer.say(f"{name}/{kind}", b"up")
            assert gateway.hear() == (f"{name}/{kind}", b"up")
        for kind in ("receipt", "command", "roster"):
            gateway.say(f"{name}/{kind}", b"down")
            assert peer.hear() == (f"{name}/{kind}", b"down")


def test_a_node_cannot_speak_as_another_or_as_the_gateway(site: Site) -> None:
    gateway, liar, other = site.gateway(), site.node(A), site.node(B)
    for kind in ("event", "state", "answer", "receipt", "command", "roster"):
        liar.say(f"{B}/{kind}", b"forged")
    liar.say(f"{A}/receipt", b"forged")
    liar.say(f"{A}/event", b"true")
    gateway.say(f"{B}/receipt", b"true")
    assert gateway.hear() == (f"{A}/event", b"true")
    assert other.hear() == (f"{B}/receipt", b"true")
    assert gateway.got.empty() and other.got.empty() and liar.got.empty()


def test_a_node_cannot_read_what_is_anothers(site: Site) -> None:
    gateway = site.gateway()
    spy = site.node(A, ["+/receipt", "+/command", "+/roster", f"{B}/receipt", f"{B}/event", f"{A}/#", "#"])
    if site.broker.server == NATS:
        # It refuses at once what it does not allow; only a node's own topics are left.
        assert not any(spy.granted[:5])
    own = site.node(B)
    for kind in ("receipt", "command", "roster"):
        gateway.say(f"{B}/{kind}", b"secret")
        own.hear()
    own.say(f"{B}/event", b"secret")
    gateway.hear()
    gateway.say(f"{A}/receipt", b"mine")
    told = [spy.hear()[1] for _ in range(1 if site.broker.server == MOSQUITTO else 0)]
    assert set(told) <= {b"mine"}
    assert b"secret" not in [body for _, body in list(spy.got.queue)]


def test_no_name_that_a_node_gives_itself_counts(site: Site) -> None:
    gateway = site.gateway()
    for user in (f"school/{B}", f"zhian:school/{B}", "gateway"):
        liar = site.node(A, user=user)
        liar.say(f"{B}/event", b"forged")
        liar.say(f"{A}/event", b"true")
        assert gateway.hear() == (f"{A}/event", b"true")
        liar.close()


class Own:
    """The gateway's own link to the broker, and the node B's, as they run at a site."""

    def __init__(self, site: Site) -> None:
        self.heard: queue.Queue[tuple[str, bytes]] = queue.Queue()
        self.opened: list[None] = []
        tls = site.office.trusting(["localhost"], site.parts.clock())
        self.gateway = Brokers(Settings(url=site.broker.url), "school", tls)
        self.gateway.known_as(client_of(site.parts.store.key))
        self.gateway.on("event", lambda node, body, _kept: self.heard.put((node, body)))
        self.gateway.when_connected(lambda: self.opened.append(None))
        self.gateway.start()
        eventually(lambda: self.gateway.connected, "the gateway's connection")
        self.papers = papers_of(site, B)
        self.inbox: Inbox = queue.SimpleQueue()
        self.node = self.link(site, B)

    def link(self, site: Site, node: str) -> Link:
        identity = Identity("school", node, ZoneInfo("UTC"))
        return Link(site.broker.url, identity, Certificate(node, papers_of(site, node)), self.inbox)

    def speak(self) -> None:
        """Each hears the other over the connection that it has had from the beginning."""
        self.node.publish("event", b"up")
        assert self.heard.get(timeout=10) == (B, b"up")
        self.gateway.publish(B, "receipt", b"down")
        while (said := self.inbox.get(timeout=10)) != Arrived("receipt", b"down"):
            assert not isinstance(said, Lost)
        assert len(self.opened) == 1

    def close(self) -> None:
        self.node.close()
        self.gateway.stop()


def papers_of(site: Site, node: str) -> Papers:
    """As they lie at the node."""
    papers = Papers(site.folder / f"{node} home")
    papers.pair.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(site.office.shown, papers.authority)
    shutil.copy(site.papers[node], papers.pair)
    papers.pair.chmod(0o600)
    return papers


def test_no_client_id_that_a_node_can_think_of_throws_another_or_the_gateway_out(site: Site) -> None:
    own = Own(site)
    try:
        own.speak()
        its_own = papers_of(site, A).client()
        of_store = client_of(b"another store's key")
        for tail in ("", "-", f"-{its_own}", f"-{of_store}", "-doctor"):
            for name in ("zhian-school-gate%b", "gateway-school"):
                liar = site.node(A, client_id=f"{name}{tail}")
                assert liar.granted == [True] * 3
                own.speak()
                liar.close()
    finally:
        own.close()


def test_a_new_certificate_of_a_node_is_a_new_client_id(site: Site) -> None:
    before = papers_of(site, A).client()
    assert papers_of(site, A).client() == before != papers_of(site, B).client()
    site.papers[A] = site._certify(A)
    assert papers_of(site, A).client() != before


def test_what_a_node_is_sent_is_not_read_on_its_way_inside_the_broker(site: Site) -> None:
    gateway, own = site.gateway(), site.node(B)
    spy = site.node(A, ["$MQTT/sub/#", "$MQTT/deliver/#", "$MQTT/#", "$SYS/#"])
    gateway.say(f"{B}/command", b"secret")
    own.hear()
    own.say(f"{B}/event", b"secret")
    gateway.hear()
    assert spy.got.empty()


def test_a_client_without_a_certificate_or_with_somebody_elses_is_refused(site: Site, tmp_path: Path) -> None:
    assert not site.peer(None, [f"{A}/receipt"]).up
    assert not site.peer(None, [f"{A}/receipt"], user=f"zhian:school/{A}").up
    other = open_authority(tmp_path / "other", "school", site.parts.clock())
    key = certificates.new_key()
    forged = tmp_path / "forged.pem"
    made = other.sign_node(request_for(key), A, site.parts.clock())
    forged.write_bytes(certificates.pem_key(key) + certificates.pem(made))
    assert not site.peer(forged, [f"{A}/receipt"]).up


def test_a_revoked_node_is_cut_at_once_and_the_others_are_not(site: Site) -> None:
    gateway, thief, honest = site.gateway(), site.node(B), site.node(A)
    site.revoke(B)

    rounds = count()

    def silent() -> bool:
        """Whether the gateway hears nothing of the thief any more, since the broker has read its lists again."""
        word = b"true %d" % next(rounds)
        thief.tries(f"{B}/event", b"stolen")
        honest.say(f"{A}/event", word)
        return gateway.hears_until(word) == []

    eventually(silent, "the end of the thief's words")
    gateway.say(f"{B}/command", b"secret")
    gateway.say(f"{A}/command", b"mine")
    assert honest.hear() == (f"{A}/command", b"mine")
    assert thief.got.empty()
    assert not site.node(B).up
    assert honest.up and gateway.up
    assert site.node(A).granted == [True] * 3


def test_the_certificate_of_a_machine_that_was_replaced_opens_nothing(site: Site) -> None:
    gateway, stolen = site.gateway(), site.node(A)
    before = site.papers[A]
    site.papers[A] = site._certify(A)
    assert site.lists.step() == 1

    rounds = count()

    def silent() -> bool:
        """Whether the gateway hears the new machine alone, since the broker has read its lists again."""
        word = b"true %d" % next(rounds)
        stolen.tries(f"{A}/event", b"stolen")
        honest = site.node(A)
        if not honest.up:
            return False
        honest.say(f"{A}/event", word)
        return gateway.hears_until(word) == []

    eventually(silent, "the end of the old machine's words")
    honest = site.node(A)
    assert honest.granted == [True] * 3
    thief = site.peer(before, [f"{A}/command"])
    if thief.up:
        thief.tries(f"{A}/event", b"stolen")
    honest.say(f"{A}/event", b"true")
    assert gateway.hears_until(b"true") == []
    assert not thief.up


def test_a_node_that_joined_since_is_let_in_without_a_restart(site: Site) -> None:
    site.papers["gate-c"] = site._certify("gate-c")
    site.lists.step()
    gateway = site.gateway()

    def heard() -> bool:
        node = site.node("gate-c")
        if not node.up:
            return False
        node.say("gate-c/event", b"new")
        try:
            return gateway.got.get(timeout=0.5) == (f"{T}/gate-c/event", b"new")
        except queue.Empty:
            return False

    eventually(heard, "the new node's first words")


@pytest.mark.parametrize("user", ["", f"zhian:school/{A}", "zhian:gateway"])
def test_nats_serves_nobody_by_its_own_protocol(tmp_path: Path, user: str) -> None:
    """Nobody has a password there, and an account without one must not be anybody's who names it."""
    site = Site(tmp_path, NATS)
    try:
        found = re.search(r"Listening for client connections on 127.0.0.1:(\d+)", site.broker.log())
        assert found
        with socket.create_connection(("127.0.0.1", int(found[1])), 5) as line, line.makefile("rb") as answers:
            line.sendall(f'CONNECT {{"user": "{user}", "pass": "", "verbose": true}}\r\nPING\r\n'.encode())
            assert answers.readline().startswith(b"INFO")
            assert b"Authorization Violation" in answers.readline()
    finally:
        site.close()
