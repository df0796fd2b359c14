"""Whom guards let pass: it counts as any passage, once, also where no node could be told, and a slip is put right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from msgspec.structs import replace
from sqlalchemy import select
from support.events import event, passage
from support.gateway import add_node
from support.heeding import Nodes, hear
from support.people import ground, person_file, some_face
from zhian_gateway import moments
from zhian_gateway.cases.book import Book
from zhian_gateway.emergency import muster
from zhian_gateway.housekeeping import Housekeeping
from zhian_gateway.ingest.keeping import Keeper
from zhian_gateway.ingest.sorting import Message
from zhian_gateway.ledger.reading import read as ledger
from zhian_gateway.nodes.watching import NodeWatch
from zhian_gateway.notices.queueing import Desk
from zhian_gateway.people.whereabouts import Went, keep, told, told_by_hand
from zhian_gateway.rules.follower import Follower
from zhian_gateway.services import Services
from zhian_gateway.store.tables import audit, hand_passes, notices, passages, people, recorded_whereabouts, whereabouts
from zhian_wire import codec, reasons, times
from zhian_wire.commands import Answer, LetPass, TakeBack
from zhian_wire.evidence import Evidence
from zhian_wire.whereabouts import BY_HAND

Client = Callable[..., httpx.Client]
LANE = "/api/lanes/gate-1/main"
FORGOT = {"id": "press-1", "person_id": "ann", "direction": "in", "why": "forgot her card", "opens": True}


@pytest.fixture
def outbound() -> Nodes:
    return Nodes()


class Gate:
    """A node that does as it is told, and what it tells afterwards."""

    def __init__(self, parts: Services, nodes: Nodes) -> None:
        self.parts, self.nodes, self._seq = parts, nodes, 0
        self._keeper = Keeper(parts.store, parts.book, site=parts.site, zone=parts.zone, clock=parts.clock)
        nodes.parts = parts
        parts.orders.wait_s = 0.05
        add_node(parts, "gate-1")
        hear(parts, "gate-1", "main")
        with parts.store.write() as link:
            about = person_file(name="小安", guardians=["inbox://mother"])
            parts.registry.enrol(link, "ann", about, ground(), some_face(), who="t", now=parts.now())
            self.ann = str(link.execute(select(people.c.opaque)).scalar_one())
        self.follower = Follower(
            parts.store, Book(parts.site), Desk(parts.config), parts.lanes, site=parts.site, rules=parts.config.rules,
            clock=parts.clock, changed=parts.bell.ring,
        )  # fmt: skip

    def tells(
        self, transaction: str | None, person: str | None = "ann", zone: str = "school", ago_s: float = 0, **more: Any
    ) -> None:
        """A passage of the lane, as the node tells it."""
        self.sends(transaction, person, zone, ago_s, **more)
        self.follow()

    def sends(
        self, transaction: str | None, person: str | None = "ann", zone: str = "school", ago_s: float = 0, **more: Any
    ) -> None:
        """Likewise, and nobody follows it yet."""
        self._seq += 1
        who, node, at_ms = self.ann if person == "ann" else person, more.pop("node", "gate-1"), 200_000
        word = Evidence(kind=more.pop("by", "manual"), device="main", at_ms=at_ms, person_id=who)
        said = {"kind": "manual", "transaction": transaction, "person_id": who, "direction": "in", "lane": "main"}
        said |= {"camera": "main", "reason": "manual", "evidence": (word,), "zone": zone}
        one = event(passage(**(said | more)), seq=self._seq, node=node)
        one = replace(one, time=times.to_text(self.parts.clock()), mono_ms=at_ms + round(ago_s * 1000))
        self._keeper.keep([Message(node, codec.encode(one))])

    def follow(self) -> None:
        while self.follower.step():
            pass

    def rows(self, table: Any) -> list[Any]:
        with self.parts.store.read() as link:
            return list(link.execute(select(table).order_by(*table.primary_key.columns)))

    def counted(self) -> list[tuple[str, str | None]]:
        """Reason and movement of every passage."""
        return [(row.reason, row.movement) for row in self.rows(passages)]

    def zone(self) -> str | None:
        return next((row.zone for row in self.rows(whereabouts)), None)

    def heard(self, node: str) -> list[str]:
        """Where somebody went, as a node without siblings is told."""
        now = self.parts.clock()
        with self.parts.store.read() as link:
            found = told_by_hand(link, node, since=0, day=moments.local_day(now, self.parts.zone), now=now)
        assert {(one.person, one.node) for one in found} <= {(self.ann, BY_HAND)}
        return [one.zone for one in found]

    def told(self, *states: str) -> list[tuple[str, str]]:
        return [(row.happening, row.state) for row in self.rows(notices) if not states or row.state in states]


@pytest.fixture
def gate(parts: Services, outbound: Nodes) -> Gate:
    return Gate(parts, outbound)


def test_one_word_opens_the_lane_and_the_passage_counts_and_is_told_to_guardians(gate: Gate, client: Client) -> None:
    told = client().post(f"{LANE}/pass", json=FORGOT)
    assert (told.status_code, told.json()["result"]) == (200, "done")
    ((_, command),) = gate.nodes.heard
    assert isinstance(command, LetPass)
    assert (command.opens, command.person_id, command.id) == (True, gate.ann, told.json()["pass_id"])
    gate.tells(command.id)
    assert gate.counted() == [("manual", "arrival")]
    assert (gate.zone(), gate.told()) == ("school", [("arrival", "queued")])
    (hand,) = gate.rows(hand_passes)
    assert (hand.who, hand.why, hand.recorded, hand.passage_id) == (
        "guard-1", "forgot her card", False, gate.rows(passages)[0].id,
    )  # fmt: skip


@pytest.mark.parametrize("heeded", [True, False])
def test_where_no_node_answers_it_is_recorded_by_hand_and_counts_once_when_the_link_is_back(
    gate: Gate, client: Client, heeded: bool
) -> None:
    gate.nodes.says["gate-1"] = None
    guard = client()
    assert guard.post(f"{LANE}/pass", json=FORGOT).json()["error"]["code"] == "no_answer"
    for _ in range(2):
        said = guard.post(f"{LANE}/passed", json=FORGOT)
        assert (said.status_code, said.json()["recorded"]) == (200, True)
    gate.follow()
    assert gate.counted() == [(reasons.RECORDED, "arrival")]
    # The order had come through after all; or the node saw her by itself.
    gate.tells(said.json()["id"] if heeded else "another")
    assert [row.person for row in gate.rows(passages)] == [gate.ann] * 2
    assert gate.counted()[1:] == [(reasons.RECORDED_BEFORE, None)]
    assert gate.told() == [("arrival", "queued")]
    # Whatever else of her comes now was she.
    gate.tells("once more")
    assert gate.counted()[2:] == [("manual", "arrival")]
    (hand,) = gate.rows(hand_passes)
    assert hand.double_id == gate.rows(passages)[1].id


def test_who_comes_again_later_is_no_double_of_what_was_recorded(gate: Gate, client: Client) -> None:
    client().post(f"{LANE}/passed", json=FORGOT).raise_for_status()
    gate.follow()
    gate.parts.clock.forward(300)  # type: ignore[attr-defined]
    gate.tells("later")
    assert [movement for _, movement in gate.counted()] == ["arrival", "arrival"]


@pytest.mark.parametrize("elsewhere", [{"node": "dormitory"}, {"lane": "other"}])
def test_who_passes_elsewhere_after_being_recorded_passes(
    gate: Gate, client: Client, elsewhere: dict[str, str]
) -> None:
    client().post(f"{LANE}/passed", json=FORGOT).raise_for_status()
    gate.follow()
    add_node(gate.parts, "dormitory")
    gate.parts.clock.forward(100)  # type: ignore[attr-defined]
    gate.tells("own card", zone="bed", by="card", kind="card", **elsewhere)
    assert [reason for reason, _ in gate.counted()] == [reasons.RECORDED, "manual"]
    assert gate.zone() == "bed"


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("seen", [True, False])
def test_who_is_recorded_and_goes_out_and_in_again_is_inside(
    gate: Gate, client: Client, at_once: bool, seen: bool
) -> None:
    gate.nodes.says["gate-1"] = None
    guard = client()
    guard.post(f"{LANE}/pass", json=FORGOT)
    gate.parts.clock.forward(1)  # type: ignore[attr-defined]
    guard.post(f"{LANE}/passed", json=FORGOT).raise_for_status()
    gate.parts.clock.forward(99)  # type: ignore[attr-defined]
    ways = [*([("in", 98.0)] if seen else []), ("out", 50.0), ("in", 0.0)]
    for way, ago_s in ways:
        gate.sends(f"{way} {ago_s}", zone="school" if way == "in" else "", ago_s=ago_s, direction=way, kind="card")
        if not at_once:
            gate.follow()
    gate.follow()
    assert gate.zone() == "school"
    doubles = [row.reason for row in gate.rows(passages) if row.reason == reasons.RECORDED_BEFORE]
    assert len(doubles) == seen


@pytest.mark.parametrize(("by", "reason", "zone"), [("manual", reasons.TAKEN_BACK, None), ("card", "manual", "school")])
def test_who_came_by_a_card_as_well_came_though_the_word_was_a_slip(
    gate: Gate, client: Client, by: str, reason: str, zone: str | None
) -> None:
    guard = client()
    order = guard.post(f"{LANE}/pass", json=FORGOT).json()["pass_id"]
    guard.post(f"/api/lanes/passes/{order}/undo").raise_for_status()
    gate.tells(order, by=by)
    assert [said for said, _ in gate.counted()] == [reason]
    assert gate.zone() == zone


def test_a_passage_that_was_told_with_the_childs_own_card_stands_when_the_word_for_it_is_undone(
    gate: Gate, client: Client
) -> None:
    guard = client()
    order = guard.post(f"{LANE}/pass", json=FORGOT).json()["pass_id"]
    gate.tells(order, by="card")
    assert guard.post(f"/api/lanes/passes/{order}/undo").json()["undone"]
    assert (gate.counted(), gate.zone()) == ([("manual", "arrival")], "school")
    assert gate.told() == [("arrival", "queued")]
    assert not [command for _, command in gate.nodes.heard if isinstance(command, TakeBack)]


@pytest.mark.parametrize("sent", [False, True])
@pytest.mark.parametrize("heeded", [False, True])
def test_what_was_taken_for_the_same_as_a_recorded_passage_counts_when_the_word_is_undone(
    gate: Gate, client: Client, heeded: bool, sent: bool
) -> None:
    guard = client()
    order = guard.post(f"{LANE}/passed", json=FORGOT).json()["id"]
    gate.follow()
    gate.tells(order if heeded else "own card", by="card", kind="manual" if heeded else "card", reason="card")
    assert gate.counted() == [(reasons.RECORDED, "arrival"), (reasons.RECORDED_BEFORE, None)]
    if sent:
        with gate.parts.store.write() as link:
            link.execute(notices.update().values(state="sent"))
    gate.parts.clock.forward(1)  # type: ignore[attr-defined]
    guard.post(f"/api/lanes/passes/{order}/undo").raise_for_status()
    assert gate.counted() == [(reasons.TAKEN_BACK, None), ("card", "arrival")]
    # She did arrive: who was told so is told nothing else.
    assert (gate.zone(), gate.told()) == ("school", [("arrival", "sent" if sent else "queued")])
    (taken,) = [command for _, command in gate.nodes.heard if isinstance(command, TakeBack)]
    assert taken.zone == "school"


def test_the_nodes_word_of_an_order_that_was_recorded_and_undone_counts_for_nothing(gate: Gate, client: Client) -> None:
    guard = client()
    order = guard.post(f"{LANE}/passed", json=FORGOT).json()["id"]
    gate.follow()
    gate.tells(order)
    guard.post(f"/api/lanes/passes/{order}/undo").raise_for_status()
    assert [movement for _, movement in gate.counted()] == [None, None]
    assert (gate.zone(), gate.told()) == (None, [("arrival", "expired")])


def test_somebody_else_who_was_taken_for_whom_a_guard_recorded_is_told_of_when_the_word_is_undone(
    gate: Gate, client: Client
) -> None:
    with gate.parts.store.write() as link:
        about = person_file(name="小宝", guardians=["inbox://father"])
        gate.parts.registry.enrol(link, "bob", about, ground(), some_face(), who="t", now=gate.parts.now())
        bob = str(link.execute(select(people.c.opaque).where(people.c.id == "bob")).scalar_one())
    guard = client()
    order = guard.post(f"{LANE}/passed", json=FORGOT).json()["id"]
    gate.follow()
    # The order had come through after all, and by it went whoever's face was seen.
    gate.tells(order, person=bob, by="face", kind="face")
    guard.post(f"/api/lanes/passes/{order}/undo").raise_for_status()
    assert gate.counted() == [(reasons.TAKEN_BACK, None), ("manual", "arrival")]
    assert sorted(gate.told()) == [("arrival", "expired"), ("arrival", "queued")]
    assert "小宝" in gate.rows(notices)[1].body
    assert [(row.person, row.zone) for row in gate.rows(whereabouts)] == [(bob, "school")]


def test_whom_a_guard_recorded_the_lanes_own_node_is_told_of(gate: Gate, client: Client) -> None:
    gate.tells("t-1", ago_s=150.0)
    client().post(f"{LANE}/passed", json=FORGOT).raise_for_status()
    gate.follow()
    now, (row,) = gate.parts.clock(), gate.rows(whereabouts)
    with gate.parts.store.read() as link:
        heard = told(link, "gate-1", since=row.version - 1, day=row.day, now=now)
    assert [(one.person, one.zone, one.node) for one in heard] == [(gate.ann, "school", BY_HAND)]


def test_a_gate_without_siblings_is_told_of_whom_guards_recorded_at_its_own_lanes_and_of_nobody_else(
    gate: Gate, client: Client, outbound: Nodes
) -> None:
    add_node(gate.parts, "dormitory")
    gate.tells("t-1", ago_s=150.0)
    watch = NodeWatch(gate.parts, gate.parts.bell.ring)
    watch.step()
    assert gate.heard("gate-1") == gate.heard("dormitory") == []
    order = client().post(f"{LANE}/passed", json=FORGOT).json()["id"]
    gate.follow()
    watch.step()
    assert (gate.heard("gate-1"), gate.heard("dormitory")) == (["school"], [])
    gate.parts.clock.forward(1)  # type: ignore[attr-defined]
    client().post(f"/api/lanes/passes/{order}/undo").raise_for_status()
    watch.step()
    assert gate.heard("gate-1") == ["school"]
    (row,) = gate.rows(whereabouts)
    assert [each.presence for node, each in outbound.notices if node == "gate-1"] == [0, row.version - 1, row.version]
    assert {each.presence for node, each in outbound.notices if node == "dormitory"} == {0}


def passes_elsewhere(gate: Gate, zone: str = "", after_s: float = 10, **more: Any) -> None:
    add_node(gate.parts, "dormitory")
    gate.parts.clock.forward(after_s)  # type: ignore[attr-defined]
    gate.sends(None, zone=zone, by="card", kind="card", **{"node": "dormitory"} | more)


@pytest.mark.parametrize("at_once", [False, True], ids=["one after the other", "followed together"])
def test_a_recorded_word_reaches_a_gate_without_siblings_though_they_passed_elsewhere_meanwhile(
    gate: Gate, client: Client, outbound: Nodes, at_once: bool
) -> None:
    gate.tells("t-1", ago_s=150.0)
    watch = NodeWatch(gate.parts, gate.parts.bell.ring)
    client().post(f"{LANE}/passed", json=FORGOT).raise_for_status()
    if not at_once:
        gate.follow()
    passes_elsewhere(gate)
    gate.follow()
    assert gate.zone() == ""
    assert (gate.heard("gate-1"), gate.heard("dormitory")) == (["school"], [])
    watch.step()
    assert [each.presence > 0 for node, each in outbound.notices if node == "gate-1"] == [True]


def test_a_recorded_word_that_is_undone_after_they_passed_elsewhere_is_undone_at_the_gate_without_siblings_too(
    gate: Gate, client: Client
) -> None:
    gate.tells("t-1", zone="school", ago_s=200.0)
    gate.tells("t-2", person=None, zone="", direction="out", ago_s=150.0)
    order = client().post(f"{LANE}/passed", json=FORGOT | {"direction": "out"}).json()["id"]
    gate.follow()
    assert gate.heard("gate-1") == [""]
    passes_elsewhere(gate, zone="dormitory")
    gate.follow()
    client().post(f"/api/lanes/passes/{order}/undo").raise_for_status()
    assert (gate.zone(), gate.heard("gate-1")) == ("dormitory", ["dormitory"])


@pytest.mark.parametrize("at_once", [False, True])
def test_a_gate_that_saw_them_itself_since_is_told_of_no_word(gate: Gate, client: Client, at_once: bool) -> None:
    gate.tells("t-1", ago_s=150.0)
    order = client().post(f"{LANE}/passed", json=FORGOT).json()["id"]
    if not at_once:
        gate.follow()
    passes_elsewhere(gate, zone="library", after_s=130, node="gate-1", direction="out")
    gate.follow()
    assert gate.heard("gate-1") == []
    client().post(f"/api/lanes/passes/{order}/undo").raise_for_status()
    assert (gate.zone(), gate.heard("gate-1")) == ("library", [])


def test_what_was_recorded_is_forgotten_with_the_day_and_with_the_person(gate: Gate, client: Client) -> None:
    gate.tells("t-1", ago_s=150.0)
    client().post(f"{LANE}/passed", json=FORGOT).raise_for_status()
    gate.follow()
    with gate.parts.store.write() as link:
        gate.parts.registry.withdraw(link, "ann", who="t", now=gate.parts.now())
    assert gate.rows(recorded_whereabouts) == []
    with gate.parts.store.write() as link:
        keep(link, [Went("p1", "school", BY_HAND, gate.parts.now(), "2026-03-02", lane_node="gate-1")])
    gate.parts.clock.forward(86_400)  # type: ignore[attr-defined]
    Housekeeping(gate.parts).step()
    assert gate.rows(recorded_whereabouts) == []


def test_a_recorded_passage_leads_where_the_lane_leads_and_makes_no_hole_in_the_ledger(
    gate: Gate, client: Client
) -> None:
    gate.tells("t-1", person=None, zone="school")
    client().post(f"{LANE}/passed", json=FORGOT).raise_for_status()
    gate.follow()
    assert gate.zone() == "school"
    with gate.parts.store.read() as link:
        lines = ledger(link, gate.parts.site, gate.parts.zone)
        assert [(line.node, line.decided, line.stored, line.holes) for line in lines] == [("gate-1", 2, 2, 0)]


def test_a_slip_stays_to_be_seen_and_counts_for_nothing(gate: Gate, client: Client) -> None:
    guard = client()
    order = guard.post(f"{LANE}/pass", json=FORGOT).json()["pass_id"]
    gate.tells(order)
    undone = guard.post(f"/api/lanes/passes/{order}/undo").json()
    assert (undone["undone"], undone["passage_id"]) == (True, str(gate.rows(passages)[0].id))
    assert gate.counted() == [(reasons.TAKEN_BACK, None)]
    assert (gate.zone(), gate.told()) == ("", [("arrival", "expired")])
    (taken,) = [command for _, command in gate.nodes.heard if isinstance(command, TakeBack)]
    assert (taken.order, taken.person_id, taken.zone) == (order, gate.ann, "")
    with gate.parts.store.read() as link:
        found = link.execute(select(audit.c.who, audit.c.action).where(audit.c.action == "lane.take_back")).all()
    assert [tuple(row) for row in found] == [("guard-1", "lane.take_back")]
    assert guard.get("/api/passages").json()["items"][0]["reason"] == reasons.TAKEN_BACK


def test_a_slip_that_is_undone_before_the_node_tells_of_it_is_told_to_nobody(gate: Gate, client: Client) -> None:
    guard = client()
    order = guard.post(f"{LANE}/pass", json=FORGOT).json()["pass_id"]
    guard.post(f"/api/lanes/passes/{order}/undo").raise_for_status()
    gate.tells(order)
    assert gate.counted() == [(reasons.TAKEN_BACK, None)]
    assert (gate.zone(), gate.told()) == (None, [])


def test_a_guardian_who_was_told_already_is_told_of_the_mistake(gate: Gate, client: Client) -> None:
    guard = client()
    order = guard.post(f"{LANE}/pass", json=FORGOT).json()["pass_id"]
    gate.tells(order)
    with gate.parts.store.write() as link:
        link.execute(notices.update().values(state="sent"))
    guard.post(f"/api/lanes/passes/{order}/undo").raise_for_status()
    assert gate.told() == [("arrival", "sent"), ("passage_taken_back", "queued")]
    assert "小安" in gate.rows(notices)[1].body


def test_a_slip_is_undone_within_minutes_only_and_what_was_undone_is_not_recorded_again(
    gate: Gate, client: Client
) -> None:
    guard = client()
    order = guard.post(f"{LANE}/pass", json=FORGOT).json()["pass_id"]
    assert guard.post(f"/api/lanes/passes/{'0' * 32}/undo").status_code == 404
    gate.parts.clock.forward(301)  # type: ignore[attr-defined]
    assert guard.post(f"/api/lanes/passes/{order}/undo").status_code == 409
    hear(gate.parts, "gate-1", "main")
    again = guard.post(f"{LANE}/pass", json=FORGOT | {"id": "press-2"}).json()["pass_id"]
    guard.post(f"/api/lanes/passes/{again}/undo").raise_for_status()
    assert guard.post(f"{LANE}/passed", json=FORGOT | {"id": "press-2"}).status_code == 409


def test_somebody_without_a_name_who_was_a_slip_is_not_counted_inside(gate: Gate, client: Client) -> None:
    guard = client()
    visitor = {"id": "press-3", "direction": "in", "why": "Mr Li, plumber", "opens": True}
    order = guard.post(f"{LANE}/pass", json=visitor).json()["pass_id"]
    gate.tells(order, person=None)
    day = gate.rows(passages)[0].day
    with gate.parts.store.read() as link:
        assert muster.nameless(link, day) == (1, 0)
    guard.post(f"/api/lanes/passes/{order}/undo").raise_for_status()
    with gate.parts.store.read() as link:
        assert muster.nameless(link, day) == (0, 0)


def test_a_node_that_refuses_leaves_nothing_that_counts(gate: Gate, client: Client) -> None:
    gate.nodes.says["gate-1"] = Answer(id="", result="refused", detail="no lane main here opens anything")
    assert client().post(f"{LANE}/pass", json=FORGOT).status_code == 409
    gate.follow()
    assert gate.counted() == []
