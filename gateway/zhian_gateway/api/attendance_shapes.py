"""The JSON of attendance, typed. Times are RFC 3339 in UTC; days are the site's."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ..attendance.leave import Collected
from ..attendance.rules import Kind, Mark, Status
from .shapes import Shape, Short
from .when import DayText, MomentText


class Bells(Shape):
    """When a class is to be here, may leave, and must be gone."""

    arrive_by: str
    leave_from: str
    closes: str | None


class Correction(Shape):
    """A teacher's word on a day. `before` is what it was then, as JSON; `ended_at`: it holds no more since then."""

    id: str
    day: str
    kind: Kind
    at: str | None
    reason: str
    who: str
    made_at: str
    before: str
    ended_by: str | None
    ended_at: str | None
    ended_why: str


class Told(Shape):
    """What was told of a day. `silent`: nodes that said nothing then, so that somebody may have come by them unseen."""

    kind: Literal["absent", "still_inside"]
    raised_at: str
    withdrawn_at: str | None
    withdrawn_why: str | None
    silent: list[str]


class LeaveSlip(Shape):
    """A child may be away from `begins` until `ends`; `collected` says with whom, `collector` names that one.

    `reason` is empty for guards, who need not know it; `ended_at`: it holds no more since then.
    """

    id: str
    person_id: str
    name: str
    group: str
    begins: str
    ends: str
    reason: str
    collected: Collected
    collector: str
    collector_name: str
    who: str
    made_at: str
    ended_by: str | None
    ended_at: str | None
    ended_why: str


class LeaveSlips(Shape):
    """Leave slips by when they begin."""

    items: list[LeaveSlip]


class LeaveRequest(Shape):
    """Let a child be away; `collector` is a person's id or a plate, and empty where `collected` is alone or listed."""

    person_id: Short
    begins: MomentText
    ends: MomentText
    reason: Annotated[str, Field(min_length=1, max_length=500, pattern=r"\S")]
    collected: Collected = "listed"
    collector: Annotated[str, Field(max_length=64)] = ""


class Away(Shape):
    """When a leave slip lets somebody be away."""

    id: str
    begins: str
    ends: str


class Line(Shape):
    """One person's day. `by_gate` is what the gates alone say; `marks` say why it is to be read with care."""

    day: str
    person_id: str
    name: str
    group: str
    status: Status
    arrived_at: str | None
    left_at: str | None
    late_s: int
    left_early: bool
    inside: bool
    still_inside: bool
    excused: bool
    marks: list[Mark]
    by_gate: Status
    corrections: list[Correction]
    told: list[Told]
    leaves: list[Away]


class Counts(Shape):
    """How many of a class are how."""

    present: int
    late: int
    absent: int
    excused: int
    due: int
    off: int
    left_early: int
    still_inside: int


class ClassCount(Shape):
    """A class on a day in numbers; without `bells` it has no school, or nobody said when it has."""

    group: str
    day: str
    bells: Bells | None
    counts: Counts


class ClassDay(ClassCount):
    """A class on a day, with everybody's line."""

    people: list[Line]


class ClassCounts(Shape):
    """The classes that the caller may see, by name."""

    items: list[ClassCount]


class ClassDays(Shape):
    """The classes that the caller may see, by day and name."""

    items: list[ClassDay]


class PersonDays(Shape):
    """Somebody's days, with every correction that was ever made of them."""

    person_id: str
    name: str
    group: str
    items: list[Line]
    corrections: list[Correction]


class CorrectionRequest(Shape):
    """What became of somebody's day; `to` is the last day of a leave, `at` when they came or left."""

    person_id: Short
    day: DayText
    to: DayText | None = None
    kind: Kind
    at: MomentText | None = None
    reason: Annotated[str, Field(min_length=1, max_length=500, pattern=r"\S")]


class TakeBack(Shape):
    """Why the gates' word is to hold again."""

    reason: Annotated[str, Field(min_length=1, max_length=500, pattern=r"\S")]


class Signal(Shape):
    """Somebody is not here by the bell, or here still after closing; `withdrawn_at`: it turned out otherwise."""

    id: str
    change: int
    person_id: str
    name: str
    group: str
    day: str
    bell_at: str
    told: Told


class Signals(Shape):
    """What changed after `after`, in that order; `next` is where to go on.

    Another `store` than before: the gateway was restored from a backup. What it had told after that one and is still so
    comes again, behind `next`.
    """

    items: list[Signal]
    next: int
    store: str
