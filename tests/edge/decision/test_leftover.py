"""What a node that ended left open is closed by the next one; never twice, never on anybody, and never during fire."""

from __future__ import annotations

from dataclasses import replace

from support.lanes import CARD, MONDAY, PEOPLE, Node, plan, read
from zhian_edge.decision.actions import Act
from zhian_edge.decision.decider import Decider
from zhian_edge.decision.leftover import INPUTS_MS
from zhian_edge.decision.plan import Plan
from zhian_edge.signals import ClockTold, Contact, LaneOrder
from zhian_wire import reasons
from zhian_wire.events import Decision, EventData
from zhian_wire.roster import Roster

START = ClockTold(at_ms=0, wall_ms=round(MONDAY.timestamp() * 1000), clock="trusted")
#: The next boot; its barrier's pulse is a second.
NEXT = replace(plan(CARD), run="next")
CALM = replace(NEXT, inputs={})


def rows(node: Node) -> dict[str, bytes]:
    return {key: value for key, value in node.decider.changes().items() if value is not None}


class Again(Node):
    """A node that was restarted with what another kept."""

    def __init__(self, kept: dict[str, bytes], planned: Plan = NEXT, told: ClockTold = START) -> None:
        super().__init__(planned, wall=None)
        self.events: list[EventData] = []
        self._keep(self.decider.recall(lambda: iter(()), kept, told))


def hold(until_ms: int | None = None) -> LaneOrder:
    return LaneOrder(order="o", lane="main", state="held_open", who="guard", at_ms=100, until_ms=until_ms)


def idle(at_ms: int, device: str = "fire") -> Contact:
    return Contact(device=device, at_ms=at_ms, state="idle")


def test_a_barrier_whose_hold_ended_while_the_node_was_down_is_closed_once() -> None:
    before = Node(plan(CARD))
    before.at(hold(until_ms=60_000))
    late = ClockTold(at_ms=0, wall_ms=START.wall_ms + 3_600_000, clock="trusted")
    node = Again(rows(before), CALM, late)
    assert node.moves == []  # somebody may be passing by a pulse of a moment ago
    node.until(900)
    assert node.moves == []
    node.until(1000)
    assert node.moves == ["close"]
    node.until(60_000)
    assert node.moves == ["close"]


def test_a_barrier_is_not_closed_while_a_pulse_lets_somebody_pass() -> None:
    node = Again({}, CALM)
    node.decider.use_roster(Roster(version=1, persons=PEOPLE))
    node.at(read("A1", 500))
    node.until(3400)  # an order is good for two seconds, and its pulse takes one
    assert node.moves == ["pulse"]
    node.until(3600)
    assert node.moves == ["pulse", "close"]


def test_a_hold_that_stands_is_held_and_not_closed() -> None:
    before = Node(plan(CARD))
    before.at(hold())
    node = Again(rows(before), CALM)
    node.until(60_000)
    assert node.moves == ["hold"]


def test_a_lock_that_stands_closes_as_soon_as_nobody_may_be_passing() -> None:
    before = Node(plan(CARD))
    before.at(LaneOrder(order="o", lane="main", state="locked", who="guard", at_ms=100))
    node = Again(rows(before), CALM)
    assert [d.reason for d in node.decisions] == [reasons.LOCKED]
    node.until(1000)
    assert node.moves == ["close"]


def test_somebody_who_locks_a_lane_just_after_a_restart_closes_it_at_once() -> None:
    node = Again({})
    node.at(LaneOrder(order="o", lane="main", state="locked", who="guard", at_ms=100))
    assert node.moves == ["close"]
    node.until(60_000)
    assert node.moves == ["close"]


def test_fire_releases_until_its_input_says_otherwise_also_after_a_restart() -> None:
    before = Node(plan(CARD))
    before.at(Contact(device="fire", at_ms=1000, state="active"))
    kept = rows(before)
    node = Again(kept)
    assert node.moves == ["hold"]
    assert [act.vital for act in node.acts if isinstance(act, Act)] == [True]
    node.until(120_000)
    assert node.moves == ["hold"]
    node.at(idle(120_000))
    assert node.moves == ["hold", "close"]
    assert [d.reason for d in node.decisions if d.lane == "main"] == [reasons.RELEASED, reasons.BACK_TO_NORMAL]
    assert node.decider.changes() == {"fire": None}


def test_fire_that_ended_while_the_node_was_down_ends() -> None:
    before = Node(plan(CARD))
    before.at(Contact(device="fire", at_ms=1000, state="active"))
    node = Again(rows(before))
    node.at(idle(10))
    assert node.moves == ["hold", "close"]


def test_nothing_is_closed_before_a_fire_input_has_said_how_it_is_unless_it_never_does() -> None:
    node = Again({})
    node.until(5000)
    assert node.moves == []
    node.at(Contact(device="fire", at_ms=5000, state="active"))
    node.until(60_000)
    assert node.moves == ["hold"]
    told = Again({})
    told.until(5000)
    told.at(idle(5000))
    told.until(5100)
    assert told.moves == ["close"]
    dead = Again({})
    dead.until(INPUTS_MS - 100)
    assert dead.moves == []
    dead.until(INPUTS_MS)
    assert dead.moves == ["close"]


def test_a_fire_input_that_is_configured_no_more_releases_nothing() -> None:
    before = Node(plan(CARD))
    before.at(Contact(device="fire", at_ms=1000, state="active"))
    node = Again(rows(before), CALM)
    assert node.decider.lanes()["main"] == "normal"
    node.until(1000)
    assert node.moves == ["close"]
    assert node.decider.changes() == {"fire": None}


def test_a_restart_alone_decides_nothing() -> None:
    node = Again({}, CALM)
    node.until(60_000)
    assert not [each for each in node.events if isinstance(each, Decision)]


def test_a_node_that_was_not_restarted_closes_nothing() -> None:
    node = Node(CALM)
    node.until(60_000)
    assert node.moves == []
    assert isinstance(node.decider, Decider)
