"""The emergency button reaches guards, police and sirens at once; a drill only whom it is to reach, and says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import msgspec
import pytest
from sqlalchemy import select
from support.events import event
from support.gateway import add_node
from support.pipeline import take_in
from zhian_gateway.emergency.late import LATE
from zhian_gateway.emergency.sirens import SirenKeeper
from zhian_gateway.police import subscribers
from zhian_gateway.rules.judging import clock_off
from zhian_gateway.services import Services
from zhian_gateway.store.tables import alerts, audit, police_feed
from zhian_wire import codec, times
from zhian_wire.commands import Answer, Command, SoundSiren
from zhian_wire.events import Alert, Clock, Event
from zhian_wire.state import NodeState

Client = Callable[..., httpx.Client]
REAL = {"id": "press-1", "why": "a man with a knife at the main gate"}
DRILL = {"id": "press-2", "drill": True}
HELP = Alert(key="main/help_called/help/b-0", kind="help_called", severity="critical", device="help", lane="main")


@pytest.fixture
def station(parts: Services) -> None:
    """The police fetch the feed, and have a webhook."""
    for name, webhook in (("station", "http://127.0.0.1:1/x"), ("reader", "")):
        with parts.store.write() as link:
            subscribers.add(link, site=parts.site, name=name, ground="g", webhook=webhook, who="t", now=parts.now())


def hear(parts: Services, node: str) -> None:
    state = NodeState(node=node, epoch="e1", seq=0, time=times.to_text(parts.clock()), version="1")
    parts.presence.hear(node, state, parts.clock())


def pressed(parts: Services, *, seq: int = 1, clock: Clock = "trusted", ago: float = 1.0) -> Event:
    """The button on the wall, so many seconds ago by its node's clock."""
    told = event(HELP, seq=seq, node="gate-1", at=parts.clock() - timedelta(seconds=ago))
    return msgspec.structs.replace(told, clock=clock)


def cases(parts: Services) -> list[tuple[str, str, str]]:
    with parts.store.read() as link:
        rows = link.execute(select(alerts).order_by(alerts.c.id))
        return [(row.kind, row.severity, row.state) for row in rows]


def told_police(parts: Services) -> list[str]:
    with parts.store.read() as link:
        return list(link.execute(select(police_feed.c.type).order_by(police_feed.c.id)).scalars())


def audited(parts: Services) -> list[tuple[str, str]]:
    with parts.store.read() as link:
        rows = link.execute(select(audit).where(audit.c.action.like("emergency%")).order_by(audit.c.id))
        return [(row.who, row.action) for row in rows]


def test_one_press_is_a_critical_case_at_once_and_the_police_and_the_audit_have_it(
    parts: Services, station: None, client: Client
) -> None:
    add_node(parts, "gate-1")
    told = client().post("/api/emergency", json=REAL).raise_for_status().json()
    assert cases(parts) == [("emergency", "critical", "raised")]
    assert told_police(parts) == ["raised"]
    assert (told["call"]["drill"], told["call"]["who"], told["call"]["source"]) == (False, "guard-1", "screen")
    assert told["call"]["police_told"] == {"sent": 0, "waiting": 1, "failed": 0, "readers": 1}
    assert told["call"]["sirens"] == [{"node": "gate-1", "result": "offline"}]
    assert audited(parts) == [("guard-1", "emergency.call")]


def test_the_same_press_and_another_guards_press_are_one_emergency(parts: Services, client: Client) -> None:
    first = client().post("/api/emergency", json=REAL).json()
    assert client().post("/api/emergency", json=REAL).json()["call"]["id"] == first["call"]["id"]
    assert client("admin").post("/api/emergency", json=REAL | {"id": "other"}).json()["count"] == 1
    assert len(cases(parts)) == 1


def test_a_second_press_that_asks_for_more_is_heard_and_one_that_asks_for_less_takes_nothing_back(
    parts: Services, station: None, sirens: Sirens, client: Client
) -> None:
    user = client()
    user.post("/api/emergency", json=REAL | {"police": False, "siren": False}).raise_for_status()
    assert (told_police(parts), sirens.told()) == ([], [])
    more = {"id": "press-9", "police": True, "siren": True, "why": "he is in the hall"}
    told = user.post("/api/emergency", json=more).json()
    assert (told["count"], told["call"]["police"], told["call"]["siren"]) == (1, True, True)
    assert told["call"]["why"] == "a man with a knife at the main gate; he is in the hall"
    assert told["call"]["police_told"] == {"sent": 0, "waiting": 1, "failed": 0, "readers": 1}
    assert sirens.told() == [("gate-1", "on")]
    less = {"id": "press-10", "police": False, "siren": False, "why": "he is in the hall"}
    again = user.post("/api/emergency", json=less).json()["call"]
    assert {name: again[name] for name in ("police", "siren", "why")} == {
        "police": True, "siren": True, "why": told["call"]["why"]}  # fmt: skip
    assert told_police(parts) == ["raised"], "the police hear of it once"
    with parts.store.read() as link:
        assert link.execute(select(alerts.c.detail)).scalars().all() == [told["call"]["why"]]
    assert [action for _, action in audited(parts)] == ["emergency.call", "emergency.again", "emergency.again"]


