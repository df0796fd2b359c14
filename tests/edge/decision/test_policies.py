"""Who is let in, and why: one table per policy, and what goes before every policy."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from support.lanes import (
    ANN,
    ANY,
    BOB,
    BOTH,
    CARD,
    MONDAY,
    PLATE,
    Node,
    body,
    crossed,
    face,
    other,
    plan,
    plate,
    read,
    same,
    site,
)  # fmt: skip
from zhian_edge.decision.actions import Act, Compare, Show
from zhian_edge.decision.plan import Access
from zhian_edge.signals import CameraReport, ClockTold, Contact, LaneOrder, ManualPassage, PassedElsewhere, SiblingSeen
from zhian_wire import reasons
from zhian_wire.calendar import Group
from zhian_wire.events import Alert, Decision
from zhian_wire.roster import Person


def asked(node: Node, card: str = "A1", reader: str = "r-in", at_ms: int = 1000) -> tuple[str, str] | None:
    """What the lane says to a card at once."""
    events = node.at(read(card, at_ms, reader))
    return next(((e.verdict, e.reason) for e in events if isinstance(e, Decision)), None)


@pytest.mark.parametrize(
    ("access", "card", "answer"),
    [
        (CARD, "A1", ("open", reasons.CARD)),
        (CARD, "a2", ("open", reasons.CARD)),
        (CARD, "FFFF", ("refuse", reasons.UNKNOWN_CARD)),
        (CARD, "B0", ("refuse", reasons.WITHDRAWN_CARD)),
        (ANY, "A1", ("open", reasons.CARD)),
        (PLATE, "A1", None),  # a card in a passing car
        (replace(PLATE, vehicles=False), "A1", ("refuse", reasons.MISSING_FACTOR)),
        (replace(CARD, groups=frozenset({"staff"})), "A1", ("refuse", reasons.NOT_LISTED)),
        (replace(CARD, groups=frozenset({"staff"})), "E1", ("open", reasons.CARD)),
    ],
    ids=str,
)
def test_a_card_is_answered_at_once(access: Access, card: str, answer: tuple[str, str] | None) -> None:
    assert asked(Node(plan(access)), card) == answer


@pytest.mark.parametrize(
    ("more", "answer"),
    [
        ({"schedule": "school"}, "open"),
        ({"schedule": "lessons"}, reasons.OFF_SCHEDULE),
        ({"schedule": "nobody described it"}, reasons.OFF_SCHEDULE),
        ({"begins": "2026-03-02T00:00:00Z"}, reasons.NOT_VALID),
        ({"ends": "2026-03-01T23:00:00Z"}, reasons.NOT_VALID),
        ({"until": "2026-03-01T23:00:00Z"}, reasons.NOT_VALID),
        ({"begins": "2026-03-01T00:00:00Z", "ends": "2026-03-02T00:00:00Z"}, "open"),
        ({"watch": True}, reasons.NOT_LISTED),
    ],
    ids=str,
)
def test_the_lists_say_who_may_come_when(more: dict[str, Any], answer: str) -> None:
    said = asked(Node(plan(CARD), [Person(id="ann", cards=("A1",), **more)]))
    assert said is not None
    assert answer in said


def test_a_group_lends_its_schedule_to_whoever_has_none() -> None:
    grouped = plan(CARD, site=site(groups={"pupil": Group(id="pupil", schedule="lessons")}))
    assert asked(Node(grouped)) == ("refuse", reasons.OFF_SCHEDULE)
    own = [Person(id="ann", group="pupil", cards=("A1",), schedule="school")]
    assert asked(Node(grouped, own)) == ("open", reasons.CARD)


@pytest.mark.parametrize(("opens", "verdict"), [(False, "refuse"), (True, "open")])
def test_no_schedule_is_judged_by_a_clock_of_1970(opens: bool, verdict: str) -> None:
    timed = [Person(id="ann", cards=("A1",), schedule="school"), Person(id="bob", cards=("B1",))]
    node = Node(plan(replace(CARD, opens_without_time=opens)), timed, wall=datetime(1970, 1, 1, tzinfo=UTC))
    said = asked(node)
    assert said is not None
    assert said[0] == verdict
    assert asked(node, "B1", at_ms=2000) == ("open", reasons.CARD)  # who may always come is not held up by it


def test_a_clock_that_is_put_right_is_followed_and_passages_keep_their_order() -> None:
    node = Node(plan(CARD), [Person(id="ann", cards=("A1",), schedule="lessons"), BOB])
    node.at(read("B1", 1000))
    node.at(crossed(11, 2000))
    node.at(body(11, 2500))
    assert asked(node, "A1", at_ms=3000) == ("refuse", reasons.OFF_SCHEDULE)
    node.at(ClockTold(at_ms=4000, wall_ms=round((MONDAY.timestamp() + 7200) * 1000), clock="stepped"), 4000)
    assert asked(node, "A1", at_ms=8000) == ("open", reasons.CARD)
    node.at(crossed(21, 9000))
    node.at(body(21, 9500))
    node.until(40_000)
    assert [p.person_id for p in node.passages] == ["bob", "ann"]


def test_what_is_read_too_late_does_not_open() -> None:
    node = Node(plan(CARD))
    node.at(read("A1", 1000), now_ms=7000)
    assert [(d.verdict, d.reason, d.evidence_age_ms) for d in node.decisions] == [("refuse", reasons.STALE, 6000)]


def test_nobody_is_kept_from_getting_out() -> None:
    node = Node(plan(CARD))
    node.at(LaneOrder(order="o", lane="main", state="locked", who="guard", at_ms=100))
    for number, card in enumerate(("A1", "B0", "FFFF")):
        assert asked(node, card, "r-out", 1000 + 5000 * number) == ("open", reasons.EGRESS)
    assert all(act.vital for act in node.acts if isinstance(act, Act) and act.action == "pulse")


def test_a_decision_comes_before_the_pulse_and_one_presentation_gives_one() -> None:
    node = Node(plan(CARD))
    for at in (1000, 1400, 2600):
        node.at(read("A1", at))
    assert len(node.decisions) == 1
    assert node.moves == ["pulse"]
    (shown,) = [act for act in node.acts if isinstance(act, Show)]
    assert (shown.reader, shown.feedback) == ("r-in", "granted")
    pulse = next(act for act in node.acts if isinstance(act, Act))
    assert (pulse.transaction, pulse.duration_ms, pulse.expires_ms) == (node.decisions[0].transaction, 1000, 3000)


def test_whoever_presents_the_card_again_after_a_while_is_answered_again() -> None:
    node = Node(plan(CARD))
    node.at(read("A1", 1000))
    node.at(read("A1", 5000))
    assert len(node.decisions) == 2
    assert node.moves == ["pulse", "pulse"]


def test_whoever_was_refused_and_taps_on_is_answered_as_soon_as_nothing_stands_in_the_way() -> None:
    node = Node(plan(CARD))
    node.at(LaneOrder(order="o1", lane="main", state="locked", who="guard", at_ms=500))
    node.at(read("A1", 1000))
    node.at(read("A1", 1800))  # the same tap, read twice
    node.at(LaneOrder(order="o2", lane="main", state="normal", who="guard", at_ms=1900))
    for at in (3000, 5500, 8000):
        node.at(read("A1", at))
    assert [(d.verdict, d.reason) for d in node.decisions if d.person_id] == [
        ("refuse", reasons.LOCKED), ("open", reasons.CARD)
    ]  # fmt: skip


@pytest.mark.parametrize("first", ["dad", "mum"])
def test_a_vehicle_of_two_owners_passes_where_one_of_them_may(first: str) -> None:
    dad = Person(id="dad", group="parent", plates=("京A1",), ends="2026-01-31T00:00:00Z")
    mum = Person(id="mum", group="parent", plates=("京A1",))
    node = Node(plan(PLATE), [dad, mum] if first == "dad" else [mum, dad])
    node.at(plate(10, 1000, "京A1"))
    assert [(d.verdict, d.person_id) for d in node.decisions] == [("open", "mum")]


def test_each_tap_of_a_refused_card_is_answered() -> None:
    node = Node(plan(CARD))
    for at in range(1000, 61_000, 2500):
        node.at(read("FFFF", at))
    assert len(node.decisions) == 24
    assert "refused_in_row" in node.alerts


def test_a_lock_raises_nothing_about_those_whom_it_refuses() -> None:
    node = Node(plan(CARD))
    node.at(LaneOrder(order="o1", lane="main", state="locked", who="guard", at_ms=500))
    for at in range(1000, 31_000, 2500):
        node.at(read("A1", at))
    assert {d.reason for d in node.decisions} == {reasons.LOCKED}
    assert node.alerts == []


def test_a_card_that_lies_on_the_reader_is_not_unanswered_for_ever() -> None:
    node = Node(plan(CARD, line=False))
    for at in range(1000, 20_000, 2500):
        node.at(read("A1", at))
    assert [d.evidence[0].at_ms for d in node.decisions] == [1000, 11_000]


def test_two_presentations_with_which_two_went_in_are_two_passages_with_their_own_reads() -> None:
    node = Node(plan(CARD))
    for at, track in ((1000, 11), (5000, 21)):
        node.at(read("A1", at))
        node.at(crossed(track, at + 1000), now_ms=at + 1200)
    for at, track in ((2300, 11), (6300, 21)):
        node.at(body(track, at), now_ms=8000)
    node.until(40_000)
    cards = [[piece.at_ms for piece in p.evidence if piece.kind == "card"] for p in node.passages]
    assert sorted(cards) == [[1000], [5000]]
    assert node.alerts == ["impossible_card"]


def test_whoever_goes_out_and_comes_straight_back_in_is_answered_at_both_readers() -> None:
    node = Node(plan(CARD))
    assert asked(node, reader="r-out") == ("open", reasons.EGRESS)
    assert asked(node, at_ms=2000) == ("open", reasons.CARD)


def test_a_guards_word_for_somebody_with_a_card_keeps_the_card_in_evidence() -> None:
    node = Node(plan(CARD))
    node.at(read("A1", 1000))
    node.at(ManualPassage(order="m", lane="main", direction="in", who="g", at_ms=1500, person_id="ann"))
    node.at(crossed(11, 2000))
    node.at(body(11, 2500))
    node.until(30_000)
    (passage,) = node.passages
    assert [piece.kind for piece in passage.evidence] == ["manual", "card", "body", "crossing"]


class TestCardAndFace:
    """The face confirms the card, 1:1."""

    def test_a_card_waits_for_its_face_and_vision_is_told_whom_to_compare(self) -> None:
        node = Node(plan(BOTH))
        assert asked(node) is None
        assert [act for act in node.acts if isinstance(act, Compare)] == [
            Compare(lane="main", person_ids=("ann",), awaited={"ann": 1000})
        ]
        assert [act.feedback for act in node.acts if isinstance(act, Show)] == ["wait"]
        node.at(face(11, 1500, None, same("ann"), final=False))
        (decision,) = node.decisions
        assert (decision.verdict, decision.reason) == ("open", reasons.CONFIRMED)
        assert [piece.kind for piece in decision.evidence] == ["card", "face"]

    def test_the_face_may_come_first(self) -> None:
        node = Node(plan(BOTH))
        node.at(face(11, 800, "ann", final=False))
        assert node.decisions == []
        assert asked(node) == ("open", reasons.CONFIRMED)

    @pytest.mark.parametrize(
        ("seen", "reason", "alerts"),
        [
            (None, reasons.MISSING_FACTOR, []),
            (face(11, 1500, "bob", final=False), reasons.FACE_DIFFERS, ["borrowed_card"]),
            (face(11, 1500, None, other("ann"), final=False), reasons.FACE_DIFFERS, ["borrowed_card"]),
            (face(11, 1500, None, final=False), reasons.MISSING_FACTOR, []),
        ],
        ids=["nobody", "another", "somebody else", "unsure"],
    )
    def test_without_its_face_it_does_not_open(self, seen: Any, reason: str, alerts: list[str]) -> None:
        node = Node(plan(BOTH))
        node.at(read("A1", 1000))
        if seen is not None:
            node.at(seen)
        node.until(5100)
        assert [(d.verdict, d.reason) for d in node.decisions] == [("refuse", reason)]
        assert node.alerts == alerts
        assert node.moves == []

    def test_whoever_taps_on_until_their_face_is_seen_gets_in(self) -> None:
        node = Node(plan(BOTH))
        for at in (1000, 3500, 6000, 8500):
            node.at(read("A1", at))
        node.at(face(11, 9000, None, same("ann"), final=False))
        assert [(d.verdict, d.reason) for d in node.decisions] == [
            ("refuse", reasons.MISSING_FACTOR), ("open", reasons.CONFIRMED)
        ]  # fmt: skip

    def test_whose_face_it_was_instead_is_in_the_decision_and_in_the_alert(self) -> None:
        node = Node(plan(BOTH))
        node.at(read("A1", 1000))
        node.at(face(11, 1500, None, other("ann"), final=False))
        said = [event for event in node.until(5100) if isinstance(event, Decision | Alert)]
        assert [[piece.kind for piece in each.evidence] for each in said] == [["card", "face"]] * 2

    @pytest.mark.parametrize(
        "beside",
        [
            [face(11, 1500, "bob", final=False), face(21, 1600, None, final=False)],
            [read("B1", 900), face(11, 1500, "bob", final=False)],
        ],
        ids=["a face that nobody can tell", "somebody with a card of their own"],
    )
    def test_a_neighbour_does_not_make_a_card_a_borrowed_one(self, beside: list[Any]) -> None:
        node = Node(plan(BOTH))
        for signal in sorted([read("A1", 1000), *beside], key=lambda each: each.at_ms):
            node.at(signal)
        node.until(5100)
        assert [(d.reason, d.person_id) for d in node.decisions if d.person_id == "ann"] == [
            (reasons.MISSING_FACTOR, "ann")
        ]
        assert "borrowed_card" not in node.alerts

    def test_an_old_face_confirms_nothing(self) -> None:
        node = Node(plan(BOTH))
        node.at(face(11, 1000, "ann", final=False))
        node.at(read("A1", 7000))
        node.until(12_000)
        assert [(d.verdict, d.reason) for d in node.decisions] == [("refuse", reasons.MISSING_FACTOR)]

    @pytest.mark.parametrize("opens", [True, False])
    @pytest.mark.parametrize(
        "why", ["switched off", "not enrolled", "camera blind", "vision gone", "no camera for faces"]
    )
    def test_where_no_face_can_be_had_the_lane_goes_on_with_cards_if_it_may(self, why: str, opens: bool) -> None:
        templates = () if why == "not enrolled" else ANN.templates
        known = Person(id="ann", cards=("A1",), templates=templates, face=why != "switched off")
        planned = plan(replace(BOTH, opens_without_face=opens))
        if why == "no camera for faces":
            planned = replace(planned, cameras={"cam": replace(planned.cameras["cam"], faces=False)})
        node = Node(planned, [known])
        if why == "camera blind":
            node.at(CameraReport(camera="cam", at_ms=100, status="blind"))
        elif why == "vision gone":
            node.decider.blinded(100)
        answer = ("open", reasons.CARD) if opens else ("refuse", reasons.MISSING_FACTOR)
        assert asked(node) == answer


@pytest.mark.parametrize(
    ("access", "person", "answer"),
    [
        (ANY, "ann", [("open", reasons.NAMED)]),
        (ANY, None, []),
        (CARD, "ann", []),
        (BOTH, "ann", []),
        (replace(ANY, groups=frozenset({"staff"})), "ann", [("refuse", reasons.NOT_LISTED)]),
    ],
    ids=str,
)
def test_a_face_opens_where_a_face_is_enough(access: Access, person: str | None, answer: list[tuple[str, str]]) -> None:
    node = Node(plan(access))
    node.at(face(11, 1000, person, final=False))
    assert [(d.verdict, d.reason) for d in node.decisions] == answer


def test_who_has_an_answer_by_face_gets_no_second_one_by_card_or_the_other_way_round() -> None:
    for order in ([face(11, 1000, "ann", final=False), read("A1", 1100)],
                  [read("A1", 1000), face(11, 1100, "ann", final=False)]):  # fmt: skip
        node = Node()
        for signal in order:
            node.at(signal)
        assert len(node.decisions) == 1
        assert node.moves == ["pulse"]


def test_whoever_was_seen_a_while_ago_is_let_in_by_card_all_the_same() -> None:
    node = Node()
    node.at(face(11, 1000, "ann", final=False))
    node.at(face(11, 1500, None, final=False, last_s=2.0))  # vision takes the name back
    assert asked(node, at_ms=30_000) == ("open", reasons.CARD)
    assert node.moves == ["pulse", "pulse"]


class TestSeenAgain:
    """A face that was answered is asked for again when the answer would open, or when its owner comes again."""

    @staticmethod
    def seen(node: Node, *moments: tuple[int, int]) -> list[str]:
        for track, at_ms in moments:
            node.at(face(track, at_ms, "ann", final=False))
        return [d.verdict for d in node.decisions if d.person_id == "ann"]

    def test_who_was_refused_gets_in_as_soon_as_nothing_stands_in_the_way(self) -> None:
        node = Node()
        node.at(LaneOrder(order="o1", lane="main", state="locked", who="guard", at_ms=500))
        assert self.seen(node, (11, 1000), (11, 2000)) == ["refuse"]
        node.at(LaneOrder(order="o2", lane="main", state="normal", who="guard", at_ms=3000))
        assert self.seen(node, (11, 4000), (11, 6000), (11, 20_000)) == ["refuse", "open"]
        node.at(crossed(11, 21_000))
        node.at(face(11, 21_500, "ann"))
        node.until(60_000)
        assert node.alerts == []

    def test_who_was_let_in_by_face_after_a_card_was_refused_is_no_tailgater(self) -> None:
        node = Node()
        node.at(LaneOrder(order="o1", lane="main", state="locked", who="guard", at_ms=500))
        node.at(read("A1", 1000))
        node.at(LaneOrder(order="o2", lane="main", state="normal", who="guard", at_ms=1500))
        assert self.seen(node, (12, 2000)) == ["refuse", "open"]
        node.at(face(12, 2800, "ann"))
        node.at(crossed(11, 3000))
        node.at(body(11, 3300))
        node.until(40_000)
        assert [(p.person_id, p.direction, p.reason) for p in node.passages] == [("ann", "in", reasons.NAMED)]
        assert node.alerts == []

    @pytest.mark.parametrize("mode", ["off", "hard"])
    def test_who_was_let_in_and_comes_again_after_a_while_is_let_in_again(self, mode: Any) -> None:
        node = Node(plan(replace(ANY, anti_passback=mode)))
        assert self.seen(node, (11, 1000), (21, 10_000), (31, 30_000)) == ["open"] * 3

    def test_who_stays_in_view_is_answered_once(self) -> None:
        assert self.seen(Node(), *((11, at) for at in range(1000, 50_000, 2000))) == ["open"]

    def test_who_is_over_the_line_and_seen_under_another_number_asks_for_nothing(self) -> None:
        node = Node(plan(replace(ANY, anti_passback="hard")))
        self.seen(node, (12, 1000), (12, 8000))
        node.at(crossed(11, 9000))
        assert self.seen(node, (21, 9600)) == ["open"]
        node.at(face(12, 9700, "ann"))
        node.at(body(11, 9800))
        node.until(40_000)
        assert node.alerts == []

    def test_a_card_after_the_face_of_one_who_did_not_go_is_no_second_going_in(self) -> None:
        node = Node(plan(replace(ANY, anti_passback="hard")))
        assert self.seen(node, (11, 1000)) == ["open"]
        assert asked(node, at_ms=5000) == ("open", reasons.CARD)


def test_a_face_that_is_switched_off_for_a_person_opens_nothing() -> None:
    node = Node(people=[Person(id="ann", cards=("A1",), face=False)])
    node.at(face(11, 1000, "ann", final=False))
    assert node.decisions == []


@pytest.mark.parametrize(
    ("text", "verdict", "alerts"),
    [("京A12345", ("open", reasons.PLATE_READ), []),
     ("京A12346", ("refuse", reasons.NOT_LISTED), ["vehicle_not_expected"])],
)  # fmt: skip
def test_a_plate_is_listed_exactly_or_not_at_all(text: str, verdict: tuple[str, str], alerts: list[str]) -> None:
    node = Node(plan(PLATE))
    node.at(plate(11, 1000, text, final=False))
    assert [(d.verdict, d.reason, d.plate) for d in node.decisions] == [(*verdict, text)]
    assert node.alerts == alerts


def test_neither_a_face_nor_a_plate_that_is_looked_for_opens() -> None:
    wanted = Person(id="wanted", group="staff", plates=("京A12345",), templates=ANN.templates, watch=True)
    by_face = Node(plan(ANY), [wanted])
    by_face.at(face(11, 1000, "wanted"))
    by_plate = Node(plan(PLATE), [wanted])
    by_plate.at(plate(11, 1000, "京A12345", final=False))
    assert [d.verdict for d in (*by_face.decisions, *by_plate.decisions) if d.verdict == "open"] == []
    assert [passage.person_id for passage in by_plate.passages] in ([], [None])


def test_a_plate_that_is_looked_for_stays_its_owners_way_in() -> None:
    wanted = Person(id="a-wanted", plates=("京A12345",), watch=True)
    owner = Person(id="eve", group="staff", plates=("京A12345",))
    node = Node(plan(PLATE), [wanted, owner])
    node.at(plate(11, 1000, "京A12345", final=False))
    assert [(d.verdict, d.person_id) for d in node.decisions] == [("open", "eve")]


class TestGoingAway:
    """Getting smaller is not getting out: a step back opens no locked lane; a camera may be for the way out."""

    @staticmethod
    def exit_camera(access: Access) -> Node:
        planned = plan(access)
        return Node(replace(planned, cameras={"cam": replace(planned.cameras["cam"], direction="out")}))

    @staticmethod
    def locked(node: Node) -> Node:
        node.at(LaneOrder(order="o", lane="main", state="locked", who="guard", at_ms=100))
        return node

    @staticmethod
    def said(node: Node) -> list[tuple[str, str]]:
        return [(d.verdict, d.reason) for d in node.decisions if d.person_id or d.plate]

    @pytest.mark.parametrize(
        ("access", "seen"),
        [(ANY, face(11, 2000, "ann", direction="out", final=False)),
         (PLATE, plate(11, 2000, "京A12345", direction="out", final=False))],
        ids=["a face", "a plate"],
    )  # fmt: skip
    def test_whoever_steps_back_before_a_lane_is_answered_as_whoever_comes(self, access: Access, seen: Any) -> None:
        node = self.locked(Node(plan(access)))
        node.at(seen)
        assert self.said(node) == [("refuse", reasons.LOCKED)]
        assert node.moves == ["close"]

    def test_whoever_may_come_no_more_does_not_get_in_by_stepping_back(self) -> None:
        node = Node(people=[msgspec.structs.replace(ANN, until="2026-01-05T00:00:00.000Z")])
        node.at(face(11, 2000, "ann", direction="out", final=False))
        assert self.said(node) == [("refuse", reasons.NOT_VALID)]

    def test_whoever_is_inside_and_goes_away_asks_for_nothing(self) -> None:
        node = Node(plan(replace(ANY, anti_passback="hard")))
        node.at(PassedElsewhere(person_id="ann", zone="school", node="gate-2", at_ms=500))
        node.at(face(11, 2000, "ann", direction="out", final=False))
        assert node.decisions == []
        assert node.alerts == []

    @pytest.mark.parametrize(
        ("access", "seen"),
        [(ANY, face(11, 2000, "ann", final=False)), (PLATE, plate(11, 2000, "京B00001", final=False))],
        ids=["a face", "a plate that nobody expects"],
    )  # fmt: skip
    def test_at_a_camera_for_the_way_out_everybody_gets_out(self, access: Access, seen: Any) -> None:
        node = self.locked(self.exit_camera(access))
        node.at(seen)
        assert self.said(node) == [("open", reasons.EGRESS)]
        assert [act.vital for act in node.acts if isinstance(act, Act) and act.action == "pulse"] == [True]


class TestPassback:
    """Nobody goes in twice without having gone out."""

    def inside(self, mode: Any, **more: Any) -> Node:
        node = Node(plan(replace(CARD, anti_passback=mode), site=site(**more)))
        node.at(PassedElsewhere(person_id="ann", zone="school", node="gate-2", at_ms=500))
        return node

    def test_soft_tells_and_opens(self) -> None:
        node = self.inside("soft")
        assert asked(node) == ("open", reasons.CARD)
        assert node.alerts == ["passback"]

    def test_hard_refuses(self) -> None:
        node = self.inside("hard")
        assert asked(node) == ("refuse", reasons.PASSBACK)
        assert node.alerts == ["passback"]

    def test_off_says_nothing(self) -> None:
        node = self.inside("off")
        assert asked(node) == ("open", reasons.CARD)
        assert node.alerts == []

    def test_hard_turns_soft_while_a_sibling_is_unseen(self) -> None:
        node = self.inside("hard", siblings=frozenset({"gate-2", "gate-3"}))
        assert asked(node) == ("open", reasons.CARD)  # gate-3 was never heard of
        node.at(SiblingSeen(node="gate-3", at_ms=10_000))
        node.at(SiblingSeen(node="gate-2", at_ms=10_000))
        assert asked(node, at_ms=20_000) == ("refuse", reasons.PASSBACK)
        assert asked(node, at_ms=41_000) == ("open", reasons.CARD)

    def test_a_single_passage_of_a_sibling_does_not_show_that_there_was_no_other(self) -> None:
        node = self.inside("hard", siblings=frozenset({"gate-2"}))
        assert asked(node) == ("open", reasons.CARD)

    def test_who_is_in_a_part_of_the_zone_is_in_it(self) -> None:
        node = self.inside("hard")
        node.at(PassedElsewhere(person_id="ann", zone="school/library", node="reader-3", at_ms=700))
        assert asked(node) == ("refuse", reasons.PASSBACK)

    @staticmethod
    def hard(access: Access = CARD, *, line: bool = True) -> Node:
        return Node(plan(replace(access, anti_passback="hard"), line=line))

    @staticmethod
    def walk(node: Node, track: int, at_ms: int, hold_ms: int = 1500) -> None:
        """Somebody goes in at `at_ms`; vision has its last word `hold_ms` later."""
        node.at(crossed(track, at_ms), now_ms=at_ms + 200)
        node.at(body(track, at_ms + 300), now_ms=at_ms + hold_ms)

    def test_hard_refuses_whoever_went_in_by_the_lane_itself_as_soon_as_that_is_told(self) -> None:
        node = self.hard()
        node.at(read("A1", 1000))
        self.walk(node, 11, 2000)
        assert asked(node, at_ms=20_000) == ("refuse", reasons.PASSBACK)

    @pytest.mark.parametrize("gap", [3500, 5000, 7000])
    def test_a_card_that_is_handed_back_opens_nothing_before_its_owners_passage_is_told(self, gap: int) -> None:
        node = self.hard()
        node.at(read("A1", 1000))
        node.at(crossed(11, 2000), now_ms=2200)  # whose last word is not there yet, so nothing is told
        assert asked(node, at_ms=1000 + gap) == ("refuse", reasons.PASSBACK)
        node.at(crossed(21, 2000 + gap), now_ms=2200 + gap)
        for track, at_ms in ((11, 2300), (21, 2300 + gap)):
            node.at(body(track, at_ms), now_ms=4000 + gap)
        node.until(40_000)
        assert next((p.person_id, p.media_time_s) for p in node.passages) == ("ann", 2.0)
        assert node.alerts == ["passback", "tailgating", "impossible_card"]

    def test_a_card_that_is_handed_back_where_no_camera_sees_the_line_opens_once(self) -> None:
        node = self.hard(line=False)
        for number in range(10):
            node.at(read("A1", 1000 + 3500 * number))
        assert node.moves == ["pulse"]
        assert "passback" in node.alerts

    def test_one_card_opens_no_second_lane_while_its_owner_goes_through_the_first(self) -> None:
        node = self.hard()
        assert asked(node) == ("open", reasons.CARD)
        assert asked(node, reader="r-other", at_ms=1500) == ("refuse", reasons.PASSBACK)

    @pytest.mark.parametrize("seen", [None, "ann"], ids=["without a face", "with a face"])
    def test_whoever_was_let_in_and_did_not_go_may_ask_again_at_once_and_is_missed_by_nobody(
        self, seen: str | None
    ) -> None:
        node = self.hard()
        node.at(read("A1", 1000))
        assert asked(node, at_ms=5000) == ("open", reasons.CARD)
        if seen is not None:
            node.at(face(12, 5500, seen))
        self.walk(node, 11, 6000)
        node.until(40_000)
        assert [(p.person_id, p.direction) for p in node.passages] == [("ann", "in")]
        assert node.alerts == []

    def test_whoever_turned_back_may_come_by_another_lane_soon(self) -> None:
        node = self.hard()
        node.at(read("A1", 1000))
        node.until(9600)
        assert asked(node, reader="r-other", at_ms=9600) == ("open", reasons.CARD)

    def test_a_card_with_which_somebody_else_went_in_keeps_its_owner_out_no_longer(self) -> None:
        node = self.hard()
        node.at(read("A1", 1000))
        node.at(face(12, 1600, "bob"))
        self.walk(node, 11, 2000)
        node.until(12_000)
        assert asked(node, at_ms=12_000) == ("open", reasons.CARD)

    def test_whose_whereabouts_are_stale_is_not_held_up(self) -> None:
        node = self.inside("hard", stale_ms=60_000)
        assert asked(node, at_ms=70_000) == ("open", reasons.CARD)


class TestOrders:
    """People bring a lane into a state; states are absolute."""

    def order(self, node: Node, state: Any, at_ms: int = 100, until_ms: int | None = None) -> None:
        node.at(LaneOrder(order=f"o{at_ms}", lane="main", state=state, who="guard", at_ms=at_ms, until_ms=until_ms))

    def test_a_locked_lane_lets_nobody_in(self) -> None:
        node = Node()
        self.order(node, "locked")
        assert asked(node) == ("refuse", reasons.LOCKED)
        assert node.moves == ["close"]

    def test_a_lane_that_is_held_open_stays_so_until_its_time_is_over(self) -> None:
        node = Node()
        self.order(node, "held_open", until_ms=30_000)
        assert [d.reason for d in node.decisions] == [reasons.HELD_OPEN]
        assert asked(node, "FFFF") == ("open", reasons.HELD_OPEN)
        assert node.moves == ["hold"]  # and no pulse, which would end it
        node.until(30_100)
        assert node.moves == ["hold", "close"]
        assert asked(node, "FFFF", at_ms=40_000) == ("refuse", reasons.UNKNOWN_CARD)

    def test_the_same_order_twice_changes_nothing(self) -> None:
        node = Node()
        self.order(node, "held_open")
        self.order(node, "held_open", 200)
        assert node.moves == ["hold"]

    def test_an_order_that_comes_too_late_does_nothing(self) -> None:
        node = Node()
        node.until(5000)
        self.order(node, "open_once", at_ms=5000, until_ms=4000)
        assert node.moves == []

    def test_opening_once_is_a_decision_by_hand_and_who_goes_through_is_no_tailgater(self) -> None:
        node = Node()
        self.order(node, "open_once", at_ms=1000)
        node.at(crossed(11, 3000))
        node.at(body(11, 3500))
        node.until(30_000)
        assert [(d.verdict, d.reason) for d in node.decisions] == [("open", reasons.MANUAL)]
        assert [(p.kind, p.person_id, p.direction) for p in node.passages] == [("manual", None, "in")]
        assert node.alerts == []

    def test_opening_once_for_nobody_is_no_passage(self) -> None:
        node = Node()
        self.order(node, "open_once", at_ms=1000)
        node.until(30_000)
        assert node.passages == []
        assert node.alerts == []

    def test_fire_opens_everything_and_no_lock_holds_it_up(self) -> None:
        node = Node()
        self.order(node, "locked")
        node.at(Contact(device="fire", at_ms=1000, state="active"))
        assert node.moves == ["close", "hold"]
        hold = [act for act in node.acts if isinstance(act, Act)][-1]
        assert hold.vital
        assert asked(node, "FFFF", at_ms=2000) == ("open", reasons.RELEASED)
        node.at(Contact(device="fire", at_ms=9000, state="idle"))
        assert asked(node, at_ms=12_000) == ("refuse", reasons.LOCKED)
        assert node.alerts == ["fire_release"]

    def test_whoever_opens_once_by_hand_shuts_no_lane_that_is_held_open(self) -> None:
        node = Node()
        node.at(Contact(device="fire", at_ms=1000, state="active"))
        self.order(node, "open_once", at_ms=2000)
        assert node.moves == ["hold"]
        assert [(d.verdict, d.reason) for d in node.decisions][-1] == ("open", reasons.MANUAL)

    def test_a_guards_passage_counts_as_one_with_or_without_a_crossing(self) -> None:
        node = Node()
        node.at(ManualPassage(order="m", lane="main", direction="in", who="guard", at_ms=1000, person_id="eve"))
        node.until(20_000)
        assert [(p.kind, p.person_id, p.direction, p.reason) for p in node.passages] == [
            ("manual", "eve", "in", reasons.MANUAL)
        ]
        assert node.decider.presence(20_000) == {"school": 1}


def test_who_is_refused_several_times_in_a_row_is_told() -> None:
    node = Node(plan(CARD))
    for number in range(3):
        node.at(read(f"FF0{number}", 1000 + 1000 * number))
    assert node.alerts == ["unknown_card", "unknown_card", "unknown_card", "refused_in_row"]
    row = next(each for each in node.events if isinstance(each, Alert) and each.kind == "refused_in_row")
    assert [piece.card for piece in row.evidence] == ["FF00", "FF01", "FF02"]
    node.at(read("A1", 5000))
    node.at(read("FF09", 6000))
    assert node.alerts.count("refused_in_row") == 1


@pytest.mark.parametrize(
    ("card", "reader", "rows"),
    [("E1", "r-in", 0), ("E1", "r-out", 1), ("FF", "r-out", 1)],
    ids=["somebody is let in", "somebody leaves", "somebody leaves with a card of nobody"],
)
def test_only_who_is_let_in_ends_a_row_of_refusals(card: str, reader: str, rows: int) -> None:
    node = Node(plan(CARD))
    for number in range(3):
        node.at(read(f"F{number}", 1000 + 4000 * number))
        node.at(read(card, 3000 + 4000 * number, reader))
    assert node.alerts.count("refused_in_row") == rows


def test_a_reader_without_a_lane_only_tells() -> None:
    node = Node()
    assert node.at(read("A1", 1000, "nobody's")) == []
