"""One person's day, judged: pure rules over what the gates told, what a teacher said, and the bells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple, get_args

from .hours import Hours, Lesson

#: off: no school for them; due: the bell has not rung. `late` is with a time, `present` by the bell.
Status = Literal["off", "due", "present", "late", "absent", "excused"]
STATUSES: Final[tuple[Status, ...]] = get_args(Status)
#: Why a day is to be read with care.
Mark = Literal["clock", "no_direction", "arrival_missed", "delivered_late"]
#: What a teacher may say: they came (`arrived`, at a time), were here, were not (whatever a gate says), left (at a
#: time), or are excused.
Kind = Literal["arrived", "present", "absent", "left", "excused"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
#: Of each slot one correction stands at a time.
SLOTS: Final[Mapping[Kind, str]] = {
    "arrived": "coming",
    "present": "coming",
    "absent": "coming",
    "left": "leaving",
    "excused": "excuse",
}
#: These say when.
TIMED: Final[frozenset[Kind]] = frozenset({"arrived", "left"})


class Move(NamedTuple):
    """A passage of somebody. A gate without a line tells that they were there (`seen`), and not which way they went.

    Attributes:
        at: None: nobody knows when, on that day.
        doubtful: the node's clock was not to be trusted.
        received: when the gateway heard of it.
    """

    at: datetime | None
    kind: Literal["arrival", "departure", "seen"]
    passage: int
    received: datetime
    doubtful: bool = False


class Said(NamedTuple):
    """A correction that stands; `made`: when it was said, None: that is not known."""

    kind: Kind
    at: datetime | None = None
    made: datetime | None = None


class Leave(NamedTuple):
    """A leave slip that stands: away from then until then."""

    begins: datetime
    ends: datetime


@dataclass(frozen=True)
class Attended:
    """What became of somebody's day.

    Attributes:
        arrived_at: the arrival that counted: the first by the bell, else the first after it. None: none, or nobody
            knows when.
        left_at: the last departure, where they did not come back.
        late_s: how long after the bell.
        left_early: gone before they might, and a lesson has begun (or went on) without them.
        inside: by what is known they are here.
        last_in_at: then, the latest sign of it: an arrival, a gate that saw them, or a teacher's word; None: no time is
            known.
        still_inside: and it is past closing.
        excused: a teacher says so; `status` is `excused` where they would be late or absent. A leave slip excuses as
            long as it lasts: who is not back then is absent, or left early.
        passage: that which made it a presence.
    """

    status: Status
    arrived_at: datetime | None = None
    left_at: datetime | None = None
    late_s: int = 0
    left_early: bool = False
    inside: bool = False
    last_in_at: datetime | None = None
    still_inside: bool = False
    excused: bool = False
    marks: tuple[Mark, ...] = ()
    passage: int | None = None


def judge(
    hours: Hours | None, moves: Iterable[Move], said: Sequence[Said], now: datetime, leaves: Sequence[Leave] = ()
) -> Attended:
    """Somebody's day as it stands at `now`; the order of moves does not matter, nor one that is there twice.

    Without hours (no school) it only says who came and went.
    """
    corrections = {SLOTS[each.kind]: each for each in said}
    coming = corrections.get("coming")
    # Whoever was seen by a gate and not by the teacher was somebody else.
    known = [] if coming and coming.kind == "absent" else sorted(set(moves), key=_order)
    timed = [move for move in known if move.at is not None and move.at <= now]
    by_gate = _came(hours, known, timed, now)
    day = _corrected(by_gate, coming, hours)
    word = _Word(coming, hours, leaves, in_time=by_gate.status == "present" and not by_gate.marks)
    left = _left(timed, hours)
    back = word.back_at(left)
    left = left if back is None else None
    if left is not None and timed[-1].kind == "seen" and "no_direction" not in day.marks:
        day = replace(day, marks=(*day.marks, "no_direction"))
    leaving = corrections.get("leaving")
    if leaving is not None and not _came_back(timed, leaving) and word.back_at(leaving.at, leaving.made) is None:
        left = leaving.at
    day = _gone(day, left, bool(timed), hours, now)
    if day.inside:
        day = replace(day, last_in_at=_last_in(timed, coming.at if coming else None, back))
    if hours is not None and leaves:
        day = _on_leave(day, hours, leaves, now)
    if "excuse" in corrections:
        day = replace(day, excused=True, status="excused" if day.status in ("late", "absent") else day.status)
    return day


def away_until(moment: datetime, leaves: Iterable[Leave]) -> datetime:
    """How long somebody may be away who is at `moment`: that moment itself without a slip that covers it."""
    for leave in sorted(leaves):
        if leave.begins <= moment < leave.ends:
            moment = leave.ends
    return moment


def back_by(hours: Hours, left: datetime, leaves: Sequence[Leave]) -> datetime | None:
    """When somebody who left is to be back, as the slip says that covers it; None: no slip does, or they need not."""
    until = _excused_until(hours, left, leaves)
    return until if until is not None and until < hours.leave_from else None


#: Who leaves with a slip is often at the gate before it begins.
BEFOREHAND: Final = timedelta(minutes=15)


def _excused_until(hours: Hours, left: datetime, leaves: Sequence[Leave]) -> datetime | None:
    """Until when a slip excuses somebody who left then and has not come back; None: none does.

    It covers the moment itself, begins soon after it, or covers the first lesson that they miss.
    """
    missed = _missed(hours, left)
    begins = (leave.begins for leave in sorted(leaves) if left < leave.begins <= left + BEFOREHAND)
    for since in (left, *begins, *(max(left, lesson.begins) for lesson in missed[:1])):
        until = away_until(since, leaves)
        if until > since:
            return until
    return None


def _is_excused(hours: Hours, until: datetime | None, now: datetime) -> bool:
    """Whether a slip that lasts until then excuses still, or for the rest of the day."""
    return until is not None and (now < until or until >= hours.leave_from)


def _on_leave(day: Attended, hours: Hours, leaves: Sequence[Leave], now: datetime) -> Attended:
    """What a slip excuses: coming until it ends, and being gone until then, or for the rest of the day."""
    by = away_until(hours.arrive_by, leaves)
    in_time = day.status == "late" and day.arrived_at is not None and day.arrived_at <= by
    covered = by if by > hours.arrive_by else None
    if in_time or (day.status == "absent" and _is_excused(hours, covered, now)):
        return replace(day, status="excused", excused=True)
    if day.left_early and day.left_at is not None:
        return replace(day, excused=_is_excused(hours, _excused_until(hours, day.left_at, leaves), now))
    return day


def _order(move: Move) -> tuple[bool, datetime, int]:
    return move.at is None, move.at or move.received, move.passage


def _came(hours: Hours | None, known: Sequence[Move], timed: Sequence[Move], now: datetime) -> Attended:
    """By the bell, after it, or not; with the move that it rests on."""
    here = [move for move in timed if move.kind != "departure"]
    if hours is None:
        return _by(here[0] if here else None, "off")
    before = [move for move in timed if _at(move) <= hours.arrive_by]
    if before and before[-1].kind != "departure":
        return _by(next(move for move in before if move.kind != "departure"), "present", hours)
    later = [move for move in timed if _at(move) > hours.arrive_by]
    if (first := _arrival(later)) is not None:
        return _by(first, "late", hours)
    if later:
        # Somebody left whom nobody saw come: they were here.
        return Attended("present", marks=("arrival_missed",), passage=timed[-1].passage)
    unknown = [move for move in known if move.at is None and move.kind != "departure"]
    if unknown:
        return _by(unknown[0], "present", hours)
    return Attended("due" if now < hours.arrive_by else "absent")


def _arrival(later: Sequence[Move]) -> Move | None:
    """The first that may be an arrival: being seen is none any more after they left."""
    if later and later[0].kind == "seen":
        return later[0]
    return next((move for move in later if move.kind == "arrival"), None)


def _by(move: Move | None, status: Status, hours: Hours | None = None) -> Attended:
    if move is None:
        return Attended(status)
    late = (_at(move) - hours.arrive_by) // timedelta(seconds=1) if status == "late" and hours else 0
    return Attended(status, arrived_at=move.at, late_s=late, marks=_marks(move, hours), passage=move.passage)


def _marks(move: Move, hours: Hours | None) -> tuple[Mark, ...]:
    marks: list[Mark] = []
    if move.doubtful or move.at is None:
        marks.append("clock")
    if move.kind == "seen":
        marks.append("no_direction")
    if hours is not None and move.at is not None and move.at <= hours.arrive_by < move.received - TELLING:
        marks.append("delivered_late")
    return tuple(marks)


#: A node tells of a passage seconds after it; what comes later was held up.
TELLING: Final = timedelta(minutes=1)


def _corrected(day: Attended, said: Said | None, hours: Hours | None) -> Attended:
    """A teacher's word on whether they came, which stands above every gate's."""
    if said is None:
        return day
    if said.kind == "absent":
        return Attended("absent" if hours else "off")
    if said.kind == "present" or said.at is None:
        return replace(day, status="present" if hours else "off", late_s=0)
    late = hours is not None and said.at > hours.arrive_by
    status: Status = "off" if hours is None else "late" if late else "present"
    seconds = (said.at - hours.arrive_by) // timedelta(seconds=1) if hours and late else 0
    return replace(day, status=status, arrived_at=said.at, late_s=seconds, marks=(), passage=None)


class _Word(NamedTuple):
    """What a teacher says of somebody's coming; `in_time`: the gates leave no doubt that they were here by the bell."""

    said: Said | None
    hours: Hours | None
    leaves: Sequence[Leave]
    in_time: bool

    def back_at(self, left: datetime | None, told: datetime | None = None) -> datetime | None:
        """Since when the teacher says that somebody who left then is here again; None: nothing is said of that.

        `told`: when a teacher said that they left; a word on their being here from before does not speak of it.
        """
        if left is None or self.said is None or self.said.kind == "absent":
            return None
        here = self.said.at or self._present_at(max(left, told or left))
        return here if here is not None and left < here else None

    def _present_at(self, gone: datetime) -> datetime | None:
        """As of when `present` holds: of the bell, or of the moment of saying it where it can mean nothing else.

        It may be said of the morning where the gates do not know that for certain, or where school is over.
        """
        if self.hours is None:
            return None
        made = self.said.made if self.said else None
        if made is None or not gone < made < self.hours.leave_from:
            return self.hours.arrive_by
        return made if self.in_time or self._is_missed(self.hours, gone, made) else self.hours.arrive_by

    def _is_missed(self, hours: Hours, left: datetime, now: datetime) -> bool:
        return _is_early(hours, left, now) and not _is_excused(hours, _excused_until(hours, left, self.leaves), now)


