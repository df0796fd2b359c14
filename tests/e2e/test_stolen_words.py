"""Who recorded what a node said or was told, or holds its certificate, can neither add, change nor hide an event."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import func, select
from zhian_edge.gate import DATABASE
from zhian_gateway.authority.office import open_authority
from zhian_gateway.store.tables import alerts, events, passages
from zhian_wire.codec import decode, decode_message, encode_message
from zhian_wire.receipts import Receipt, proof_of

from ..support.gates import running
from ..support.mqtt import Peer
from ..support.secure import MOSQUITTO, NATS, SecureSite
from ..support.waiting import eventually
from .test_certificates import Node, decide


@pytest.fixture(scope="module", params=[MOSQUITTO, pytest.param(NATS, marks=pytest.mark.slow)])
def site(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[SecureSite]:
    one = SecureSite(tmp_path_factory.mktemp(request.param), request.param)
    try:
        yield one.start()
    finally:
        one.kill()


@pytest.fixture
def peer(site: SecureSite) -> Iterator[Callable[..., Peer]]:
    """`peer(pair, *hears)`: somebody with that certificate."""
    made: list[Peer] = []

    def make(pair: Path, *hears: str) -> Peer:
        authority = open_authority(site.folder / "gateway" / "authority", "school", datetime.now(UTC))
        made.append(Peer(site.broker.port, authority.shown, pair, list(hears)))
        return made[-1]

    yield make
    for each in made:
        each.close()


def delivered(site: SecureSite) -> tuple[Node, bytes]:
    """A node that has told of its first passage and is off; the passage's bytes, as anybody may have recorded them."""
    node = Node(site)
    with node.delivering() as gate:
        eventually(lambda: gate.state().outbox == 0, "the receipt")
    with closing(sqlite3.connect(node.folder / "node" / DATABASE)) as db:
        bodies = [body for (body,) in db.execute("SELECT body FROM event")]
    (body,) = [body for body in bodies if b'"first"' in body]
    return node, body


def held(site: SecureSite) -> tuple[list[bytes], int]:
    """Every event's bytes; how many passages there are."""
    with site.gateway.services() as parts, parts.store.read() as link:
        bodies = sorted(bytes(body) for body in link.execute(select(events.c.body)).scalars())
        return bodies, link.execute(select(func.count()).select_from(passages)).scalar_one()


def cases(site: SecureSite) -> set[tuple[str, str]]:
    """Node and kind of each."""
    with site.gateway.services() as parts, parts.store.read() as link:
        return {(row.node, row.kind) for row in link.execute(select(alerts.c.node, alerts.c.kind))}


def heard(thief: Peer) -> Receipt:
    found: Receipt = decode_message(thief.hear()[1], Receipt)
    return found


def test_an_event_that_is_replayed_is_stored_once_and_moves_nothing(
    site: SecureSite, peer: Callable[..., Peer]
) -> None:
    node, body = delivered(site)
    other = Node(site).join()
    before = held(site)
    thief = peer(node.papers.pair, f"{node.name}/receipt")
    event = decode(body)
    for _ in range(3):
        thief.say(f"{node.name}/event", body)
        receipt = heard(thief)
        assert (receipt.proof[event.seq], receipt.refused) == (proof_of(body), ())
    thief.say(f"{node.name}/event", body.replace(b'"first"', b'"forged"'))
    answer = heard(thief)
    assert [(each.seq, each.reason) for each in answer.refused] == [(event.seq, "conflict")]
    liar = peer(other.papers.pair, f"{other.name}/receipt")
    for topic in (f"{node.name}/event", f"{other.name}/event"):
        liar.say(topic, body)
    foreign = heard(liar)
    assert {each.reason for each in foreign.refused} == {"foreign"}
    assert held(site) == before
    told = {(node.name, "event_conflict"), (other.name, "event_foreign")}
    eventually(lambda: told <= cases(site), "a case of each try that was no mere repeat")


@pytest.mark.thorough
def test_a_receipt_that_is_stolen_or_forged_settles_nothing_that_is_not_stored(
    site: SecureSite, peer: Callable[..., Peer]
) -> None:
    node, body = delivered(site)
    thief = peer(node.papers.pair, f"{node.name}/receipt")
    thief.say(f"{node.name}/event", body)
    stolen = heard(thief)
    thief.close()
    site.gateway.kill()
    with running(node.config) as gate:
        epoch = gate.state().epoch
        decide(gate, "second")
        waiting = eventually(lambda: gate.state().outbox, "what waits for its receipt")
        # Even who holds the gateway's own papers.
        office = open_authority(site.folder / "gateway" / "authority", "school", datetime.now(UTC))
        forger = peer(office.gateway_file(["localhost"], datetime.now(UTC)), "+/answer")
        said = (
            stolen,
            msgspec.structs.replace(stolen, through=stolen.highest + waiting),
            msgspec.structs.replace(stolen, also=tuple(range(1, stolen.highest + waiting + 1))),
            msgspec.structs.replace(stolen, node="gate.other"),
            # The bytes of one event under the number of another: the node gives that one a place of its own.
            msgspec.structs.replace(stolen, proof={gate.state().seq: proof_of(body)}),
        )
        for receipt in said:
            forger.say(f"{node.name}/receipt", encode_message(receipt))
        eventually(lambda: gate.state().epoch != epoch, "the last of these receipts")
        assert gate.state().outbox >= waiting
        site.gateway.start()
        eventually(lambda: node.stored("second"), "the event that nobody had stored", 40)
    assert node.stored("first")
