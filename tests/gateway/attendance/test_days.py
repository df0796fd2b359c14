"""Days follow from what is stored: gates, clocks, late deliveries, a teacher's word, and who is to hear of it."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from sqlalchemy import select
from support.school import CLASSES, LESSONS, TODAY, School, at
from zhian_gateway.attendance import asking, correcting
from zhian_gateway.attendance.rules import Kind
from zhian_gateway.errors import BadInput, Conflict, NotFound
from zhian_gateway.people import timetable
from zhian_gateway.people.erasing import erase
from zhian_gateway.people.timetable_files import GroupFile
from zhian_gateway.store.tables import attendance_corrections, attendance_signals, audit
from zhian_wire.calendar import Schedule, Span

TUESDAY = "2026-10-13"


def correct(
    school: School, person: str, kind: Kind, clock: str | None = None, *, why: str = "saw them", to: str = TODAY
) -> int:
    with school.parts.store.write() as link:
        said = {"first": date.fromisoformat(TODAY), "last": date.fromisoformat(to), "reason": why, "who": "wang"}
        when = at(clock) if clock else None
        return correcting.correct(link, school.parts, person, kind=kind, at=when, **said)[0]  # type: ignore[arg-type]


def test_a_day_is_read_from_all_gates_of_the_site(school: School) -> None:
    school.now("07:45")
    school.passes("ming", "07:44", node="gate-2")
    school.now("09:00")
    school.passes("ming", "08:55", node="gate-1")
    assert (school.day("ming").result.status, school.day("ming").result.arrived_at) == ("present", at("07:44"))


def test_who_is_not_here_a_minute_after_the_bell_is_told_once(school: School) -> None:
    school.now("07:40")
    school.passes("hong", "07:40")
    school.now("07:50")
    assert school.told() == []
    school.now("07:51")
    school.now("08:30")
    assert sorted(school.shown()) == [("lan", "absent", None), ("ming", "absent", None)]
    assert {row.silent for row in school.told()} == {"gate-1"}


def test_what_was_told_is_taken_back_when_the_pupil_turns_up(school: School) -> None:
    school.now("08:00")
    last = max(row.change for row in school.told())
    school.now("08:20")
    school.passes("ming", "08:20")
    (change,) = school.told(after=last)
    assert (change.person_id, change.withdrawn_why, change.passage_id is not None) == ("ming", "arrived", True)
    day = school.day("ming")
    assert (day.result.status, day.result.late_s) == ("late", 30 * 60)
    assert [(told.kind, told.withdrawn_why) for told in day.told] == [("absent", "arrived")]


def test_a_gate_that_was_offline_all_morning_changes_the_day_afterwards_visibly(school: School) -> None:
    school.now("08:00")
    assert school.day("ming").result.status == "absent"
    school.now("12:10")
    school.passes("ming", "07:41")
    day = school.day("ming")
    assert (day.result.status, day.result.arrived_at, day.result.marks) == ("present", at("07:41"), ("delivered_late",))
    assert [(told.kind, told.withdrawn_why) for told in day.told] == [("absent", "arrived")]


def test_also_days_later(school: School) -> None:
    school.now("08:00")
    school.now("07:00", "2026-10-14")
    school.passes("ming", "07:41")
    assert school.day("ming").result.status == "present"
    assert ("ming", "absent", "arrived") in school.shown()
    # Of a day that is over nobody hears anything new.
    with school.parts.store.write() as link:
        link.execute(attendance_signals.delete())
    school.now("07:10", "2026-10-14")
    school.passes("hong", "07:05", day="2026-10-14")
    assert school.told() == []


def test_a_gateway_that_was_off_at_the_bell_tells_when_it_is_back(school: School) -> None:
    school.now("07:00")
    school.now("10:00")
    assert {row.person_id for row in school.told()} == {"ming", "hong", "lan"}


def test_still_inside_after_closing_is_told_and_taken_back(school: School) -> None:
    school.now("07:40")
    school.passes("ming", "07:40")
    school.passes("lan", "07:40")
    school.now("18:31")
    # Of grade-2 nobody said when it closes.
    assert [row.person_id for row in school.told() if row.kind == "still_inside"] == ["ming"]
    school.now("18:45")
    school.passes("ming", "18:45", "out")
    assert ("ming", "still_inside", "left") in school.shown()


def test_who_is_seen_by_a_gate_without_a_line_after_they_left_is_not_inside(school: School) -> None:
    school.now("07:40")
    school.passes("ming", "07:40")
    school.now("16:05")
    school.passes("ming", "16:05", "out")
    school.now("16:06")
    school.passes("ming", "16:06", "none", node="gate-2")
    school.now("18:31")
    assert (school.day("ming").result.left_at, school.day("ming").result.marks) == (at("16:05"), ("no_direction",))
    assert [row.person_id for row in school.told() if row.kind == "still_inside"] == []


@pytest.mark.parametrize(("closes", "told"), [("23:58", "23:59:10"), ("23:59", "00:00:10"), ("24:00", "00:01:10")])
def test_a_closing_about_midnight_is_told_a_minute_later(school: School, closes: str, told: str) -> None:
    late = [msgspec.structs.replace(each, closes=closes) for each in CLASSES]
    with school.parts.store.write() as link:
        timetable.replace_hours(link, [LESSONS], late, site="school", who="t", now=school.parts.now())
    school.now("07:40")
    school.passes("ming", "07:40")
    for clock, day in (("23:58:50", TODAY), ("23:59:10", TODAY), ("00:00:10", TUESDAY), ("00:01:10", TUESDAY)):
        assert "still_inside" not in {row.kind for row in school.told()}
        school.now(clock, day)
        if clock == told:
            break
    (row,) = [row for row in school.told() if row.kind == "still_inside"]
    assert (row.person_id, row.day) == ("ming", TODAY)


@pytest.mark.parametrize(("back", "told"), [("00:50", ["ming"]), ("01:10", [])])
def test_a_closing_at_midnight_that_was_missed_is_told_for_an_hour(school: School, back: str, told: list[str]) -> None:
    late = [msgspec.structs.replace(each, closes="24:00") for each in CLASSES]
    with school.parts.store.write() as link:
        timetable.replace_hours(link, [LESSONS], late, site="school", who="t", now=school.parts.now())
    school.now("07:40")
    school.passes("ming", "07:40")
    school.now(back, TUESDAY)
    assert [row.person_id for row in school.told()] == told


def test_why_they_are_no_longer_told_to_be_inside_is_what_changed(school: School) -> None:
    school.now("07:40")
    school.passes("ming", "07:40")
    school.passes("hong", "07:40")
    school.now("18:31")
    correct(school, "hong", "left", "16:05", why="with grandmother by the back door")
    later = [msgspec.structs.replace(each, closes="19:30") for each in CLASSES]
    with school.parts.store.write() as link:
        by = {"site": school.parts.site, "who": "t", "now": school.parts.now()}
        timetable.replace_hours(link, [LESSONS], later, **by)
    school.now("18:40")
    why = {row.person_id: row.withdrawn_why for row in school.told() if row.kind == "still_inside"}
    assert why == {"ming": "bells_changed", "hong": "corrected"}


def test_moved_workdays_and_holidays_are_the_sites(school: School) -> None:
    school.now("12:00", "2026-10-10")
    assert school.day("ming", "2026-10-10").result.status == "absent"
    assert school.day("ming", "2026-10-11").result.status == "off"
    assert school.day("ming", "2026-10-01").result.status == "off"
    assert school.day("ming", "2026-09-30").result.status == "absent"
    # Nobody was to come before they were enrolled.
    assert school.day("ming", "2026-08-31").result.status == "off"


def test_a_holiday_that_is_declared_afterwards_takes_back_what_was_told(school: School) -> None:
    school.now("08:00")
    with school.parts.store.write() as link:
        days = [timetable.Day(TODAY, None, "台风")]
        timetable.replace_days(link, days, site="school", who="t", now=school.parts.now())
    school.now("08:05")
    assert {row.withdrawn_why for row in school.told()} == {"no_school"}


def test_who_may_not_come_that_day_is_not_missed(school: School) -> None:
    school.now("06:30")
    school.enrol("guest", begins="2026-10-13")
    school.enrol("former", ends="2026-10-11")
    school.now("08:00")
    assert {row.person_id for row in school.told()} == {"ming", "hong", "lan"}


def test_who_comes_by_a_schedule_of_their_own_is_missed_only_on_its_days(school: School) -> None:
    tuesdays = Schedule(id="tuesdays", spans=(Span(start="07:00", end="18:00", days=("tue",)),))
    with school.parts.store.write() as link:
        by = {"site": school.parts.site, "who": "t", "now": school.parts.now()}
        timetable.replace_hours(link, [LESSONS, tuesdays], CLASSES, **by)
    school.enrol("part", schedule="tuesdays")
    school.now("07:52")
    assert school.day("part").result.status == "off"
    assert "part" not in {row.person_id for row in school.told()}
    school.now("07:52", "2026-10-13")
    assert school.day("part", "2026-10-13").result.status == "absent"


def test_who_comes_by_later_hours_of_their_own_is_missed_when_these_begin(school: School) -> None:
    afternoons = Schedule(id="afternoons", spans=(Span(start="13:00", end="15:00"),))
    with school.parts.store.write() as link:
        by = {"site": school.parts.site, "who": "t", "now": school.parts.now()}
        timetable.replace_hours(link, [LESSONS, afternoons], CLASSES, **by)
    for person in ("tao", "wen"):
        school.enrol(person, schedule="afternoons")
    school.now("07:52")
    assert school.day("tao").result.status == "due"
    school.now("12:50")
    school.passes("wen", "12:50")
    school.now("13:00:30")
    assert {"tao", "wen"}.isdisjoint(row.person_id for row in school.told())
    # Nothing but the bell of these hours wakes the look.
    school.now("13:01")
    assert ("tao", "absent", None) in school.shown()
    school.now("15:01")
    school.passes("wen", "15:01", "out")
    day = school.day("wen").result
    assert (day.status, day.left_early) == ("present", False)


def test_who_stays_by_hours_of_their_own_is_still_inside_only_after_these(school: School) -> None:
    evenings = Schedule(id="evenings", spans=(Span(start="17:00", end="21:00"),))
    with school.parts.store.write() as link:
        by = {"site": school.parts.site, "who": "t", "now": school.parts.now()}
        timetable.replace_hours(link, [LESSONS, evenings], CLASSES, **by)
    school.enrol("eve", schedule="evenings")
    school.now("18:50")
    school.passes("eve", "18:50")
    school.now("20:59")
    assert [row for row in school.told() if row.person_id == "eve" and row.kind == "still_inside"] == []
    school.now("21:01")
    (row,) = [row for row in school.told() if row.kind == "still_inside"]
    assert (row.person_id, row.bell_at) == ("eve", "2026-10-12T13:00:00.000Z")


def test_who_is_enrolled_again_was_not_absent_while_they_were_not(school: School) -> None:
    school.now("07:40")
    with school.parts.store.write() as link:
        school.parts.registry.withdraw(link, "hong", who="t", now=school.parts.now())
    school.now("10:00", "2026-10-13")
    school.enrol("hong")
    school.now("10:01", "2026-10-13")
    assert [school.day("hong", day).result.status for day in (TODAY, "2026-10-13")] == ["off", "off"]
    assert "hong" not in {row.person_id for row in school.told()}
    school.now("07:51", "2026-10-14")
    assert school.day("hong", "2026-10-14").result.status == "absent"


def test_who_came_back_after_they_were_fetched_is_still_inside_after_closing(school: School) -> None:
    school.now("07:40")
    school.passes("ming", "07:40")
    school.now("10:00")
    correct(school, "ming", "left", "09:50", why="dentist, by the back door")
    school.now("13:20")
    school.passes("ming", "13:20")
    school.now("18:40")
    assert school.day("ming").result.still_inside
    assert ("ming", "still_inside", None) in school.shown()


def test_a_clock_that_nobody_trusts_is_marked_and_believed_only_as_far_as_it_may_be(school: School) -> None:
    school.now("12:00")
    school.passes("ming", "07:40", trust="unsynced")
    assert (school.day("ming").result.status, school.day("ming").result.marks) == (
        "present",
        ("clock", "delivered_late"),
    )
    school.passes("hong", "00:10", day="1970-01-01", trust="unsynced")
    hong = school.day("hong").result
    assert (hong.status, hong.arrived_at, hong.marks) == ("present", None, ("clock",))
    # What arrives within a minute of what it says is right, whatever its node thinks of it.
    school.passes("lan", "12:00", trust="stepped")
    assert (school.day("lan").result.status, school.day("lan").result.marks) == ("late", ())


def test_who_withdrew_is_on_no_sheet_and_nothing_of_their_days_is_kept(school: School) -> None:
    school.now("08:00")
    correct(school, "ming", "excused", why="flu")
    with school.parts.store.write() as link:
        school.parts.registry.withdraw(link, "ming", who="t", now=school.parts.now())
    with school.parts.store.read() as link:
        lines = asking.classes(link, school.parts, [date.fromisoformat(TODAY)], None)
        assert link.execute(select(attendance_corrections)).all() == []
    assert [line.person["id"] for line in lines] == ["hong", "lan"]
    assert {row.person_id for row in school.told()} == {"hong", "lan"}
    erase(school.parts, "ming", who="t", why="asked")


# A teacher's word ------------------------------------------------------------------------------------------------


def test_a_correction_is_recorded_with_who_when_why_and_what_was_before(school: School) -> None:
    school.now("09:00")
    number = correct(school, "ming", "arrived", "07:45", why="came by the kitchen")
    with school.parts.store.read() as link:
        row = correcting.find(link, number)
        entries = link.execute(select(audit).where(audit.c.action == "attendance.correct")).all()
    assert (row.who, row.reason, row.made_at) == ("wang", "came by the kitchen", "2026-10-12T01:00:00.000Z")
    assert msgspec.json.decode(row.before)["status"] == "absent"
    assert [(entry.who, entry.subject, entry.detail) for entry in entries] == [
        ("wang", "ming", "2026-10-12: absent -> arrived 07:45: came by the kitchen")
    ]
    assert ("ming", "absent", "corrected") in school.shown()


def test_a_correction_survives_what_a_gate_tells_later_and_can_be_taken_back(school: School) -> None:
    school.now("09:00")
    number = correct(school, "ming", "arrived", "07:45")
    school.now("12:00")
    school.passes("ming", "08:10")
    day = school.day("ming")
    assert (day.result.status, day.by_gate.status) == ("present", "late")
    with school.parts.store.write() as link:
        correcting.take_back(link, school.parts, number, reason="it was Hong", who="wang")
    assert school.day("ming").result.status == "late"
    with school.parts.store.write() as link, pytest.raises(Conflict, match="by wang"):
        correcting.take_back(link, school.parts, number, reason="again", who="li")


def test_what_a_correction_took_back_is_raised_again_when_it_is_taken_back(school: School) -> None:
    school.now("09:00")
    number = correct(school, "ming", "present")
    with school.parts.store.write() as link:
        correcting.take_back(link, school.parts, number, reason="mistaken", who="wang")
    assert ("ming", "absent", None) in school.shown()


def test_a_word_takes_the_place_of_another_on_the_same_thing(school: School) -> None:
    school.now("17:00")
    correct(school, "ming", "absent")
    correct(school, "ming", "excused", why="flu")
    correct(school, "ming", "arrived", "10:00")
    correct(school, "ming", "left", "11:00")
    day = school.day("ming")
    assert [row.kind for row in day.corrections] == ["excused", "arrived", "left"]
    assert (day.result.status, day.result.arrived_at, day.result.left_at) == ("excused", at("10:00"), at("11:00"))
    with school.parts.store.read() as link:
        first = correcting.history(link, "ming", date.fromisoformat(TODAY), date.fromisoformat(TODAY))[0]
    assert (first.kind, first.ended_why, first.ended_by) == ("absent", "replaced", "wang")


def test_a_leave_lasts_days_and_may_be_written_down_before(school: School) -> None:
    school.now("06:30")
    correct(school, "ming", "excused", why="flu", to="2026-10-14")
    school.now("08:00")
    assert {row.person_id for row in school.told()} == {"hong", "lan"}
    school.now("08:00", "2026-10-14")
    assert school.day("ming", "2026-10-14").result.status == "excused"
    school.now("08:00", "2026-10-15")
    assert school.day("ming", "2026-10-15").result.status == "absent"


@pytest.mark.parametrize(
    ("person", "word", "more", "said"),
    [
        ("ghost", ("present", None), {}, "nobody enrolled"),
        ("ming", ("present", None), {"why": "  "}, "needs a reason"),
        ("ming", ("present", "07:45"), {}, "has no time"),
        ("ming", ("arrived", None), {}, "needs a time"),
        ("ming", ("arrived", "09:01"), {}, "yet to come"),
        ("ming", ("absent", None), {"to": "2026-10-13"}, "one day at a time"),
        ("ming", ("excused", None), {"to": "2026-10-11"}, "before the first"),
        ("ming", ("excused", None), {"to": "2027-10-11"}, "120 days and more"),
    ],
)
def test_a_correction_that_cannot_be_is_refused(
    school: School, person: str, word: tuple[Kind, str | None], more: dict[str, str], said: str
) -> None:
    school.now("09:00")
    with pytest.raises((BadInput, NotFound), match=said):
        correct(school, person, *word, **more)


def test_lessons_without_bells_of_a_class_are_its_bells(school: School) -> None:
    with school.parts.store.write() as link:
        groups = [GroupFile(id="grade-1", lessons="lessons")]
        timetable.replace_hours(link, [LESSONS], groups, site="school", who="t", now=school.parts.now())
    school.now("08:30")
    school.passes("ming", "07:55")
    assert school.day("ming").result.status == "present"
    assert school.day("lan").result.status == "off"