def _left(timed: Sequence[Move], hours: Hours | None) -> datetime | None:
    """When they left by the gates' word.

    Being seen afterwards is no return: a gate without a line sees those who go by, too. Only who left before the bell
    is here by it (`_came`).
    """
    ways = [move for move in timed if move.kind != "seen"]
    if not ways or ways[-1].kind != "departure":
        return None
    left = _at(ways[-1])
    if hours is not None and left <= hours.arrive_by and timed[-1].kind == "seen":
        return None
    return left


def _came_back(timed: Sequence[Move], said: Said) -> bool:
    """Whether a gate let them in after they left by a teacher's word; being seen is no return, but may be that way."""
    return said.at is not None and any(move.kind == "arrival" and _at(move) > said.at for move in timed)


def _last_in(timed: Sequence[Move], *said: datetime | None) -> datetime | None:
    """The last that any gate, or a teacher, knows of their being here."""
    signs = (*(move.at for move in timed if move.kind != "departure"), *said)
    return max((sign for sign in signs if sign is not None), default=None)


def _gone(day: Attended, left: datetime | None, seen: bool, hours: Hours | None, now: datetime) -> Attended:
    """Whether they left, early, or are here still."""
    came = day.status in ("present", "late") or (hours is None and (seen or day.arrived_at is not None))
    if left is not None:
        early = came and hours is not None and _is_early(hours, left, now)
        return replace(day, left_at=left, left_early=early)
    over = hours is not None and hours.closes is not None and now >= hours.closes
    return replace(day, inside=came, still_inside=came and over)


def _is_early(hours: Hours, left: datetime, now: datetime) -> bool:
    """Going out at noon is no leaving early, until a lesson has begun without them."""
    if left >= hours.leave_from:
        return False
    missed = _missed(hours, left)
    return bool(missed) and now >= max(left, missed[0].begins)


def _missed(hours: Hours, left: datetime) -> list[Lesson]:
    """The lessons that go on or begin without somebody who left."""
    return [lesson for lesson in hours.lessons if lesson.ends > left and lesson.begins < hours.leave_from]


def _at(move: Move) -> datetime:
    assert move.at is not None
    return move.at
