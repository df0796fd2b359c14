"""A node that falls silent is a case, one that is back closes it, and nodes hear of every new roster."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from support.events import event, passage
from support.gateway import add_node
from support.people import ground, person_file, some_face
from support.pipeline import take_in
from zhian_gateway.errors import StoreAway
from zhian_gateway.nodes.watching import NodeWatch
from zhian_gateway.services import Services
from zhian_gateway.store import counters, stream
from zhian_gateway.store.tables import alerts
from zhian_wire import codec, times
from zhian_wire.commands import RosterNotice
from zhian_wire.state import CameraState, NodeState


@pytest.fixture
def watch(parts: Services) -> NodeWatch:
    add_node(parts, "gate-1")
    return NodeWatch(parts, parts.bell.ring)


@pytest.fixture
def beat(parts: Services) -> Callable[..., None]:
    def say(status: Any = "ok", outbox: int = 0) -> None:
        cameras = (CameraState(id="cam-1", status=status),)
        state = NodeState(
            node="gate-1", epoch="e1", seq=1, time=parts.now(), version="1", cameras=cameras, outbox=outbox
        )
        parts.presence.hear("gate-1", state, parts.clock())

    return say


def cases(parts: Services) -> list[tuple[str, str]]:
    with parts.store.read() as link:
        return [(row.kind, row.state) for row in link.execute(select(alerts))]


def test_silence_is_a_case_and_being_heard_again_closes_it(
    parts: Services, watch: NodeWatch, beat: Callable[..., None], clock: Any
) -> None:
    beat()
    watch.step()
    assert cases(parts) == []
    clock.forward(31)
    watch.step()
    watch.step()
    assert cases(parts) == [("node_offline", "raised")]
    beat()
    watch.step()
    assert cases(parts) == [("node_offline", "resolved")]


def test_a_node_that_died_with_the_gateway_away_is_noticed(parts: Services, watch: NodeWatch, clock: Any) -> None:
    take_in(parts, event(passage(kind="body")))
    watch.step()
    assert cases(parts) == []
    clock.forward(31)
    watch.step()
    assert cases(parts) == [("node_offline", "raised")]


def test_a_node_that_was_never_installed_is_no_case(parts: Services, watch: NodeWatch, clock: Any) -> None:
    clock.forward(31)
    watch.step()
    assert cases(parts) == []


def test_a_blind_camera_is_told_to_the_pages_and_merely_ageing_is_not(
    parts: Services, watch: NodeWatch, beat: Callable[..., None]
) -> None:
    beat()
    watch.step()
    beat()
    watch.step()
    beat("blind")
    watch.step()
    with parts.store.read() as link:
        assert [entry.kind for entry in stream.after(link, 0)] == ["node", "node"]
    assert parts.presence.state("gate-1", parts.clock()) == "blind"


def test_pages_are_told_of_a_backlog_as_it_begins_and_ends_and_roughly_in_between(
    parts: Services, watch: NodeWatch, beat: Callable[..., None]
) -> None:
    for outbox in range(500, -1, -1):
        beat(outbox=outbox)
        watch.step()
    with parts.store.read() as link:
        assert len(stream.after(link, 0)) == len({outbox.bit_length() for outbox in range(501)})


@pytest.mark.parametrize("off_s", [2, -2])
def test_a_clock_that_is_off_is_a_case_until_it_is_right(
    parts: Services, watch: NodeWatch, clock: Any, off_s: float
) -> None:
    def say(ahead_s: float, beats: int = 5) -> None:
        for _ in range(beats):
            clock.forward(3)
            said = times.to_text(parts.clock() + timedelta(seconds=ahead_s))
            parts.presence.hear("gate-1", NodeState(node="gate-1", epoch="e", seq=1, time=said, version="1"), clock())
            watch.step()

    say(off_s, beats=2)
    assert cases(parts) == []
    say(off_s)
    assert parts.presence.clock_ahead_s("gate-1") == off_s
    assert cases(parts) == [("clock_off", "raised")]
    say(-0.9)
    assert cases(parts) == [("clock_off", "resolved")]


def test_a_heart_beat_that_was_long_on_its_way_is_no_slow_clock(parts: Services, clock: Any) -> None:
    for late_s in (9, 0.2, 8, 7, 6):
        said = times.to_text(parts.clock() - timedelta(seconds=late_s))
        parts.presence.hear("gate-1", NodeState(node="gate-1", epoch="e", seq=1, time=said, version="1"), clock())
    assert not parts.presence.clock_is_off("gate-1")


def test_nodes_hear_of_a_new_roster_once(parts: Services, watch: NodeWatch, outbound: Any) -> None:
    watch.step()
    with parts.store.write() as link:
        parts.registry.enrol(link, "a", person_file(), ground(), some_face(), who="t", now=parts.now())
    watch.step()
    watch.step()
    told = [codec.decode_message(body, RosterNotice).version for _, kind, body in outbound.sent if kind == "roster"]
    assert told == [0, 1]


def test_pages_are_told_of_a_lane_when_a_heart_beat_says_something_new_of_it(
    parts: Services, watch: NodeWatch, clock: Any
) -> None:
    def told(standing: Any) -> list[str]:
        state = NodeState(node="gate-1", epoch="e1", seq=1, time=parts.now(), version="1", lanes={"main": standing})
        with parts.store.read() as link:
            before = counters.current(link, "stream")
        parts.presence.hear("gate-1", state, parts.clock())
        watch.step()
        watch.step()
        clock.forward(3)
        with parts.store.read() as link:
            return [entry.ref for entry in stream.after(link, before) if entry.kind == "lane"]

    assert [told("normal"), told("normal"), told("locked")] == [["gate-1/main"], [], ["gate-1/main"]]


def test_pages_are_told_of_a_lane_that_changed_while_the_store_was_away(
    parts: Services, watch: NodeWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise StoreAway("away")

    state = NodeState(node="gate-1", epoch="e1", seq=1, time=parts.now(), version="1", lanes={"main": "locked"})
    parts.presence.hear("gate-1", state, parts.clock())
    with monkeypatch.context() as fault:
        fault.setattr(stream, "push_all", away)
        with pytest.raises(StoreAway):
            watch.step()
    watch.step()
    watch.step()
    with parts.store.read() as link:
        assert [entry.ref for entry in stream.after(link, 0) if entry.kind == "lane"] == ["gate-1/main"]
