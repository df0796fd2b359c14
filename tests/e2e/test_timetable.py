"""Hours that an administrator arranges on the page decide at the gate: over HTTP, through the roster that it serves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from zhian_edge.delivery.gathering import merge
from zhian_gateway.config import load
from zhian_gateway.services import Services, open_services
from zhian_wire import reasons
from zhian_wire.codec import decode_message
from zhian_wire.roster import Roster

from ..support.gateway import HttpOnly, add_node, log_in, write_config
from ..support.lanes import CARD, MONDAY, Node, plan, read
from ..support.people import ground, person_file, some_face

WORKDAYS = ["mon", "tue", "wed", "thu", "fri"]


class Gate:
    """A node's decision, with the roster as it fetched it last."""

    def __init__(self, url: str, token: str) -> None:
        self._url = f"{url}/roster"
        self._headers = {"Authorization": f"Bearer {token}", "X-Zhian-Node": "gate-1"}
        self._held = Roster(version=0)

    def answers(self, card: str, day: int, hour: float) -> tuple[str, str]:
        """What a card leads to at an hour of a day after Monday, 2 March 2026."""
        node = Node(plan(CARD), [], MONDAY + timedelta(days=day, hours=hour - 7.5))
        asked = {"since": self._held.version}
        news = httpx.get(self._url, params=asked, headers=self._headers, trust_env=False).raise_for_status()
        self._held = merge(self._held, decode_message(news.content, Roster)) or self._held
        node.decider.use_roster(self._held)
        node.at(read(card, 1000))
        node.until(61_000)
        (told,) = node.decisions
        return told.verdict, told.reason


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Services]:
    one = open_services(load(write_config(tmp_path, "mqtt://127.0.0.1:1")), publish=lambda *_: None)
    for name, card, group in (("ming", "C1", "g1"), ("hong", "D1", "g2")):
        about = person_file(group=group, cards=(card,))
        with one.store.write() as link:
            basis = ground("2099-01-01T00:00:00.000Z")
            one.registry.enrol(link, name, about, basis, some_face(), who="t", now=one.now())
    yield one
    one.store.close()


def test_a_gate_goes_by_what_the_page_arranged_last(parts: Services) -> None:
    open_, off = ("open", reasons.CARD), ("refuse", reasons.OFF_SCHEDULE)
    with HttpOnly(parts) as http, closing(log_in(parts, http.url, "office", "admin")) as office:
        gate = Gate(http.url, add_node(parts, "gate-1"))

        def say(method: str, path: str, **said: Any) -> None:
            office.request(method, f"/api/timetable/{path}", json=said).raise_for_status()

        def looks_open(day: str, clock: str) -> bool:
            """What the page says of it beforehand."""
            asked = {"first": day, "days": 1, "schedule": "school"}
            (found,) = office.post("/api/timetable/look", json=asked).raise_for_status().json()["days"]
            return any(each["start"] <= clock < each["end"] for each in found["windows"])

        assert gate.answers("C1", 0, 12) == open_
        say("POST", "schedules", id="school", spans=[{"days": WORKDAYS, "start": "06:30", "end": "08:20"}])
        say("PUT", "groups/g1", id="g1", schedule="school")
        assert (gate.answers("C1", 0, 8), gate.answers("C1", 0, 12), gate.answers("D1", 0, 12)) == (open_, off, open_)
        assert (looks_open("2026-03-02", "08:00"), looks_open("2026-03-02", "12:00")) == (True, False)
        say("PUT", "schedules/school", spans=[{"days": WORKDAYS, "start": "11:30", "end": "14:10"}])
        assert (gate.answers("C1", 0, 8), gate.answers("C1", 0, 12)) == (off, open_)
        say("POST", "move", people=[{"id": "hong", "group": "g2"}], to="g1")
        assert gate.answers("D1", 0, 8) == off
        office.post("/api/calendar/days", json={"day": "2026-03-07", "works_as": "mon"}).raise_for_status()
        assert (gate.answers("D1", 5, 12), looks_open("2026-03-07", "12:00")) == (open_, True)
        say("PUT", "groups/g1", id="g1-renamed", schedule="school")
        assert (gate.answers("C1", 0, 8), gate.answers("C1", 0, 12)) == (off, open_)
        say("PUT", "groups/g1-renamed", id="g1-renamed", schedule="")
        assert gate.answers("C1", 0, 8) == open_
