"""What guards order lanes to do: once, audited, answered by what the node says, and never done without its word."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from support.gateway import add_node
from support.heeding import Nodes, hear
from support.people import ground, person_file, some_face
from zhian_gateway.lanes.reminding import Reminder
from zhian_gateway.nodes import identity
from zhian_gateway.services import Services
from zhian_gateway.store.tables import audit, people
from zhian_wire import times
from zhian_wire.commands import Answer, Command, LetPass, SetLane
from zhian_wire.state import NodeState

Client = Callable[..., httpx.Client]
LOCK = {"state": "locked", "minutes": 30, "why": "a dog in the yard"}
OPEN = {"state": "open_once", "why": "the postman", "id": "press-1"}


@pytest.fixture
def outbound() -> Nodes:
    return Nodes()


@pytest.fixture
def nodes(parts: Services, outbound: Nodes) -> Nodes:
    outbound.parts = parts
    parts.orders.wait_s = 0.05
    for node, lanes in (("gate-1", ("main", "side")), ("gate-2", ("drive",))):
        add_node(parts, node)
        hear(parts, node, *lanes)
    return outbound


def audited(parts: Services) -> list[tuple[str, str, str, str]]:
    with parts.store.read() as link:
        rows = link.execute(select(audit).where(audit.c.action.like("lane%")).order_by(audit.c.id))
        return [(row.who, row.action, row.subject, row.detail) for row in rows]


def test_an_order_goes_to_its_node_with_a_short_life_and_is_audited_with_its_reason_and_its_outcome(
    parts: Services, nodes: Nodes, client: Client
) -> None:
    told = client().post("/api/lanes/gate-1/main/state", json=LOCK)
    end = times.to_text(parts.clock() + timedelta(minutes=30))
    assert (told.status_code, told.json()) == (
        200,
        {"node": "gate-1", "lane": "main", "result": "done", "detail": "", "until": end},
    )
    ((node, command),) = nodes.heard
    assert isinstance(command, SetLane)
    assert (node, command.lane, command.state, command.who, command.why) == (
        "gate-1", "main", "locked", "guard-1", "a dog in the yard",
    )  # fmt: skip
    now = parts.clock()
    assert (times.from_text(command.expires) - now).total_seconds() == 5
    assert (times.from_text(command.until) - now).total_seconds() == 1800
    assert audited(parts) == [
        ("guard-1", "lane.locked", "gate-1/main", f"locked until {command.until}: a dog in the yard"),
        ("guard-1", "lane.answer", "gate-1/main", "done"),
    ]


def test_a_node_whose_clock_is_wrong_gets_the_same_time_for_it(parts: Services, nodes: Nodes, client: Client) -> None:
    hear(parts, "gate-1", "main", ahead_s=600)
    client().post("/api/lanes/gate-1/main/state", json=LOCK).raise_for_status()
    ((_, command),) = nodes.heard
    assert isinstance(command, SetLane)
    shown = parts.clock() + timedelta(seconds=600)
    assert times.from_text(command.expires) == shown + timedelta(seconds=5)
    assert times.from_text(command.until) == shown + timedelta(minutes=30)
    assert times.to_text(parts.clock() + timedelta(minutes=30)) in audited(parts)[0][3]


def test_a_press_that_is_sent_twice_opens_once_and_another_press_opens_again(nodes: Nodes, client: Client) -> None:
    user = client()
    for _ in range(2):
        assert user.post("/api/lanes/gate-1/main/state", json=OPEN).status_code == 200
    assert len(nodes.heard) == 1
    for other in (OPEN | {"id": "press-2"}, {"state": "open_once", "why": "the postman"}):
        user.post("/api/lanes/gate-1/main/state", json=other).raise_for_status()
    assert len(nodes.heard) == 3


def test_an_id_of_one_order_answers_for_no_other(nodes: Nodes, client: Client) -> None:
    user = client()
    user.post("/api/lanes/gate-1/main/state", json=OPEN).raise_for_status()
    user.post("/api/lanes/gate-1/side/state", json=OPEN).raise_for_status()
    user.post("/api/lanes/gate-1/main/state", json=LOCK | {"id": "press-1"}).raise_for_status()
    assert len(nodes.heard) == 3


def test_silence_is_told_as_no_answer_and_never_as_done(parts: Services, nodes: Nodes, client: Client) -> None:
    nodes.says["gate-1"] = None
    told = client().post("/api/lanes/gate-1/main/state", json=OPEN)
    assert (told.status_code, told.json()["error"]["code"]) == (504, "no_answer")
    assert audited(parts)[-1][3] == "no_answer"


@pytest.mark.parametrize("result", ["refused", "expired", "failed", "unsupported"])
def test_what_a_node_does_not_do_is_told_in_its_words(nodes: Nodes, client: Client, result: Any) -> None:
    nodes.says["gate-1"] = Answer(id="", result=result, detail="its own words")
    told = client().post("/api/lanes/gate-1/main/state", json=OPEN)
    assert told.status_code == 409
    assert told.json()["error"] == {"code": f"node_{result}", "message": "its own words"}


def test_to_a_node_that_says_nothing_nothing_is_sent(parts: Services, nodes: Nodes, client: Client, clock: Any) -> None:
    clock.forward(31)
    told = client().post("/api/lanes/gate-1/main/state", json=OPEN)
    assert (told.status_code, told.json()["error"]["code"]) == (503, "node_offline")
    assert nodes.heard == []
    assert audited(parts)[-1][3].startswith("not sent")


@pytest.mark.parametrize("place", ["gate-9/main", "gate-1/attic"])
def test_there_is_no_order_to_what_the_site_does_not_have(nodes: Nodes, client: Client, place: str) -> None:
    assert client().post(f"/api/lanes/{place}/state", json=OPEN).status_code == 404
    assert client("admin").post(f"/api/lanes/{place}/pass", json={"direction": "in", "why": "x"}).status_code == 404
    assert nodes.heard == []


@pytest.mark.parametrize(
    "bad",
    [
        {"state": "open_once"},
        {"state": "open_once", "why": "  "},
        {"state": "locked", "why": "no end"},
        {"state": "ajar", "why": "x"},
        OPEN | {"minutes": 1},
        OPEN | {"id": "a b"},
    ],
)
def test_an_order_without_a_reason_or_an_end_is_not_sent(nodes: Nodes, client: Client, bad: dict[str, Any]) -> None:
    assert client().post("/api/lanes/gate-1/main/state", json=bad).status_code == 422
    assert nodes.heard == []


def test_who_was_let_pass_is_told_to_the_node_by_the_name_that_nodes_know(
    parts: Services, nodes: Nodes, client: Client
) -> None:
    with parts.store.write() as link:
        parts.registry.enrol(link, "ann", person_file(), ground(), some_face(), who="t", now=parts.now())
        opaque = link.execute(select(people.c.opaque)).scalar_one()
    user = client()
    wanted = {"direction": "in", "why": "forgot her card"}
    assert user.post("/api/lanes/gate-1/main/pass", json=wanted | {"person_id": "ann"}).status_code == 200
    assert user.post("/api/lanes/gate-1/main/pass", json=wanted | {"why": "Mr Li, plumber"}).status_code == 200
    assert user.post("/api/lanes/gate-1/main/pass", json=wanted | {"person_id": "bob"}).status_code == 404
    commands = [command for _, command in nodes.heard if isinstance(command, LetPass)]
    assert [(each.person_id, each.direction) for each in commands] == [(opaque, "in"), (None, "in")]
    assert [detail for _, action, _, detail in audited(parts) if action == "lane.let_pass"] == [
        "in, ann: forgot her card",
        "in, a visitor: Mr Li, plumber",
    ]


def test_one_press_locks_every_lane_of_the_site_and_each_is_answered_for(
    parts: Services, nodes: Nodes, client: Client
) -> None:
    nodes.says["gate-2"] = None
    add_node(parts, "gate-3")  # and it was never heard of
    told = client().post("/api/lanes/state", json=LOCK).json()
    assert [(item["node"], item["lane"], item["result"]) for item in told["items"]] == [
        ("gate-1", "main", "done"),
        ("gate-1", "side", "done"),
        ("gate-2", "drive", "no_answer"),
        ("gate-3", None, "offline"),
    ]
    assert told["done"] is False
    assert audited(parts)[-1] == (
        "guard-1",
        "lanes.answer",
        "school",
        "gate-1/main done, gate-1/side done, gate-2/drive no_answer, gate-3/? offline",
    )


def test_in_an_emergency_also_a_node_that_seems_to_be_away_is_told(nodes: Nodes, client: Client, clock: Any) -> None:
    nodes.says["gate-2"] = None
    clock.forward(31)
    told = client().post("/api/lanes/state", json=LOCK).json()
    assert [item["result"] for item in told["items"]] == ["done", "done", "offline"]


def test_a_revoked_node_is_ordered_nothing(parts: Services, nodes: Nodes, client: Client) -> None:
    with parts.store.write() as link:
        identity.revoke(link, site=parts.site, node="gate-2", now=parts.now(), who="t")
    told = client().post("/api/lanes/state", json={"state": "normal", "why": "over"}).json()
    assert (told["done"], [item["node"] for item in told["items"]]) == (True, ["gate-1", "gate-1"])


def test_lanes_that_decided_nothing_yet_are_listed(parts: Services, nodes: Nodes, client: Client) -> None:
    heard = parts.presence.last("gate-2")
    assert heard is not None
    parts.lanes.hear(heard.state)
    (lane,) = client().get("/api/lanes").json()["items"]
    assert (lane["id"], lane["standing"], lane["decision"]) == ("gate-2/drive", "normal", None)


def test_a_guard_without_the_sessions_token_orders_nothing(nodes: Nodes, client: Client) -> None:
    user = client()
    answer = user.post("/api/lanes/state", json=LOCK, headers={"X-CSRF-Token": "guess"})
    assert (answer.status_code, nodes.heard) == (403, [])


def back(parts: Services, nodes: Nodes, reminder: Reminder, node: str, *lanes: str) -> list[Command]:
    """`node` is heard of again, and answers what it is told; what it was told that it had not been told before."""
    nodes.says.pop(node, None)
    before = len(nodes.heard)
    hear(parts, node, *lanes)
    for _ in range(2):
        reminder.step()
        for name, command in nodes.heard[before:]:
            reminder.hear(name, Answer(id=command.id, result="done"))
    return [command for name, command in nodes.heard[before:] if name == node]


def kept(user: httpx.Client) -> dict[str, Any] | None:
    found: dict[str, Any] | None = user.get("/api/lanes/order").json()["order"]
    return found


def test_a_node_that_was_away_is_locked_when_it_is_back_and_told_once(
    parts: Services, nodes: Nodes, client: Client, clock: Any
) -> None:
    user, reminder = client(), Reminder(parts)
    nodes.says["gate-2"] = None
    user.post("/api/lanes/state", json=LOCK)
    order = kept(user)
    assert order is not None
    assert (order["state"], order["who"], order["why"]) == ("locked", "guard-1", "a dog in the yard")
    assert order["waiting"] == [{"node": "gate-2", "lane": "drive"}]
    clock.forward(300)
    (command,) = back(parts, nodes, reminder, "gate-2", "drive")
    assert isinstance(command, SetLane)
    assert (command.lane, command.state, command.until) == ("drive", "locked", order["until"])
    assert command.ordered == order["at"], "so that the node knows what was ordered there since"
    assert back(parts, nodes, reminder, "gate-2", "drive") == []
    assert (kept(user) or {})["waiting"] == []
    told = [(who, action, subject) for who, action, subject, _ in audited(parts)[-2:]]
    assert told == [("gateway", "lane.again", "gate-2/drive"), ("gateway", "lane.answer", "gate-2/drive")]


def test_a_gateway_that_was_restarted_still_knows_whom_to_tell(
    parts: Services, nodes: Nodes, client: Client, clock: Any
) -> None:
    add_node(parts, "gate-3")  # never heard of: nobody knows its lanes yet
    client().post("/api/lanes/state", json=LOCK)
    clock.forward(60)
    hear(parts, "gate-1", "main", "side")
    (command,) = back(parts, nodes, Reminder(parts), "gate-3", "attic")
    assert isinstance(command, SetLane) and command.state == "locked"
    assert not [node for node, each in nodes.heard[3:] if node != "gate-3"]


@pytest.mark.parametrize("later", [{"state": "normal", "why": "over"}, {"state": "locked", "minutes": 1, "why": "x"}])
def test_only_the_last_order_is_told_and_only_until_its_end(
    parts: Services, nodes: Nodes, client: Client, clock: Any, later: dict[str, Any]
) -> None:
    user, reminder = client(), Reminder(parts)
    nodes.says["gate-2"] = None
    user.post("/api/lanes/state", json=LOCK)
    user.post("/api/lanes/state", json=later)
    clock.forward(120)
    assert back(parts, nodes, reminder, "gate-2", "drive") == []
    assert kept(user) is None


def test_a_node_that_was_locked_before_it_went_away_is_let_go_when_it_is_back(
    parts: Services, nodes: Nodes, client: Client, clock: Any
) -> None:
    user, reminder = client(), Reminder(parts)
    nodes.says["gate-2"] = None
    user.post("/api/lanes/state", json={"state": "normal", "why": "over"})
    clock.forward(60)
    state = NodeState(node="gate-2", epoch="e", seq=0, time=parts.now(), version="1", lanes={"drive": "locked"})
    parts.presence.hear("gate-2", state, parts.clock())
    reminder.step()
    node, command = nodes.told[-1]
    assert (node, getattr(command, "state", "")) == ("gate-2", "normal")
    assert len({each.id for name, each in nodes.told if name == "gate-2"}) == 1, "carried out once"


def test_what_a_guard_ordered_at_one_lane_since_then_is_not_undone(
    parts: Services, nodes: Nodes, client: Client, clock: Any
) -> None:
    user, reminder = client(), Reminder(parts)
    nodes.says["gate-2"] = None
    user.post("/api/lanes/state", json=LOCK)
    clock.forward(60)
    nodes.says.pop("gate-2")
    hear(parts, "gate-2", "drive")
    user.post("/api/lanes/gate-2/drive/state", json={"state": "normal", "why": "the ambulance"}).raise_for_status()
    assert back(parts, nodes, reminder, "gate-2", "drive") == []


def test_an_older_press_that_is_sent_again_undoes_no_newer_order(nodes: Nodes, client: Client) -> None:
    user = client()
    user.post("/api/lanes/state", json=LOCK | {"id": "press-1"}).raise_for_status()
    user.post("/api/lanes/state", json={"state": "normal", "why": "over"}).raise_for_status()
    count = len(nodes.heard)
    assert user.post("/api/lanes/state", json=LOCK | {"id": "press-1"}).status_code == 409
    assert len(nodes.heard) == count
