"""What siblings saw comes over a real HTTP server: whole at first, then what changed; silence makes nobody seen."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from zhian_edge.delivery.credentials import Nameless
from zhian_edge.delivery.service import Delivery
from zhian_edge.delivery.siblings import SiblingService, signals_of
from zhian_edge.errors import LinkLost
from zhian_edge.signals import PassedElsewhere, SiblingSeen
from zhian_wire.codec import encode_message
from zhian_wire.commands import RosterNotice
from zhian_wire.whereabouts import BY_HAND, SitePresence, Whereabouts

from .test_http import Server

BOTH = ("gate-2", "gate-3")
HEARD = {"ann": BY_HAND, "bob": "gate-2", "eve": "gate-1"}


@pytest.fixture
def server() -> Iterator[Server]:
    one = Server()
    yield one
    one.close()


class Ticks:
    """A monotonic clock that goes on by `step` at each look."""

    def __init__(self, step: int = 0) -> None:
        self.now, self.step = 100_000, step

    def __call__(self) -> int:
        self.now += self.step
        return self.now


def service(server: Server, clock: Ticks, *siblings: str) -> SiblingService:
    one = SiblingService(server.url, Nameless("gate-1"), siblings, 30.0, clock)
    one.open()
    return one


def test_ages_become_moments_of_this_node_and_passages_come_before_the_word_that_they_are_all() -> None:
    late = Whereabouts(person="a", zone="school", node="gate-2", age_ms=500)
    early = Whereabouts(person="b", zone="", node="gate-3", age_ms=90_000)
    news = SitePresence(version=7, store="s", people=(late, early), siblings={"gate-2": 3000, "office": 1})
    assert signals_of(news, {"gate-2", "gate-3"}, 10_000, 10_040) == [
        PassedElsewhere(person_id="b", zone="", node="gate-3", at_ms=-79_960),
        PassedElsewhere(person_id="a", zone="school", node="gate-2", at_ms=9540),
        SiblingSeen(node="gate-2", at_ms=7000),
    ]


def test_the_whole_is_asked_for_first_and_then_what_changed(server: Server) -> None:
    one = service(server, Ticks(), *BOTH)
    for version in (7, 8):
        body = encode_message(SitePresence(version=version, store="s", siblings={"gate-2": 0}))
        server.answer = lambda method, path, body=body: (200, {}, body)
        one.wake(version)
        assert one.step() == [SiblingSeen(node="gate-2", at_ms=100_000)]
    assert [parse_qs(urlsplit(path).query) for _, path, _, _ in server.asked] == [{}, {"since": ["7"], "store": ["s"]}]
    one.wake(8)
    assert not one._asked.is_set()
    one.close()


def test_after_an_outage_what_was_missed_is_asked_for(server: Server) -> None:
    one = service(server, Ticks(), *BOTH)
    server.answer = lambda method, path: (200, {}, encode_message(SitePresence(version=7, store="s")))
    one.step()
    server.answer = lambda method, path: (503, {}, b"")
    one.wake(9)
    with pytest.raises(LinkLost):
        one.step()
    server.answer = lambda method, path: (200, {}, encode_message(SitePresence(version=9, store="s", since=7)))
    one.open()
    one.step()
    assert server.asked[-1][1] == "/presence?since=7&store=s"
    one.close()


def test_a_gate_without_siblings_hears_of_what_guards_recorded_and_believes_nobody_else(server: Server) -> None:
    one = service(server, Ticks())
    people = [Whereabouts(person=who, zone="school", node=node, age_ms=0) for who, node in HEARD.items()]
    news = SitePresence(version=7, store="s", people=tuple(people), siblings={"gate-2": 0})
    server.answer = lambda method, path: (200, {}, encode_message(news))
    assert one.step() == [PassedElsewhere(person_id="ann", zone="school", node=BY_HAND, at_ms=100_000)]
    one.wake(8)
    one.step()
    assert [parse_qs(urlsplit(path).query) for _, path, _, _ in server.asked] == [
        {"by_hand": ["true"]}, {"since": ["7"], "store": ["s"], "by_hand": ["true"]}
    ]  # fmt: skip
    one.close()


def test_people_who_pass_make_no_node_fetch_its_roster() -> None:
    asked: list[tuple[str, int]] = []
    calls: Any = SimpleNamespace(
        roster=lambda version: asked.append(("roster", version)),
        presence=lambda version: asked.append(("presence", version)),
    )
    nothing: Any = None
    delivery = Delivery((), nothing, nothing, courier=nothing, orders=nothing, calls=calls)
    for version, presence in ((4, 0), (4, 7), (4, 8), (5, 8), (5, 8)):
        delivery._noticed(RosterNotice(version=version, presence=presence))
    assert asked == [
        ("roster", 4), ("presence", 7), ("presence", 8), ("roster", 5), ("presence", 8), ("roster", 5), ("presence", 8)
    ]  # fmt: skip


@pytest.mark.parametrize("answer", [(404, b""), (200, b"{}"), (200, b"\xff")])
def test_what_cannot_be_read_is_a_lost_line(server: Server, answer: tuple[int, bytes]) -> None:
    one = service(server, Ticks(), *BOTH)
    server.answer = lambda method, path: (answer[0], {}, answer[1])
    with pytest.raises(LinkLost, match=r"presence|who is where"):
        one.step()
    one.close()


def test_an_answer_that_was_too_long_on_its_way_is_not_believed(server: Server) -> None:
    one = service(server, Ticks(step=4000), *BOTH)
    server.answer = lambda method, path: (200, {}, encode_message(SitePresence(version=7, store="s")))
    with pytest.raises(LinkLost, match="took"):
        one.step()
    one.close()
