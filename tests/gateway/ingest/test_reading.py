"""A message is an event of the node whose topic it came by, or it is refused with what can be said of it."""

from __future__ import annotations

import pytest
from support.events import event
from zhian_gateway.ingest.reading import Refused, Taken, read
from zhian_wire import codec

GOOD = codec.encode(event())


def test_exact_bytes_are_kept() -> None:
    found = read("school", "gate-1", GOOD)
    assert isinstance(found, Taken)
    assert found.body == GOOD


@pytest.mark.parametrize(("site", "peer"), [("school", "gate-2"), ("other", "gate-1")])
def test_another_nodes_event_is_foreign(site: str, peer: str) -> None:
    found = read(site, peer, GOOD)
    assert isinstance(found, Refused)
    assert (found.reason, found.peer, found.epoch, found.seq) == ("foreign", peer, "e1", 1)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00\xff",
        b"null",
        b"[]",
        GOOD[:-1],
        GOOD[: len(GOOD) // 2],
        b'{"site": "school", "node": "gate-1", "epoch": "e 1", "seq": 1}',
        b'{"site": "school", "node": "gate-1", "epoch": "e1", "seq": 0}',
        b'{"site": "school", "node": "gate-9", "epoch": "e1", "seq": 1}',
        b"x" * (codec.MAX_BYTES + 1),
    ],
)
def test_what_names_no_event_of_the_peer_is_only_counted(body: bytes) -> None:
    found = read("school", "gate-1", body)
    assert isinstance(found, Refused)
    assert (found.reason, found.peer, found.seq) == ("unreadable", "gate-1", None)


def test_an_unreadable_event_that_says_its_number_can_be_answered() -> None:
    body = GOOD.replace(b'"direction":"in"', b'"direction":"sideways"')
    found = read("school", "gate-1", body)
    assert isinstance(found, Refused)
    assert (found.reason, found.epoch, found.seq, found.body) == ("unreadable", "e1", 1, body)


def test_of_no_node_anything_is_taken_as_a_guards_own_word() -> None:
    found = read("school", "gate-1", codec.encode(event(epoch="by-hand", seq=2**31 - 1)))
    assert isinstance(found, Refused)
    assert (found.reason, found.peer, found.epoch, found.seq) == ("foreign", "gate-1", "by-hand", 2**31 - 1)
    noise = read("school", "gate-1", b'{"site": "school", "node": "gate-1", "epoch": "by-hand", "seq": 7}')
    assert isinstance(noise, Refused)
    assert (noise.reason, noise.seq) == ("unreadable", None)


@pytest.mark.parametrize("time", ["2026-13-45T99:99:99.999Z", "9999-12-31T23:59:59.999Z", "0001-01-01T00:00:00.000Z"])
def test_a_time_that_is_no_moment_spoils_only_its_own_event(time: str) -> None:
    body = GOOD.replace(b"2026-03-02T07:30:01.000Z", time.encode())
    found = read("school", "gate-1", body)
    assert isinstance(found, Refused)
    assert (found.reason, found.seq) == ("unreadable", 1)


def test_a_newer_type_is_an_event() -> None:
    body = GOOD.replace(b"zhian.passage.v1", b"zhian.novelty.v7")
    assert isinstance(read("school", "gate-1", body), Taken)