def test_a_drill_is_marked_and_sets_off_neither_police_nor_sirens_unless_that_is_said(
    parts: Services, station: None, client: Client
) -> None:
    told = client().post("/api/emergency", json=DRILL).json()["call"]
    assert cases(parts) == [("emergency_drill", "critical", "raised")]
    assert (told["drill"], told["police"], told["siren"], told["sirens"]) == (True, False, False, [])
    assert told_police(parts) == []
    client().post("/api/emergency/end", json={"why": "over"}).raise_for_status()
    client().post("/api/emergency", json=DRILL | {"id": "3", "police": True, "siren": True}).raise_for_status()
    assert told_police(parts) == ["raised"]


def test_a_real_one_ends_a_drill_and_no_drill_begins_while_it_is_real(parts: Services, client: Client) -> None:
    user = client()
    user.post("/api/emergency", json=DRILL).raise_for_status()
    assert user.post("/api/emergency", json=REAL).json()["call"]["drill"] is False
    assert cases(parts) == [("emergency_drill", "critical", "resolved"), ("emergency", "critical", "raised")]
    assert user.post("/api/emergency", json=DRILL | {"id": "later"}).status_code == 409


def test_its_end_needs_a_reason_closes_the_case_and_tells_the_police(
    parts: Services, station: None, client: Client
) -> None:
    user = client()
    user.post("/api/emergency", json=REAL).raise_for_status()
    assert user.post("/api/emergency/end", json={"why": ""}).status_code == 422
    assert user.post("/api/emergency/end", json={"why": "taken away"}).json() == {"call": None, "count": 0}
    assert cases(parts) == [("emergency", "critical", "resolved")]
    assert told_police(parts) == ["raised", "resolved"]
    assert audited(parts)[-1] == ("guard-1", "emergency.end")


def test_who_closes_the_case_ends_the_emergency(parts: Services, client: Client) -> None:
    user = client()
    case = user.post("/api/emergency", json=REAL).json()["call"]["alert_id"]
    step = {"to": "false_alarm", "note": "a child played", "expected_state": "raised"}
    user.post(f"/api/alerts/{case}/transitions", json=step).raise_for_status()
    assert user.get("/api/emergency").json() == {"call": None, "count": 0}


def test_a_wired_button_is_an_emergency_also_during_a_drill(parts: Services, station: None, client: Client) -> None:
    add_node(parts, "gate-1")
    user = client()
    user.post("/api/emergency", json=DRILL).raise_for_status()
    take_in(parts, pressed(parts))
    told = user.get("/api/emergency").json()
    assert (told["count"], told["call"]["drill"], told["call"]["source"]) == (2, False, "input")
    assert told["call"]["who"] == "gate-1/help"
    assert told_police(parts) == ["raised"]
    user.post("/api/emergency/end", json={"why": "helped"}).raise_for_status()
    assert {state for _, _, state in cases(parts)} == {"resolved"}


def test_a_wired_button_pressed_again_after_the_end_is_another_emergency(
    parts: Services, station: None, client: Client, clock: Any
) -> None:
    user = client()
    take_in(parts, pressed(parts))
    first = user.get("/api/emergency").json()["call"]
    user.post("/api/emergency/end", json={"why": "helped"}).raise_for_status()
    clock.forward(60)
    take_in(parts, pressed(parts, seq=2))
    again = user.get("/api/emergency").json()
    assert (again["count"], again["call"]["siren"], again["call"]["alert_id"]) == (1, True, first["alert_id"])
    assert again["call"]["id"] != first["id"]
    assert told_police(parts) == ["raised", "resolved", "raised"]
    user.post("/api/emergency/end", json={"why": "helped again"}).raise_for_status()
    assert user.get("/api/emergency").json()["count"] == 0


