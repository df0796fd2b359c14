"""Leave slips: who may give them, what they excuse, what nodes hear of them, and when they are gone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update
from support.school import TODAY, School, at
from zhian_gateway.attendance import correcting, leave
from zhian_gateway.auth import scope
from zhian_gateway.lanes.by_hand import VOID
from zhian_gateway.notices.attending import AttendanceHerald
from zhian_gateway.people import rosters
from zhian_gateway.store.tables import audit, leave_slips, notices, passages
from zhian_wire.roster import Collector, Leave, Person

Client = Callable[..., httpx.Client]


@pytest.fixture
def teacher(school: School, client: Client) -> httpx.Client:
    """Wang teaches grade-1; it is half past six."""
    school.now("06:30")
    found = client("teacher")
    with school.parts.store.write() as link:
        scope.set_groups(link, "teacher-1", ["grade-1"], site="school", who="t", now=school.parts.now())
    return found


def said(person: str = "ming", begins: str = "14:00", ends: str = "16:00", **more: Any) -> dict[str, Any]:
    """A request for today."""
    times = {"begins": f"{TODAY}T{begins}:00+08:00", "ends": f"{TODAY}T{ends}:00+08:00"}
    return {"person_id": person, "reason": "dentist", **times} | more


def listed(school: School, person: str) -> Person:
    """Somebody as nodes have them now."""
    with school.parts.store.read() as link:
        found = rosters.build(link, since=0, now=school.parts.now())
        opaque = link.execute(select(rosters.people.c.opaque).where(rosters.people.c.id == person)).scalar_one()
    return next(each for each in found.persons if each.id == opaque)


def test_a_slip_excuses_the_day_and_calls_off_what_would_be_told(
    school: School, teacher: httpx.Client, client: Client
) -> None:
    made = teacher.post("/api/leaves", json=said(begins="07:00", ends="10:00")).json()
    assert (made["name"], made["reason"], made["who"]) == ("Ming", "dentist", "teacher-1")
    school.now("09:00")
    assert (school.day("ming").result.status, school.day("hong").result.status) == ("excused", "absent")
    assert [kind for person, kind, _ in school.shown() if person == "ming"] == []
    (line,) = client("admin").get("/api/attendance/people/ming").json()["items"]
    assert [each["ends"] for each in line["leaves"]] == ["2026-10-12T02:00:00.000Z"]


def test_who_is_not_back_when_the_leave_ends_is_told_as_absent_from_then(school: School, teacher: httpx.Client) -> None:
    teacher.post("/api/leaves", json=said(begins="07:00", ends="10:00")).raise_for_status()
    school.now("09:00")
    school.now("10:02")
    (row,) = [each for each in school.told() if each.person_id == "ming"]
    assert (row.kind, row.bell_at, row.withdrawn_at) == ("absent", "2026-10-12T02:00:00.000Z", None)
    school.passes("ming", "10:05")
    assert [why for person, _, why in school.shown() if person == "ming"] == ["arrived"]


def give(school: School, begins: str, ends: str, person: str = "ming") -> int:
    """A slip for today; its number."""
    with school.parts.store.write() as link:
        return leave.give(link, school.parts, leave.Wanted(person, at(begins), at(ends), "dentist"), who="wang")


@pytest.fixture
def away(school: School) -> School:
    """Ming came, and left at ten with leave until noon."""
    school.now("07:40")
    school.passes("ming", "07:40")
    give(school, "10:00", "12:00")
    school.now("10:01")
    school.passes("ming", "10:01", "out")
    return school


def about_ming(school: School) -> list[tuple[str, str, str | None]]:
    """The kind, the bell and why it was taken back."""
    return [(row.kind, row.bell_at, row.withdrawn_why) for row in school.told() if row.person_id == "ming"]


def test_who_left_with_leave_and_is_not_back_when_it_ends_is_told(away: School) -> None:
    away.now("12:00")
    assert about_ming(away) == []
    away.now("12:01")
    assert about_ming(away) == [("absent", "2026-10-12T04:00:00.000Z", None)]
    away.now("13:00")
    away.passes("ming", "13:00")
    assert about_ming(away) == [("absent", "2026-10-12T04:00:00.000Z", "arrived")]


def test_who_left_a_little_before_the_leave_began_is_missed_too(school: School) -> None:
    school.now("07:40")
    school.passes("ming", "07:40")
    give(school, "10:00", "12:00")
    school.now("09:58")
    school.passes("ming", "09:58", "out")
    assert (school.day("ming").result.left_early, school.day("ming").result.excused) == (True, True)
    school.now("12:01")
    assert about_ming(school) == [("absent", "2026-10-12T04:00:00.000Z", None)]


@pytest.mark.parametrize(("said", "inside"), [("11:50", True), ("12:05", True), ("16:30", False)])
def test_a_teacher_who_says_present_takes_it_back_and_within_school_they_are_back(
    away: School, said: str, inside: bool
) -> None:
    if said > "12:01":
        away.now("12:01")
        assert [why for _, _, why in about_ming(away)] == [None]
    away.now(said)
    words: Any = {"first": date.fromisoformat(TODAY), "last": date.fromisoformat(TODAY), "kind": "present"}
    with away.parts.store.write() as link:
        correcting.correct(link, away.parts, "ming", **words, at=None, reason="is in class", who="wang")
    away.now("16:40")
    assert {why for _, _, why in about_ming(away)} <= {"corrected"}
    assert away.day("ming").result.inside == inside


def test_a_change_of_the_roster_in_the_minute_after_a_leave_loses_nobody(away: School) -> None:
    away.now("12:00:20")
    away.enrol("new")
    away.now("12:00:40")
    away.now("12:01")
    assert about_ming(away) == [("absent", "2026-10-12T04:00:00.000Z", None)]


def test_who_is_back_in_time_or_need_not_come_back_is_not_told(away: School) -> None:
    give(away, "14:00", "16:30", "hong")
    away.passes("hong", "07:45")
    away.now("11:50")
    away.passes("ming", "11:50")
    away.now("12:01")
    away.now("14:02")
    away.passes("hong", "14:02", "out")
    away.now("16:31")
    assert [row for row in away.told() if row.person_id in ("ming", "hong") and row.withdrawn_at is None] == []


def test_a_leave_over_the_next_lesson_holds_for_who_went_home_at_noon(school: School) -> None:
    school.now("07:40")
    school.passes("ming", "07:40")
    give(school, "13:00", "15:00")
    school.now("11:40")
    school.passes("ming", "11:40", "out")
    school.now("14:59")
    assert about_ming(school) == []
    school.now("15:01")
    assert about_ming(school) == [("absent", "2026-10-12T07:00:00.000Z", None)]


def test_a_longer_leave_takes_it_back_and_the_end_of_the_slip_does_not(school: School) -> None:
    school.now("07:40")
    school.passes("ming", "07:40")
    slip = give(school, "10:00", "12:00")
    school.now("10:01")
    school.passes("ming", "10:01", "out")
    school.now("12:01")
    with school.parts.store.write() as link:
        leave.end(link, school.parts, slip, why="over", who="wang")
    school.now("12:02")
    assert about_ming(school) == [("absent", "2026-10-12T04:00:00.000Z", None)]
    give(school, "10:00", "16:00")
    school.now("12:03")
    assert about_ming(school) == [("absent", "2026-10-12T04:00:00.000Z", "excused")]


def test_guardians_read_that_the_child_is_not_back(away: School) -> None:
    away.enrol("ming", guardians=["inbox://mother"])
    herald = AttendanceHerald(away.parts)
    away.now("12:00:50")
    away.beats("gate-1")
    away.now("12:01")
    herald.step()
    with away.parts.store.read() as link:
        rows = link.execute(select(notices.c.title, notices.c.body).where(notices.c.happening == "not_back")).all()
    assert [tuple(row) for row in rows] == [
        ("Ming 尚未返校", "Ming离开第一小学后，到 12:00:00 为止没有返校的记录。请与老师联系。")
    ]


def bodies(school: School, happening: str) -> list[str]:
    """What guardians read of it."""
    with school.parts.store.read() as link:
        return list(link.execute(select(notices.c.body).where(notices.c.happening == happening)).scalars())


DOUBT = (
    "Ming离开第一小学后，到 12:00:00 为止没有返校的记录；但有校门设备当时失去联系，或看到Ming而未能判断进出，"
    "Ming可能已经返校。请先与老师确认。"
)


def test_where_a_gate_was_not_heard_nobody_is_told_flatly_that_a_child_is_not_back(away: School) -> None:
    away.enrol("ming", guardians=["inbox://mother"])
    herald = AttendanceHerald(away.parts)
    away.passes("lan", "10:01", node="gate-2")
    away.now("12:00:50")
    away.beats("gate-1")
    away.now("12:01")
    herald.step()
    assert (bodies(away, "not_back"), bodies(away, "not_back_unheard")) == ([], [DOUBT])
    # What gate-2 knew all the time.
    with away.parts.store.write() as link:
        link.execute(update(notices).values(state="sent"))
    away.now("12:30")
    away.passes("ming", "11:50", node="gate-2")
    herald.step()
    assert bodies(away, "not_back_taken_back") == ["此前关于Ming尚未返校的通知已更正：Ming已按时返校。"]


@pytest.mark.parametrize(("seen", "doubtful"), [("11:50", True), ("09:30", False)], ids=["since", "before"])
def test_who_was_seen_by_a_gate_without_a_line_since_they_left_is_told_with_doubt(
    away: School, seen: str, doubtful: bool
) -> None:
    away.enrol("ming", guardians=["inbox://mother"])
    away.now("11:50")
    away.passes("ming", seen, "none")
    away.now("12:00:50")
    away.beats("gate-1")
    away.now("12:01")
    AttendanceHerald(away.parts).step()
    assert [bodies(away, "not_back") == [], bodies(away, "not_back_unheard") == [DOUBT]] == [doubtful, doubtful]


def test_a_passage_that_was_taken_back_raises_no_doubt(away: School) -> None:
    away.enrol("ming", guardians=["inbox://mother"])
    away.now("11:50")
    away.passes("ming", "11:50")
    with away.parts.store.write() as link:
        slip = {"movement": None, "zone": None, "reason": VOID[0]}
        link.execute(update(passages).where(passages.c.time.like("%T03:50:%")).values(slip))
    away.now("12:00:50")
    away.beats("gate-1")
    away.now("12:01")
    AttendanceHerald(away.parts).step()
    assert (len(bodies(away, "not_back")), bodies(away, "not_back_unheard")) == (1, [])


@pytest.mark.parametrize(("back", "corrected"), [("12:20", False), ("11:50", True)], ids=["late", "in time"])
def test_who_came_back_late_is_told_by_the_arrival_and_who_was_back_in_time_is_put_right(
    away: School, back: str, corrected: bool
) -> None:
    away.enrol("ming", guardians=["inbox://mother"])
    herald = AttendanceHerald(away.parts)
    away.now("12:01")
    herald.step()
    with away.parts.store.write() as link:
        link.execute(update(notices).values(state="sent"))
    away.now("12:30")
    away.passes("ming", back)
    herald.step()
    with away.parts.store.read() as link:
        found = link.execute(select(notices.c.body).where(notices.c.happening == "not_back_taken_back")).scalars().all()
    assert found == (["此前关于Ming尚未返校的通知已更正：Ming已按时返校。"] if corrected else [])


def test_a_slip_given_after_the_bell_takes_back_what_was_told(school: School, client: Client) -> None:
    school.now("09:00")
    assert ("ming", "absent", None) in school.shown()
    client("admin").post("/api/leaves", json=said(begins="07:00", ends="16:00")).raise_for_status()
    school.now("09:01")
    assert ("ming", "absent", "excused") in school.shown()


def test_nodes_hear_of_a_slip_until_it_is_over_or_ended(school: School, teacher: httpx.Client) -> None:
    before = listed(school, "ming")
    school.enrol("aunt", "staff")
    aunt = listed(school, "aunt").id
    by_aunt = teacher.post("/api/leaves", json=said(collected="person", collector="aunt")).json()
    assert by_aunt["collector_name"] == "Aunt"
    span = {"begins": "2026-10-12T06:00:00.000Z", "ends": "2026-10-12T08:00:00.000Z"}
    found = listed(school, "ming")
    assert (found.leaves, found.collectors) == ((Leave(**span),), (Collector(who=aunt, **span),))
    teacher.post(f"/api/leaves/{by_aunt['id']}/end", json={"reason": "well again"}).raise_for_status()
    assert listed(school, "ming") == before
    teacher.post("/api/leaves", json=said(collected="alone")).raise_for_status()
    assert listed(school, "ming").leaves == (Leave(**span, alone=True),)
    school.now("16:00")
    assert listed(school, "ming").leaves == ()


def test_a_car_collects_by_its_plate(school: School, teacher: httpx.Client) -> None:
    wrong = teacher.post("/api/leaves", json=said(collected="plate", collector="?"))
    assert (wrong.status_code, "no plate" in wrong.text) == (422, True)
    teacher.post("/api/leaves", json=said(collected="plate", collector="京a12345")).raise_for_status()
    assert [each.who for each in listed(school, "ming").collectors] == ["京A12345"]


def test_a_teacher_gives_and_sees_slips_of_the_own_classes_alone(
    school: School, teacher: httpx.Client, client: Client
) -> None:
    assert teacher.post("/api/leaves", json=said("lan")).status_code == 404
    office = client("admin")
    other = office.post("/api/leaves", json=said("lan")).json()
    office.post("/api/leaves", json=said("ming")).raise_for_status()
    assert [each["person_id"] for each in teacher.get("/api/leaves").json()["items"]] == ["ming"]
    assert teacher.post(f"/api/leaves/{other['id']}/end", json={"reason": "x"}).status_code == 404
    assert teacher.get("/api/leaves", params={"group": "grade-2"}).status_code == 403
    seen = client("guard").get("/api/leaves").json()["items"]
    assert [(each["person_id"], each["reason"]) for each in seen] == [("lan", ""), ("ming", "")]


@pytest.mark.parametrize(
    "wrong",
    [
        {"begins": "16:00", "ends": "14:00"},
        {"begins": "05:00", "ends": "06:00"},
        {"reason": " "},
        {"collected": "person", "collector": " "},
        {"collected": "alone", "collector": "aunt"},
    ],
    ids=["ends before it begins", "over", "no reason", "nobody named", "alone, with somebody"],
)
def test_a_slip_that_makes_no_sense_is_refused_and_nothing_is_written(
    school: School, teacher: httpx.Client, wrong: dict[str, Any]
) -> None:
    assert teacher.post("/api/leaves", json=said(**wrong)).status_code == 422
    with school.parts.store.read() as link:
        assert link.execute(select(leave_slips)).all() == []


def test_giving_ending_and_looking_are_on_the_record(school: School, teacher: httpx.Client) -> None:
    made = teacher.post("/api/leaves", json=said()).json()
    teacher.get("/api/leaves")
    ended = f"/api/leaves/{made['id']}/end"
    assert teacher.post(ended, json={"reason": "well again"}).json()["ended_why"] == "well again"
    assert teacher.post(ended, json={"reason": "again"}).status_code == 409
    with school.parts.store.read() as link:
        rows = link.execute(select(audit).where(audit.c.action.startswith("leave."))).all()
    assert [(row.action, row.who, row.subject) for row in rows] == [
        ("leave.give", "teacher-1", "ming"),
        ("leave.view", "teacher-1", ""),
        ("leave.end", "teacher-1", "ming"),
    ]


def test_slips_go_with_whom_they_are_about(school: School, teacher: httpx.Client) -> None:
    teacher.post("/api/leaves", json=said()).raise_for_status()
    with school.parts.store.write() as link:
        school.parts.registry.withdraw(link, "ming", who="t", now=school.parts.now())
        assert link.execute(select(leave_slips)).all() == []
