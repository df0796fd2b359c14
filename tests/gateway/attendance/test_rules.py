"""Who came, was late, stayed away, left early or is here still, by tables and by properties."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zhian_gateway.attendance.hours import Hours, Lesson, Timetable
from zhian_gateway.attendance.rules import Attended, Leave, Move, Said, back_by, judge
from zhian_gateway.people.timetable import Bells
from zhian_gateway.people.windows import DAYS
from zhian_wire.calendar import Calendar, Group, Schedule, Span

ZONE = ZoneInfo("Asia/Shanghai")
Kind = Literal["arrival", "departure", "seen"]


def at(clock: str, day: int = 12) -> datetime:
    """A moment of 2026-10-12, a Monday."""
    return datetime(2026, 10, day, int(clock[:2]), int(clock[3:5]), int(clock[6:] or 0), tzinfo=ZONE)


DAY = Hours(
    at("07:50"),
    at("16:00"),
    at("18:30"),
    (Lesson(at("08:00"), at("11:30")), Lesson(at("13:30"), at("16:00"))),
)


def moves(text: str) -> list[Move]:
    """`+07:40` came, `-11:30` left, `?07:40` was seen, `~07:40` came by a clock that nobody trusts, `+` at no time."""
    kinds: dict[str, Kind] = {"+": "arrival", "-": "departure", "?": "seen", "~": "arrival"}
    found = []
    for number, word in enumerate(text.split(), 1):
        when = at(word[1:]) if word[1:] else None
        found.append(Move(when, kinds[word[0]], number, when or at("09:00"), word[0] == "~"))
    return found


def shown(day: Attended) -> str:
    """What a sheet says, shortly."""
    words: list[str] = [day.status]
    words += [f"+{day.arrived_at:%H:%M}"] if day.arrived_at else []
    words += [f"-{day.left_at:%H:%M}"] if day.left_at else []
    words += [f"late {day.late_s // 60}"] if day.late_s else []
    flags = (("early", day.left_early), ("inside", day.inside), ("still", day.still_inside), ("excused", day.excused))
    return " ".join([*words, *(name for name, flag in flags if flag), *(f"({mark})" for mark in day.marks)])


@pytest.mark.parametrize(
    ("told", "now", "expected"),
    [
        # The bell has not rung, rings, has rung.
        ("", "07:49:59", "due"),
        ("", "07:50", "absent"),
        ("+07:40", "07:45", "present +07:40 inside"),
        ("+07:50", "08:00", "present +07:50 inside"),
        ("+07:50:01", "08:00", "late +07:50 late 0 inside"),
        ("+08:10", "09:00", "late +08:10 late 20 inside"),
        # What the gateway knows already of later does not count before it is so.
        ("+08:10", "08:00", "absent"),
        # Through another gate as well, in any order.
        ("+08:05 +07:45", "09:00", "present +07:45 inside"),
        # Out and in again before the bell, or only out.
        ("+07:20 -07:30 +07:45", "09:00", "present +07:20 inside"),
        ("+07:20 -07:30", "07:40", "due -07:30"),
        ("+07:20 -07:30", "09:00", "absent -07:30"),
        ("+07:20 -07:30 +08:10", "09:00", "late +08:10 late 20 inside"),
        # Home at noon; early only when the afternoon has begun without them.
        ("+07:40 -11:35", "12:00", "present +07:40 -11:35"),
        ("+07:40 -11:35", "13:30", "present +07:40 -11:35 early"),
        ("+07:40 -11:35 +13:20", "14:00", "present +07:40 inside"),
        ("+07:40 -11:35 +13:20 -16:05", "17:00", "present +07:40 -16:05"),
        # In the middle of a lesson at once.
        ("+07:40 -10:00", "10:00", "present +07:40 -10:00 early"),
        # Seen by a gate without a line after they left: that is no return, but may be one, and nobody is inside by it.
        ("+07:40 -16:05 ?16:06", "18:30", "present +07:40 -16:05 (no_direction)"),
        ("+07:40 -16:05 ?16:06 +16:10", "18:30", "present +07:40 inside still"),
        ("+07:40 -11:35 ?13:20", "14:00", "present +07:40 -11:35 early (no_direction)"),
        ("?07:40 -16:05 ?16:06", "18:30", "present +07:40 -16:05 (no_direction)"),
        ("-16:05 ?16:06", "18:30", "present -16:05 (arrival_missed) (no_direction)"),
        # Who was seen after they left before the bell is here by that.
        ("+07:20 -07:30 ?07:45", "09:00", "present +07:20 inside"),
        ("+07:20 -07:30 ?08:10", "09:00", "late +08:10 late 20 inside (no_direction)"),
        # After closing.
        ("+07:40", "18:29:59", "present +07:40 inside"),
        ("+07:40", "18:30", "present +07:40 inside still"),
        ("+07:40 -18:40", "19:00", "present +07:40 -18:40"),
        # Whom nobody saw come was here all the same; who left before the bell was not.
        ("-16:05", "17:00", "present -16:05 (arrival_missed)"),
        ("-07:30", "09:00", "absent -07:30"),
        # A gate that tells no direction, and clocks that nobody trusts.
        ("?07:40", "09:00", "present +07:40 inside (no_direction)"),
        ("~07:40", "09:00", "present +07:40 inside (clock)"),
        ("+", "09:00", "present inside (clock)"),
        ("+ +08:10", "09:00", "late +08:10 late 20 inside"),
    ],
)
def test_a_day_is_what_the_gates_told_by_the_bells(told: str, now: str, expected: str) -> None:
    assert shown(judge(DAY, moves(told), [], at(now))) == expected


@pytest.mark.parametrize(
    ("told", "said", "expected"),
    [
        ("", [Said("arrived", at("07:45"))], "present +07:45 inside"),
        ("+08:10", [Said("arrived", at("07:45"))], "present +07:45 inside"),
        ("", [Said("arrived", at("08:00"))], "late +08:00 late 10 inside"),
        ("+07:20 -07:30", [Said("arrived", at("07:45"))], "present +07:45 inside"),
        ("+07:20 -07:30", [Said("present")], "present inside"),
        ("", [Said("present")], "present inside"),
        ("+07:40", [Said("absent")], "absent"),
        ("+07:40 -16:05", [Said("absent"), Said("excused")], "excused excused"),
        ("", [Said("excused")], "excused excused"),
        ("+08:10", [Said("excused")], "excused +08:10 late 20 inside excused"),
        ("+07:40 -10:00", [Said("excused")], "present +07:40 -10:00 early excused"),
        ("+07:40", [Said("left", at("16:00"))], "present +07:40 -16:00"),
        ("+07:40", [Said("left", at("10:00"))], "present +07:40 -10:00 early"),
        # A word that they left holds until they come back, and no way that only might be that leaving is a return.
        ("+07:40 +13:20", [Said("left", at("09:50"))], "present +07:40 inside"),
        ("+07:40 +13:20 -16:05", [Said("left", at("09:50"))], "present +07:40 -16:05"),
        ("+07:40 ?16:01", [Said("left", at("16:00"))], "present +07:40 -16:00"),
        # Who left and is present by a word that came later is back, unless it may be said of the morning.
        ("+07:40 -10:00", [Said("present", made=at("10:30"))], "present +07:40 inside"),
        ("+07:40 -10:00 -11:00", [Said("present", made=at("10:30"))], "present +07:40 -11:00 early"),
        ("+07:40 -10:00", [Said("present", made=at("09:00"))], "present +07:40 -10:00 early"),
        ("+08:10 -10:00", [Said("present", made=at("10:30"))], "present +08:10 inside"),
        ("+08:10 -11:35", [Said("present", made=at("12:00"))], "present +08:10 -11:35 early"),
        ("+08:10 -15:00", [Said("present", made=at("16:30"))], "present +08:10 -15:00 early"),
        # Of two words the later one, as far as neither says when.
        ("+07:40", [Said("left", at("10:00")), Said("arrived", at("10:55"))], "late +10:55 late 185 inside"),
        (
            "+07:40",
            [Said("left", at("10:00"), at("10:10")), Said("present", None, at("10:55"))],
            "present +07:40 inside",
        ),
        (
            "+07:40",
            [Said("present", None, at("10:20")), Said("left", at("10:00"), at("10:55"))],
            "present +07:40 -10:00 early",
        ),
    ],
)
def test_what_a_teacher_says_stands_above_every_gate(told: str, said: list[Said], expected: str) -> None:
    assert shown(judge(DAY, moves(told), said, at("17:00"))) == expected


def test_a_passage_that_was_held_up_makes_it_a_presence_and_says_so() -> None:
    held_up = [Move(at("07:40"), "arrival", 1, at("12:10"))]
    assert shown(judge(DAY, held_up, [], at("12:30"))) == "present +07:40 inside (delivered_late)"


def test_on_a_day_off_it_is_only_said_who_came_and_went() -> None:
    assert shown(judge(None, [], [], at("12:00"))) == "off"
    assert shown(judge(None, moves("+09:00 -10:00"), [], at("12:00"))) == "off +09:00 -10:00"


# Properties ------------------------------------------------------------------------------------------------------

KINDS: tuple[Kind, ...] = ("arrival", "departure", "seen")
minutes = st.integers(6 * 60, 20 * 60).map(lambda value: at("00:00") + timedelta(minutes=value))
move = st.builds(
    lambda when, kind, number, doubtful: Move(when, kind, number, when or at("12:00"), doubtful),
    st.none() | minutes,
    st.sampled_from(KINDS),
    st.integers(1, 10_000),
    st.booleans(),
)
many = st.lists(move, max_size=8, unique_by=lambda one: one.passage)
timed_said = st.builds(Said, st.sampled_from(("arrived", "left")), minutes, st.none() | minutes)
untimed_said = st.builds(Said, st.sampled_from(("present", "absent", "excused")), st.none(), st.none() | minutes)
said = st.lists(timed_said | untimed_said, max_size=3)


@given(told=many, corrections=said, now=minutes, seed=st.randoms())
def test_neither_order_nor_repetition_changes_a_day(
    told: list[Move], corrections: list[Said], now: Any, seed: Any
) -> None:
    again = told + told[:3]
    seed.shuffle(again)
    assert judge(DAY, again, corrections, now) == judge(DAY, told, corrections, now)


@given(told=many, corrections=said, now=minutes)
def test_a_day_contradicts_itself_nowhere(told: list[Move], corrections: list[Said], now: datetime) -> None:
    day = judge(DAY, told, corrections, now)
    assert (day.late_s > 0) <= (day.status in ("late", "excused"))
    assert not (day.inside and day.left_at is not None)
    assert day.inside or not day.still_inside
    assert day.status != "excused" or day.excused
    assert not (day.status in ("absent", "due") and (day.inside or day.left_early))
    if not corrections and day.arrived_at is not None:
        assert day.arrived_at <= now


@given(told=many, now=minutes)
def test_who_comes_by_the_bell_through_any_gate_and_stays_is_present(told: list[Move], now: datetime) -> None:
    came = Move(DAY.arrive_by, "arrival", 20_000, DAY.arrive_by)
    assert judge(DAY, [*told, came], [], max(now, DAY.arrive_by)).status == "present"


@given(told=many, later=many, corrections=said)
def test_a_teachers_word_on_coming_outlives_whatever_a_gate_tells_afterwards(
    told: list[Move], later: list[Move], corrections: list[Said]
) -> None:
    told = [one._replace(passage=one.passage + 10_000) for one in told]
    word = [*corrections, Said("arrived", at("07:45"))]
    before, after = judge(DAY, told, word, at("19:00")), judge(DAY, [*told, *later], word, at("19:00"))
    assert (before.status, before.arrived_at) == (after.status, after.arrived_at) == ("present", at("07:45"))


# Bells -----------------------------------------------------------------------------------------------------------

SCHEDULES = {
    "lessons": Schedule(
        id="lessons",
        spans=(Span(start="08:00", end="11:30"), Span(days=("mon", "tue", "wed", "thu"), start="13:30", end="16:00")),
    ),
    "open": Schedule(id="open", spans=(Span(days=("sat",), start="09:00", end="12:00"),)),
    "night": Schedule(id="night", spans=(Span(days=("mon",), start="19:00", end="06:00"),)),
}
YEAR = Calendar(holidays=("2026-10-01",), workdays={"2026-10-10": "thu"})


@pytest.mark.parametrize(
    ("lessons", "schedule", "bells", "day", "expected"),
    [
        ("lessons", "", (), "2026-10-12", "08:00 16:00 -"),
        ("lessons", "", (), "2026-10-16", "08:00 11:30 -"),
        ("lessons", "", ("07:50", "15:30", "18:30"), "2026-10-12", "07:50 15:30 18:30"),
        ("lessons", "", (), "2026-10-17", "none"),
        # A Saturday that is worked as a Thursday, and a holiday on a Thursday.
        ("lessons", "", (), "2026-10-10", "08:00 16:00 -"),
        ("lessons", "", (), "2026-10-01", "none"),
        # Bells alone: on workdays, or on the days of the group's hours.
        ("", "", ("07:50", "16:00", ""), "2026-10-12", "07:50 16:00 -"),
        ("", "", ("07:50", "", ""), "2026-10-17", "none"),
        ("", "", ("07:50", "", ""), "2026-10-01", "none"),
        ("", "open", ("09:30", "", "13:00"), "2026-10-17", "09:30 13:00 13:00"),
        ("", "open", ("09:30", "", "13:00"), "2026-10-12", "none"),
        ("", "", (), "2026-10-12", "none"),
        ("night", "", (), "2026-10-12", "19:00 06:00 -"),
        ("gone", "", (), "2026-10-12", "none"),
    ],
)
def test_a_groups_bells_follow_from_its_lessons_the_calendar_and_its_own(
    lessons: str, schedule: str, bells: tuple[str, ...], day: str, expected: str
) -> None:
    group = Group(id="g", lessons=lessons, schedule=schedule)
    table = Timetable({"g": group}, {"g": Bells(*bells)}, SCHEDULES, YEAR, ZONE)
    found = table.hours("g", date.fromisoformat(day))
    if found is None:
        assert expected == "none"
        return
    closes = f"{found.closes:%H:%M}" if found.closes else "-"
    assert f"{found.arrive_by:%H:%M} {found.leave_from:%H:%M} {closes}" == expected


@pytest.mark.parametrize(
    ("own", "day", "comes"),
    [
        ("open", "2026-10-12", False),
        ("open", "2026-10-17", True),
        ("", "2026-10-12", True),
        ("gone", "2026-10-12", True),
    ],
)
def test_whom_a_schedule_of_their_own_lets_in_on_no_hour_of_a_day_is_not_expected(
    own: str, day: str, comes: bool
) -> None:
    daily = {**SCHEDULES, "daily": Schedule(id="daily", spans=(Span(start="08:00", end="16:00", days=DAYS),))}
    table = Timetable({"g": Group(id="g", lessons="daily")}, {}, daily, YEAR, ZONE)
    assert (table.hours("g", date.fromisoformat(day), own) is not None) == comes


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("07:00", "18:00", "07:50 16:00"),
        ("13:00", "18:00", "13:00 16:00"),
        ("07:00", "11:30", "07:50 11:30"),
        # After school, and over midnight.
        ("17:00", "19:00", "17:00 17:00"),
        ("13:00", "06:00", "13:00 16:00"),
    ],
)
def test_hours_of_their_own_make_the_bells_later_and_leaving_earlier(start: str, end: str, expected: str) -> None:
    known = {**SCHEDULES, "own": Schedule(id="own", spans=(Span(start=start, end=end),))}
    table = Timetable({"g": Group(id="g", lessons="lessons")}, {"g": Bells("07:50")}, known, YEAR, ZONE)
    found = table.hours("g", date(2026, 10, 12), "own")
    assert found is not None
    assert f"{found.arrive_by:%H:%M} {found.leave_from:%H:%M}" == expected


@pytest.mark.parametrize(
    ("start", "end", "bells", "expected"),
    [
        ("17:00", "21:00", ("07:50", "", "18:30"), "12 21:00"),
        ("07:00", "12:00", ("07:50", "", "18:30"), "12 18:30"),
        ("07:00", "24:00", ("07:50", "", "18:30"), "13 00:00"),
        # Who may stay over midnight is told to be inside on no day, and nobody where the class does not close.
        ("17:00", "02:00", ("07:50", "", "18:30"), "-"),
        ("17:00", "21:00", ("07:50", "", ""), "-"),
    ],
)
def test_whose_own_hours_last_longer_may_be_inside_after_closing(
    start: str, end: str, bells: tuple[str, ...], expected: str
) -> None:
    known = {**SCHEDULES, "own": Schedule(id="own", spans=(Span(start=start, end=end),))}
    table = Timetable({"g": Group(id="g", lessons="lessons")}, {"g": Bells(*bells)}, known, YEAR, ZONE)
    found = table.hours("g", date(2026, 10, 12), "own")
    assert found is not None
    assert (f"{found.closes:%d %H:%M}" if found.closes else "-") == expected


def slips(text: str) -> list[Leave]:
    """`08:00-10:00` as a leave slip."""
    return [Leave(at(word[:5]), at(word[6:])) for word in text.split()]


@pytest.mark.parametrize(
    ("told", "leave", "now", "expected"),
    [
        # At the dentist's in the morning: excused until it ends, absent afterwards, late by no more than that.
        ("", "07:30-10:00", "09:00", "excused excused"),
        ("", "07:30-10:00", "10:00", "absent"),
        ("+09:40", "07:30-10:00", "11:00", "excused +09:40 late 110 inside excused"),
        ("+10:20", "07:30-10:00", "11:00", "late +10:20 late 150 inside"),
        # Two slips that touch are one.
        ("", "07:30-09:00 09:00-10:00", "09:30", "excused excused"),
        # One that does not cover the bell excuses no lateness.
        ("+08:10", "08:00-10:00", "11:00", "late +08:10 late 20 inside"),
        # Home for the rest of the day, or away for an hour and back, or not back.
        ("+07:40 -14:05", "14:00-16:00", "17:00", "present +07:40 -14:05 early excused"),
        ("+07:40 -13:40", "13:30-14:30", "14:00", "present +07:40 -13:40 early excused"),
        ("+07:40 -13:40", "13:30-14:30", "15:00", "present +07:40 -13:40 early"),
        ("+07:40 -13:40 +14:20", "13:30-14:30", "15:00", "present +07:40 inside"),
        # Gone before it begins.
        ("+07:40 -13:00", "14:00-16:00", "17:00", "present +07:40 -13:00 early"),
        # At the gate a little before it begins, not long before.
        ("+07:40 -13:55", "14:00-15:00", "13:57", "present +07:40 -13:55 early excused"),
        ("+07:40 -13:55", "14:00-15:00", "15:00", "present +07:40 -13:55 early"),
        ("+07:40 -13:44", "14:00-15:00", "14:30", "present +07:40 -13:44 early"),
        ("+07:40 -13:55 +13:58 -15:10", "14:00-15:00", "15:20", "present +07:40 -15:10 early"),
        # Home at noon, with a slip over the next lesson.
        ("+07:40 -11:35", "13:00-15:00", "14:00", "present +07:40 -11:35 early excused"),
        # A whole day; and who comes all the same is here.
        ("", "00:00-23:59", "17:00", "excused excused"),
        ("+07:40", "00:00-23:59", "12:00", "present +07:40 inside"),
    ],
)
def test_a_leave_slip_excuses_as_long_as_it_lasts(told: str, leave: str, now: str, expected: str) -> None:
    assert shown(judge(DAY, moves(told), (), at(now), slips(leave))) == expected


@pytest.mark.parametrize(
    ("left", "leave", "expected"),
    [
        ("10:00", "10:00-11:00", "11:00"),
        ("09:58", "10:00-11:00", "11:00"),
        ("09:45", "10:00-11:00", "11:00"),
        ("09:44", "10:00-11:00", None),
        ("09:58", "10:00-11:00 11:00-11:20", "11:20"),
        ("11:40", "13:00-15:00", "15:00"),
        ("13:58", "14:00-16:00", None),
        ("11:00", "10:00-11:00", None),
    ],
)
def test_who_left_with_a_slip_is_to_be_back_when_it_ends(left: str, leave: str, expected: str | None) -> None:
    assert back_by(DAY, at(left), slips(leave)) == (at(expected) if expected else None)


def test_who_is_present_by_a_teachers_word_before_the_leave_ends_is_away_where_the_morning_was_in_doubt() -> None:
    def after(told: str, made: str) -> str:
        said, leave = [Said("present", made=at(made))], slips("10:00-12:00")
        return shown(judge(DAY, moves(told), said, at("12:30"), leave))

    assert after("+07:40 -10:01", "11:00") == "present +07:40 inside"
    assert after("+08:10 -10:01", "11:00") == "present +08:10 -10:01 early"
    assert after("+08:10 -10:01", "12:10") == "present +08:10 inside"


@pytest.mark.parametrize(
    ("told", "said", "expected"),
    [
        ("+07:40", [], "07:40"),
        ("+07:40 -12:00 +13:20", [], "13:20"),
        ("+07:40 ?13:20", [], "13:20"),
        ("+07:40 -12:00", [Said("arrived", at("13:10"))], "13:10"),
        ("+07:40 -10:00", [Said("present", made=at("10:30"))], "10:30"),
        ("+07:40 -12:00", [], None),
        ("", [Said("present", made=at("10:30"))], None),
    ],
)
def test_whoever_is_inside_is_so_since_the_last_sign_of_it(told: str, said: list[Said], expected: str | None) -> None:
    day = judge(DAY, moves(told), said, at("14:00"))
    assert day.last_in_at == (at(expected) if expected else None)


def test_a_slip_changes_nothing_where_there_is_no_school() -> None:
    assert shown(judge(None, moves("+09:00"), (), at("10:00"), slips("08:00-12:00"))) == "off +09:00 inside"