def test_a_case_of_a_wired_button_that_a_guard_opens_again_calls_nobody_anew(parts: Services, client: Client) -> None:
    user = client()
    take_in(parts, pressed(parts))
    take_in(parts, pressed(parts, seq=2))
    case = user.get("/api/emergency").json()["call"]["alert_id"]
    user.post("/api/emergency/end", json={"why": "helped"}).raise_for_status()
    step = {"to": "raised", "note": "look again", "expected_state": "resolved"}
    user.post(f"/api/alerts/{case}/transitions", json=step).raise_for_status()
    assert user.get("/api/emergency").json() == {"call": None, "count": 0}


@pytest.mark.parametrize(("ago", "called"), [(LATE.total_seconds(), 1), (LATE.total_seconds() + 1, 0), (86_400.0, 0)])
def test_a_wired_press_that_comes_late_is_a_critical_case_and_wakes_neither_sirens_nor_police(
    parts: Services, station: None, client: Client, ago: float, called: int
) -> None:
    take_in(parts, pressed(parts, ago=ago))
    assert cases(parts) == [("help_called", "critical", "raised")]
    assert client().get("/api/emergency").json()["count"] == called
    assert told_police(parts) == ["raised"] * called
    assert audited(parts) == [("gate-1/help", "emergency.call" if called else "emergency.late")]


@pytest.mark.parametrize("doubt", ["stepped", "unsynced"])
def test_a_press_by_a_clock_that_its_node_does_not_trust_is_taken_as_now(
    parts: Services, client: Client, doubt: Clock
) -> None:
    take_in(parts, pressed(parts, clock=doubt, ago=86_400.0))
    assert client().get("/api/emergency").json()["count"] == 1


def test_a_press_by_a_clock_that_the_gateway_found_wrong_is_taken_as_now(parts: Services, client: Client) -> None:
    with parts.store.write() as link:
        parts.book.raise_(link, clock_off("gate-1", -86_400.0, parts.now()), parts.now())
    take_in(parts, pressed(parts, ago=86_400.0))
    assert client().get("/api/emergency").json()["count"] == 1


class Sirens:
    """Nodes at the other end of the broker, and the thread that tells them."""

    def __init__(self, parts: Services, outbound: Any) -> None:
        self.keeper = SirenKeeper(parts)
        self._outbound = outbound

    def told(self, answer: str = "done") -> list[tuple[str, str]]:
        """What nodes are told in one step; each answers."""
        before = len(self._outbound.sent)
        self.keeper.step()
        said = [(node, codec.decode_message(body, Command)) for node, _, body in self._outbound.sent[before:]]
        sounded = [(node, command) for node, command in said if isinstance(command, SoundSiren)]
        for node, command in sounded:
            if answer:
                self.keeper.hear(node, Answer(id=command.id, result=answer))  # type: ignore[arg-type]
        return [(node, command.state) for node, command in sounded]


@pytest.fixture
def sirens(parts: Services, outbound: Any) -> Sirens:
    add_node(parts, "gate-1")
    hear(parts, "gate-1")
    return Sirens(parts, outbound)


def test_sirens_sound_are_kept_sounding_and_fall_silent_at_the_end(
    parts: Services, sirens: Sirens, client: Client, clock: Any
) -> None:
    user = client()
    assert sirens.told() == []
    user.post("/api/emergency", json=REAL).raise_for_status()
    assert sirens.told() == [("gate-1", "on")]
    assert sirens.told() == []
    assert user.get("/api/emergency").json()["call"]["sirens"] == [{"node": "gate-1", "result": "sounding"}]
    clock.forward(16)
    hear(parts, "gate-1")
    assert sirens.told() == [("gate-1", "on")]
    user.post("/api/emergency/end", json={"why": "over"}).raise_for_status()
    assert sirens.told(answer="") == [("gate-1", "off")]
    clock.forward(3)
    assert sirens.told() == [("gate-1", "off")], "it is insisted on until the node says that it is silent"
    clock.forward(60)
    assert [sirens.told(), sirens.told()] == [[], []]


def test_a_node_without_a_siren_says_so_and_a_silent_one_is_told_again(
    parts: Services, sirens: Sirens, client: Client, clock: Any
) -> None:
    client().post("/api/emergency", json=REAL).raise_for_status()
    assert sirens.told(answer="") == [("gate-1", "on")]
    clock.forward(3)
    hear(parts, "gate-1")
    assert sirens.told(answer="refused") == [("gate-1", "on")]
    sirens.told()
    assert client().get("/api/emergency").json()["call"]["sirens"] == [{"node": "gate-1", "result": "none"}]
