"""What no camera alone shows: each case is an alert with its evidence and a stable key, and nothing else is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from support.lanes import (
    ANN,
    ANY,
    BOTH,
    CARD,
    EVE,
    MONDAY,
    PLATE,
    Node,
    body,
    crossed,
    face,
    groups,
    other,
    plan,
    plate,
    read,
    site,
)  # fmt: skip
from zhian_edge.decision.actions import Act
from zhian_edge.decision.alerts import SEVERITY
from zhian_edge.decision.plan import CameraPlan
from zhian_edge.signals import Acted, CameraReport, Contact, LaneOrder, ManualPassage, Signal
from zhian_wire import reasons
from zhian_wire.calendar import Group
from zhian_wire.events import Actuated, Alert
from zhian_wire.roster import Collector, Leave, Person


def told(signals: list[Signal], node: Node | None = None, until_ms: int = 60_000) -> Node:
    node = node or Node()
    for signal in sorted(signals, key=lambda each: getattr(each, "at_ms", 0)):
        node.at(signal)
    node.until(until_ms)
    return node


def raised(node: Node) -> list[Alert]:
    return [event for event in node.events if isinstance(event, Alert)]


def through(track: int, at_ms: int, name: str | None = None, direction: Any = "in") -> list[Signal]:
    """Somebody goes over the line; the face is named, or seen and unknown."""
    return [
        face(track + 1, at_ms - 400, name, direction=direction),
        crossed(track, at_ms, direction),
        body(track, at_ms + 100, direction=direction),
    ]


def by_camera(camera: str, signal: Any) -> Any:
    """The same, seen by another camera."""
    return msgspec.structs.replace(signal, camera=camera, source=camera)


def test_a_borrowed_card_shows_both() -> None:
    node = told([read("A1", 2000), *through(11, 3000, "bob")])
    (alert,) = raised(node)
    assert (alert.kind, alert.severity, alert.person_id, alert.lane) == ("borrowed_card", "major", "ann", "main")
    assert {piece.kind for piece in alert.evidence} == {"card", "face", "body", "crossing"}
    (passage,) = node.passages
    assert (passage.person_id, passage.reason) == ("bob", reasons.FACE_DIFFERS)
    assert node.decider.presence(60_000) == {"school": 1}


def test_a_card_without_anybody_is_told_and_nobody_is_inside() -> None:
    node = told([read("A1", 2000), read("B1", 2100), *through(11, 3000, "bob")])
    (alert,) = raised(node)
    assert (alert.kind, alert.person_id) == ("card_without_person", "ann")
    assert [(p.person_id, p.direction) for p in node.passages] == [("bob", "in")], "of ann not even one of no direction"


def test_a_card_whose_holder_is_not_followed_over_the_line_is_a_passage_without_a_direction() -> None:
    node = told([read("A1", 2000), body(11, 2600, direction="none")])
    assert [(p.person_id, p.direction) for p in node.passages] == [("ann", "none")]
    assert raised(node) == []


def test_a_node_that_stops_misses_nobody_who_may_be_on_their_way() -> None:
    node = Node()
    node.at(read("A1", 2000))
    node.until(4000)
    said = node.decider.finish()
    assert [event for event in said if isinstance(event, Alert)] == []


def test_a_card_is_not_missed_where_the_camera_is_blind() -> None:
    node = told([CameraReport(camera="cam", at_ms=100, status="blind"), read("A1", 2000)])
    assert node.alerts == []
    assert [(p.person_id, p.direction) for p in node.passages] == [("ann", "in")]


@pytest.mark.parametrize(
    ("access", "name", "kinds"),
    [
        (ANY, None, ["tailgating"]),
        (CARD, "bob", ["tailgating"]),
        (ANY, "bob", []),
    ],
    ids=["a stranger", "known, without a card where one is needed", "known, where a face is enough"],
)
def test_more_people_over_the_line_than_credentials(access: Any, name: str | None, kinds: list[str]) -> None:
    node = told([read("A1", 2000), *through(11, 3000, "ann"), *through(21, 3600, name)], Node(plan(access)))
    assert node.alerts == kinds
    assert [p.person_id for p in node.passages] == ["ann", name]
    for alert in raised(node):
        assert alert.person_id == name
        assert [piece.at_ms for piece in alert.evidence if piece.kind == "crossing"] == [3600]


def test_whoever_goes_in_although_refused_is_told_with_the_reason() -> None:
    node = told([read("B0", 2000), *through(11, 3000)])
    assert node.alerts == ["withdrawn_card", "tailgating"]
    assert raised(node)[-1].detail == reasons.WITHDRAWN_CARD


def test_nobody_is_a_tailgater_where_a_guard_let_them_in_or_on_the_way_out() -> None:
    let_in: list[Signal] = [ManualPassage(order="m", lane="main", direction="in", who="g", at_ms=2000)]
    assert told([*let_in, *through(11, 3000)]).alerts == []
    assert told(through(11, 3000, direction="out")).alerts == []


def test_one_card_twice_within_impossible_time() -> None:
    node = told([read("A1", 2000), *through(11, 3000), read("A1", 12_000), *through(21, 13_000)])
    assert node.alerts == ["impossible_card"]
    assert [each.detail for each in node.events if isinstance(each, Alert)] == ["in by main 10.0 s before"]


def test_a_card_that_comes_in_again_much_later_is_passed_back() -> None:
    node = Node(plan(replace(ANY, anti_passback="soft")))
    told([read("A1", 2000), *through(11, 3000), read("A1", 200_000), *through(21, 201_000)], node, 260_000)
    assert node.alerts == ["passback"]


def test_out_and_in_again_is_nothing() -> None:
    node = Node(plan(replace(ANY, anti_passback="soft")))
    told([*through(11, 3000, "ann"), *through(21, 20_000, "ann", "out"), *through(31, 40_000, "ann")], node)
    assert node.alerts == []


def test_an_unknown_and_a_withdrawn_card() -> None:
    node = told([read("FFFF", 1000), read("B0", 6000)])
    assert [(a.kind, a.person_id) for a in raised(node)] == [("unknown_card", None), ("withdrawn_card", None)]
    assert [a.evidence[0].card for a in raised(node)] == ["FFFF", "B0"]


def test_the_same_again_bears_the_same_key_in_its_window_and_another_in_the_next() -> None:
    node = told([read("FFFF", at) for at in (1000, 6000, 11_000, 400_000)], Node(), 401_000)
    unknown = [a.key for a in raised(node) if a.kind == "unknown_card"]
    assert unknown == ["main/unknown_card/FFFF/boot-0"] * 3 + ["main/unknown_card/FFFF/boot-1"]


def test_a_card_that_is_tried_on_and_on_floods_nobody() -> None:
    node = told([read("FFFF", at) for at in range(1000, 61_000, 2000)])
    assert node.alerts.count("unknown_card") == 10
    assert node.alerts.count("refused_in_row") == 1


def test_two_strangers_with_one_card_are_told_one_by_one() -> None:
    def stranger(track: int, at_ms: int) -> list[Signal]:
        return [
            read("A1", at_ms), face(track + 1, at_ms + 300, None, other("ann")), crossed(track, at_ms + 1000),
            body(track, at_ms + 1500),
        ]  # fmt: skip

    node = told([*stranger(11, 1000), *stranger(21, 60_000)], until_ms=100_000)
    assert node.alerts == ["borrowed_card", "borrowed_card"]
    assert len({alert.key for alert in raised(node)}) == 1


def test_what_was_told_at_the_reader_is_not_told_once_more_with_its_passage() -> None:
    node = Node(plan(BOTH))
    told([read("A1", 1000), face(12, 1500, None, other("ann"), final=False), crossed(11, 2700)], node, 10_000)
    assert node.alerts == ["borrowed_card"]
    told([face(12, 2600, None, other("ann")), body(11, 2900)], node)
    assert [p.direction for p in node.passages] == ["in"]
    assert node.alerts == ["borrowed_card"]


CHILD = Person(id="kid", group="grade-1", cards=("C1",), collectors=(Collector(who="eve"), Collector(who="京A12345")))
#: Of the Monday on which the node runs.
TEN, ELEVEN, NOON = (f"2026-03-02T0{hour}:00:00.000Z" for hour in (2, 3, 4))
GROUPS = groups(Group(id="grade-1", lessons="lessons", collected=True), Group(id="pupil", lessons="lessons"))


class TestLeaving:
    """Children leave after school, with somebody who is listed."""

    def node(self, hour: float, access: Any = ANY) -> Node:
        wall = MONDAY + timedelta(hours=hour - 7.5)
        return Node(plan(access, site=site(groups=GROUPS)), [CHILD, ANN, EVE, Person(id="dan", group="staff")], wall)

    @pytest.mark.parametrize(("hour", "alerts"), [(10, ["left_in_lessons"]), (16.5, [])])
    def test_a_pupil_who_leaves_in_school_hours_is_told(self, hour: float, alerts: list[str]) -> None:
        assert told(through(11, 3000, "ann", "out"), self.node(hour)).alerts == alerts

    @pytest.mark.parametrize(
        ("others", "alerts"),
        [
            ([], ["left_alone"]),
            (through(21, 5000, "eve", "out"), []),
            (through(21, 1000, "eve", "out"), []),
            (through(21, 5000, None, "out"), ["left_with_unlisted"]),
            (through(21, 5000, "dan", "out"), ["left_with_unlisted"]),
            (through(21, 5000, "ann", "out"), ["left_alone"]),
            (through(21, 30_000, "eve", "out"), ["left_alone"]),
        ],
        ids=["nobody", "behind", "before", "a stranger", "somebody else", "a bigger child", "too late"],
    )
    def test_a_young_child_leaves_with_somebody_listed(self, others: list[Signal], alerts: list[str]) -> None:
        node = told([*through(11, 3000, "kid", "out"), *others], self.node(16.5))
        assert node.alerts == alerts
        for alert in (each for each in node.events if isinstance(each, Alert)):
            # Who went with the child is shown as well.
            assert len({piece.at_ms for piece in alert.evidence if piece.kind == "crossing"}) == len(
                {"left_alone": [3000], "left_with_unlisted": [3000, 5000]}[alert.kind]
            )

    @pytest.mark.parametrize(
        ("zones", "who", "alerts"),
        [
            (("school", "school"), "eve", []),
            (("school", "school"), None, ["left_alone"]),
            (("school", "kitchen"), "eve", ["left_alone"]),
            (("", ""), "eve", ["left_alone"]),
        ],
        ids=["of one zone", "somebody unknown", "of another zone", "of no zone"],
    )
    def test_who_collects_a_child_may_walk_through_the_lane_beside_it(
        self, zones: tuple[str, str], who: str | None, alerts: list[str]
    ) -> None:
        planned = plan(ANY, site=site(groups=GROUPS))
        lanes = {
            lane.id: replace(lane, access=replace(ANY, inside=zone))
            for lane, zone in zip(planned.lanes.values(), zones, strict=True)
        }
        cameras = {**planned.cameras, "cam2": CameraPlan("cam2", "other", True)}
        node = Node(replace(planned, lanes=lanes, cameras=cameras), [CHILD, EVE], MONDAY + timedelta(hours=9))
        beside: list[Signal] = [by_camera("cam2", signal) for signal in through(21, 5000, who, "out")]
        assert told([*through(11, 3000, "kid", "out"), *beside], node).alerts == alerts

    @pytest.mark.parametrize(
        ("collector", "wall", "alerts"),
        [
            (Collector(who="eve", begins="2026-03-01T16:00:00.000Z", ends="2026-03-02T16:00:00.000Z"), True, []),
            (Collector(who="eve", ends="2026-03-02T08:00:00.000Z"), True, ["left_with_unlisted"]),
            (Collector(who="eve", begins="2026-03-02T16:00:00.000Z"), True, ["left_with_unlisted"]),
            (Collector(who="eve", ends="2027-01-01T00:00:00.000Z"), False, ["left_with_unlisted"]),
            (Collector(who="eve"), False, []),
            (Collector(who="eve", days=("mon", "wed")), True, []),
            (Collector(who="eve", days=("tue",)), True, ["left_with_unlisted"]),
            (Collector(who="eve", days=("mon",)), False, ["left_with_unlisted"]),
            (Collector(who="eve", turn="even"), True, []),
            (Collector(who="eve", turn="odd"), True, ["left_with_unlisted"]),
            (Collector(who="eve", turn="odd", turn_from="2026-02-20"), True, []),
            (Collector(who="eve", turn="even"), False, ["left_with_unlisted"]),
        ],
        ids=[
            *("this day", "over", "not yet", "nobody knows the time", "always"),
            *("this weekday", "another weekday", "nobody knows the weekday"),
            *("this week", "the other household's week", "counted from a day", "nobody knows the week"),
        ],
    )
    def test_whoever_may_collect_for_a_time_may_not_at_another(
        self, collector: Collector, wall: bool, alerts: list[str]
    ) -> None:
        child = msgspec.structs.replace(CHILD, collectors=(collector,))
        now = MONDAY + timedelta(hours=9) if wall else None
        node = Node(plan(ANY, site=site(groups=GROUPS)), [child, EVE], now)
        signals = [*through(11, 3000, "kid", "out"), *through(21, 5000, "eve", "out")]
        assert told(signals, node).alerts == alerts

    @pytest.mark.parametrize(
        ("slips", "others", "alerts"),
        [
            ([Leave(begins=TEN, ends=ELEVEN)], through(21, 5000, "eve", "out"), []),
            ([Leave(begins=TEN, ends=ELEVEN)], [], ["left_alone"]),
            ([Leave(begins=TEN, ends=ELEVEN, alone=True)], [], []),
            ([Leave(begins=ELEVEN, ends=NOON, alone=True)], [], ["left_in_lessons", "left_alone"]),
            ([], through(21, 5000, "eve", "out"), ["left_in_lessons"]),
        ],
        ids=["collected", "nobody came", "may go alone", "not yet", "without leave"],
    )
    def test_who_has_leave_goes_in_school_hours_with_whom_the_slip_says(
        self, slips: list[Leave], others: list[Signal], alerts: list[str]
    ) -> None:
        child = msgspec.structs.replace(CHILD, leaves=tuple(slips))
        node = Node(plan(ANY, site=site(groups=GROUPS)), [child, EVE], MONDAY + timedelta(hours=10.5 - 7.5))
        assert told([*through(11, 3000, "kid", "out"), *others], node).alerts == alerts

    def test_a_node_that_does_not_know_the_time_takes_no_slip_for_valid(self) -> None:
        child = msgspec.structs.replace(CHILD, leaves=(Leave(begins=TEN, ends=NOON, alone=True),))
        node = Node(plan(ANY, site=site(groups=GROUPS)), [child], None)
        assert told(through(11, 3000, "kid", "out"), node).alerts == ["left_alone"]

    def test_the_car_of_a_parent_collects_too(self) -> None:
        access = replace(PLATE, ways=("plate", "card"), inside="school")
        signals: list[Signal] = [
            plate(11, 2000, "京A12345", final=False, direction="out"), crossed(11, 3000, "out", "plate"),
            plate(11, 3100, "京A12345", direction="out"), read("C1", 2500, "r-out"),
        ]  # fmt: skip
        node = told(signals, self.node(16.5, access))
        assert [(p.person_id, p.plate) for p in node.passages] == [("kid", "京A12345")]
        assert node.alerts == []

    @pytest.mark.parametrize(
        ("car", "alerts"),
        [("京E00001", []), ("京X00001", ["left_with_unlisted"])],
        ids=["of a parent who is listed by name", "of nobody who is listed"],
    )
    def test_a_child_is_driven_off_by_whom_the_car_belongs_to(self, car: str, alerts: list[str]) -> None:
        child = msgspec.structs.replace(CHILD, collectors=(Collector(who="mum"),))
        mum, other = Person(id="mum", plates=("京E00001",)), Person(id="uncle", plates=("京X00001",))
        access = replace(PLATE, ways=("plate", "card"), inside="school")
        node = Node(plan(access, site=site(groups=GROUPS)), [child, mum, other], MONDAY + timedelta(hours=9))
        signals: list[Signal] = [
            plate(11, 2000, car, final=False, direction="out"), crossed(11, 3000, "out", "plate"),
            plate(11, 3100, car, direction="out"), read("C1", 2500, "r-out"),
        ]  # fmt: skip
        assert told(signals, node).alerts == alerts


@pytest.mark.parametrize("state", ["normal", "locked", "held_open"])
@pytest.mark.parametrize("reader", ["r-in", "r-out"])
@pytest.mark.parametrize(("card", "kind"), [("B0", "withdrawn_card"), ("FFEE", "unknown_card")])
def test_a_stolen_card_is_told_of_whatever_the_lane_answers(state: Any, reader: str, card: str, kind: str) -> None:
    order = LaneOrder(order="o", lane="main", state=state, who="guard", at_ms=500)
    node = told([order, read(card, 1000, reader)], Node(plan(CARD)))
    assert node.alerts == [kind]


def test_a_vehicle_that_nobody_expects_and_still_comes_in() -> None:
    signals: list[Signal] = [plate(11, 2000, "京B00001"), crossed(11, 3000, kind="plate")]
    assert told(signals, Node(plan(PLATE))).alerts == ["vehicle_not_expected"]


class TestDoors:
    """What the door's contact says against what was ordered."""

    def door(self, state: Any, at_ms: int) -> Contact:
        return Contact(device="bar", at_ms=at_ms, state=state)

    def acted(self, result: Any, at_ms: int = 1100, action: Any = "pulse") -> Acted:
        return Acted(lane="main", transaction="t", action=action, result=result, at_ms=at_ms)

    def test_a_door_that_opens_unasked_was_forced(self) -> None:
        node = Node(plan(replace(CARD, free_egress=False)))
        told([self.door("closed", 100), self.door("open", 5000)], node)
        assert node.alerts == ["door_forced", "door_held"]

    def test_where_people_may_leave_by_the_handle_it_was_not(self) -> None:
        assert told([self.door("closed", 100), self.door("open", 5000), self.door("closed", 6000)]).alerts == []

    def test_a_door_that_was_let_open_is_not_forced_but_may_stay_open_too_long(self) -> None:
        node = Node(plan(replace(CARD, free_egress=False)))
        told([self.door("closed", 100), self.acted("done"), self.door("open", 1500), self.door("closed", 6000)], node)
        assert node.alerts == []
        told([self.acted("done", 70_000), self.door("open", 71_000)], node, 90_000)
        assert node.alerts == ["door_held"]

    def test_a_hold_that_failed_lets_the_door_be_opened_when_it_is_given_again(self) -> None:
        node = Node(plan(replace(CARD, free_egress=False)))
        failed = self.acted("failed", action="hold")
        told([self.door("closed", 100), failed, self.door("open", 9000)], node, 60_000)
        assert node.alerts == ["door_failed"]

    def test_a_door_whose_hold_was_ended_by_a_close_that_failed_is_watched_again(self) -> None:
        node = Node(plan(replace(CARD, free_egress=False)))
        held, failed = self.acted("done", action="hold"), self.acted("failed", 12_500, action="close")
        signals = [self.door("closed", 100), held, self.door("open", 1500), failed, self.door("closed", 15_000)]
        told([*signals, self.door("open", 100_000)], node, 200_000)
        assert node.alerts == ["door_failed", "door_forced", "door_held"]

    @pytest.mark.parametrize(
        ("shut_ms", "alerts"), [(62_000, []), (75_000, []), (76_000, ["door_held"])], ids=["soon", "in time", "late"]
    )
    def test_a_door_has_its_time_to_fall_shut_from_the_end_of_a_hold_on(self, shut_ms: int, alerts: list[str]) -> None:
        node = Node(plan(replace(CARD, free_egress=False)))
        held, closed = self.acted("done", action="hold"), self.acted("done", 60_150, action="close")
        told([self.door("closed", 100), held, self.door("open", 1500), closed, self.door("closed", shut_ms)], node)
        assert node.alerts == alerts

    def test_a_door_that_opens_anew_after_the_end_of_a_hold_was_forced(self) -> None:
        node = Node(plan(replace(CARD, free_egress=False)))
        held, closed = self.acted("done", action="hold"), self.acted("done", 60_150, action="close")
        told([self.door("closed", 100), held, closed, self.door("open", 66_000), self.door("closed", 68_000)], node)
        assert node.alerts == ["door_forced"]

    def answered(self, node: Node, result: Any, at_ms: int, action: Any = "pulse") -> Acted:
        """The answer to the last order, of its own transaction."""
        last = [act for act in node.acts if isinstance(act, Act)][-1]
        return Acted(lane="main", transaction=last.transaction, action=action, result=result, at_ms=at_ms)

    @pytest.mark.parametrize("shut_ms", [2000, 1250], ids=["stands open at the answer", "shut again by then"])
    def test_a_door_may_open_before_the_board_has_answered(self, shut_ms: int) -> None:
        node = told([self.door("closed", 100), read("A1", 1000)], Node(plan(replace(CARD, free_egress=False))), 1000)
        told([self.door("open", 1200), self.door("closed", shut_ms), self.answered(node, "done", 1300)], node)
        assert node.alerts == ["card_without_person"]

    def test_a_door_may_open_before_a_hold_is_answered(self) -> None:
        node = Node(plan(replace(CARD, free_egress=False)))
        told([self.door("closed", 100), Contact(device="fire", at_ms=1000, state="active")], node, 1000)
        told([self.door("open", 1200), self.answered(node, "done", 1300, "hold")], node)
        assert node.alerts == ["fire_release"]

    @pytest.mark.parametrize(
        ("answers", "open_ms", "alerts"),
        [(["failed"], 5000, ["door_failed", "door_forced"]), ([], 21_000, ["door_forced"])],
        ids=["it failed", "no answer ever came"],
    )
    def test_an_order_that_moved_nothing_lets_nobody_in_later(
        self, answers: list[str], open_ms: int, alerts: list[str]
    ) -> None:
        node = told([self.door("closed", 100), read("A1", 1000)], Node(plan(replace(CARD, free_egress=False))), 1000)
        signals = [self.answered(node, answer, 1300) for answer in answers]
        told([*signals, self.door("open", open_ms), self.door("closed", open_ms + 1000)], node)
        assert [each for each in node.alerts if each.startswith("door")] == alerts

    def test_a_door_that_does_not_open_and_a_barrier_that_fails_are_told(self) -> None:
        assert told([self.door("closed", 100), self.acted("done")]).alerts == ["door_failed"]
        node = told([self.acted("failed")])
        assert node.alerts == ["door_failed"]
        assert [(e.result, e.transaction) for e in node.events if isinstance(e, Actuated)] == [("failed", "t")]

    @pytest.mark.parametrize(
        ("presses", "calls"),
        [((1000,), 1), ((1000, 60_000, 120_000), 3), ((1000, 1050, 1100), 1)],
        ids=["once", "again and again", "a contact that bounces"],
    )
    def test_help_is_called_each_time_the_button_is_pressed(self, presses: tuple[int, ...], calls: int) -> None:
        signals: list[Signal] = []
        for at in presses:
            signals += [
                Contact(device="help", at_ms=at, state="active"), Contact(device="help", at_ms=at + 30, state="idle")
            ]  # fmt: skip
        node = told(signals, until_ms=130_000)
        said = [(a.kind, a.severity, a.device, a.key) for a in raised(node)]
        assert said == [("help_called", "critical", "help", "main/help_called/help/boot-0")] * calls

    def test_a_device_that_nobody_configured_says_nothing(self) -> None:
        assert told([Contact(device="?", at_ms=1, state="active")]).events == []


def test_a_face_that_is_only_unlike_raises_the_same_as_one_that_is_named() -> None:
    node = told([read("A1", 2000), face(12, 2600, None, other("ann")), crossed(11, 3000), body(11, 3100)])
    assert node.alerts == ["borrowed_card"]


def test_every_kind_that_is_raised_here_has_a_severity() -> None:
    assert {"borrowed_card", "tailgating", "help_called", "alarm_input"} <= set(SEVERITY)
