"""Lanes that open something: what may not be is refused by file, line and key; the rest reaches the decision."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from support.configs import FILE, edited, head
from zhian_edge.config.reading import load, parse
from zhian_edge.decision.schedules import holds
from zhian_edge.planning import plan_of

GOOD = (
    head()
    + """\
[presence]
siblings = ["gate-2"]
stale_h = 12.0
[calendar]
holidays = ["2026-10-01"]
workdays = { "2026-10-10" = "thu" }
[[schedules]]
id = "school"
[[schedules.spans]]
days = ["mon", "fri"]
start = "07:00"
end = "18:00"
[[groups]]
id = "grade-1"
schedule = "school"
lessons = "school"
collected = true
[[lanes]]
id = "main"
policy = "any_of"
any_of = ["card", "face"]
liveness = "required"
inside = "school"
egress = "free"
anti_passback = "hard"
groups = ["grade-1"]
[[lanes]]
id = "side"
policy = "card"
egress = "main"
[[readers]]
id = "r1"
driver = "virtual"
script = "r1.jsonl"
lane = "side"
[[cameras]]
id = "inside"
source = "rtsp://camera/1"
lane = "main"
liveness = "required"
direction = "out"
[[barriers]]
id = "b1"
driver = "virtual"
lane = "side"
pulse_s = 0.5
[[inputs]]
id = "help"
driver = "virtual"
script = "help.jsonl"
role = "help"
lane = "side"
"""
)


def problems(old: str, new: str) -> list[str]:
    return edited(GOOD, old, new)


def test_everything_that_is_written_reaches_the_decision() -> None:
    plan = plan_of(parse(GOOD, FILE), "boot")
    access = plan.lanes["main"].access
    assert access is not None
    assert (access.name, access.ways, access.inside, access.anti_passback) == (
        "any_of",
        ("card", "face"),
        "school",
        "hard",
    )
    assert access.groups == {"grade-1"}
    side = plan.lanes["side"].access
    assert side is not None
    assert (side.ways, side.free_egress) == (("card",), False)
    assert (plan.readers["r1"].lane, plan.readers["r1"].direction) == ("side", "in")
    assert plan.camera("inside").direction == "out"
    barrier = plan.barrier_of("side")
    assert barrier is not None
    assert (barrier.pulse_ms, barrier.held_ms) == (500, 15_000)
    assert (plan.inputs["b1"].role, plan.inputs["help"].role) == ("door", "help")
    (span,) = plan.site.schedules["school"].spans
    assert (span.days, span.start, span.end) == (("mon", "fri"), "07:00", "18:00")
    assert plan.site.groups["grade-1"].collected
    assert plan.site.calendar.workdays == {"2026-10-10": "thu"}
    assert (plan.site.siblings, plan.site.stale_ms) == ({"gate-2"}, 12 * 3_600_000)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('any_of = ["card", "face"]', 'any_of = ["face"]', "lanes[0].any_of: an entry must never open by a face alone"),
        ('policy = "card"', 'policy = "face"', "lanes[1].policy: an entry must never open by a face alone"),
        ('any_of = ["card", "face"]', 'any_of = ["card"]', "lanes[0].any_of: expected at least two"),
        ('any_of = ["card", "face"]', "any_of = []", "lanes[0].any_of: expected at least two"),
        ('policy = "card"', 'policy = "card"\nany_of = ["card", "plate"]', "lanes[1].any_of: is only for"),
        ('policy = "card"', 'policy = "plate"\nanti_passback = "soft"\ninside = "a"', "lanes[1].anti_passback: by its"),
        ('policy = "card"', 'policy = "card_and_face"\nconfirm_s = 9', "lanes[1].confirm_s: expected at most fresh"),
        ('egress = "main"\n', "", 'lanes[1].egress: missing; expected "free"'),
        ('egress = "main"', 'egress = "side"', 'lanes[1].egress: no lane "side" whose own egress is "free"'),
        ('egress = "free"', 'egress = "side"', "lanes[0].egress: no lane"),
        ('liveness = "required"\n', "", 'lanes[0].liveness: expected "required": a face that opens must be live'),
        ('inside = "school"\n', "", "lanes[0].inside: missing; anti-passback needs"),
        ('groups = ["grade-1"]', 'groups = ["grade-2"]', 'lanes[0].groups[0]: no group "grade-2"'),
        ('schedule = "school"', 'schedule = "week"', 'groups[0].schedule: no schedule "week"'),
        ('lessons = "school"', 'lessons = "week"', 'groups[0].lessons: no schedule "week"'),
        ('start = "07:00"', 'start = "7:00"', "schedules[0].spans[0].start"),
        ('days = ["mon", "fri"]', 'days = ["monday"]', "schedules[0].spans[0].days"),
        ('holidays = ["2026-10-01"]', 'holidays = ["1.10."]', "calendar.holidays"),
        ('siblings = ["gate-2"]', 'siblings = ["gate"]', "presence.siblings: expected other nodes"),
        ("collected = true", "colected = true", "groups[0].colected: unknown key; did you mean collected?"),
    ],
    ids=str,
)  # fmt: skip
def test_what_may_not_be_is_refused(old: str, new: str, said: str) -> None:
    assert any(said in problem for problem in problems(old, new)), problems(old, new)


def test_a_schedule_without_spans_is_refused() -> None:
    spans = GOOD[GOOD.index("[[schedules.spans]]") : GOOD.index("[[groups]]")]
    assert any("schedules[0].spans: expected at least one span" in problem for problem in problems(spans, ""))


def test_a_lane_that_opens_nothing_needs_none_of_it() -> None:
    kept = GOOD[: GOOD.index("[[lanes]]")] + '[[lanes]]\nid = "main"\n'
    assert plan_of(parse(kept, FILE), "boot").lanes["main"].access is None


def test_the_example_of_a_school_gate_decides_by_card_and_face_and_watches_its_doors() -> None:
    path = Path(__file__).resolve().parents[3] / "configs" / "school-gate.toml"
    plan = plan_of(load(path), "boot")
    people, cars = plan.lanes["pedestrians"].access, plan.lanes["vehicles"].access
    assert people is not None and cars is not None
    assert (people.ways, people.anti_passback, people.opens_without_face) == (("card_and_face",), "hard", True)
    assert (cars.ways, cars.vehicles) == (("plate",), True)
    turnstile = plan.barrier_of("pedestrians")
    assert turnstile is not None and turnstile.held_ms and turnstile.opens_within_ms
    assert {each.role for each in plan.inputs.values()} == {"door", "help", "fire"}
    assert {each.direction for each in plan.readers.values() if each.lane == "pedestrians"} == {"in", "out"}
    assert plan.site.groups["grade-1"].collected
    assert holds(plan.site.schedules["lessons"], plan.site.calendar, datetime(2026, 10, 10, 9))
    assert not holds(plan.site.schedules["lessons"], plan.site.calendar, datetime(2026, 10, 1, 9))
