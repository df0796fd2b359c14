"""The JSON of groups and schedules: what an administrator arranges, and what would follow from it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from zhian_wire.calendar import Day

from .shapes import Shape, Short
from .when import DayText

#: As the wire, and the office's own files, have names of groups and schedules.
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
NameOrNone = Annotated[str, Field(max_length=64)]
Clock = Annotated[str, Field(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]


class SpanText(Shape):
    """From `start` until before `end` on `days`, in the site's time; an end before the start is on the next day."""

    days: Annotated[list[Day], Field(min_length=1, max_length=7)]
    start: Clock
    end: Clock


class Hours(Shape):
    """The spans of a week; `holidays`: also on days off."""

    spans: Annotated[list[SpanText], Field(min_length=1, max_length=50)]
    holidays: bool = False


class ScheduleText(Hours):
    """A schedule, as it is written."""

    id: Name


class GroupText(Shape):
    """A group, as it is written.

    `schedule`: when they may come, "" always; `lessons`: of the hours in which leaving is an alert, "" none;
    `collected`: they leave only with somebody who may collect them.
    """

    id: Name
    schedule: NameOrNone = ""
    lessons: NameOrNone = ""
    collected: bool = False


class ScheduleSeen(Shape):
    """A schedule, who comes by it, and the `tag` that a change of it names in `If-Match`."""

    id: str
    spans: list[SpanText]
    holidays: bool
    groups: list[str]
    people: int
    tag: str


class LanePlace(Shape):
    """A lane of a node."""

    node: str
    lane: str


class GroupSeen(Shape):
    """A group, who is in it, and the `tag` that a change of it names in `If-Match`.

    `members`: without visitors and entries of watch lists; `own_hours` of them have a schedule of their own. `lanes`
    name it; lanes that name no group let it through as well. `said`: something is said of it here; where not,
    `said_at` are the nodes whose own configuration says something. `teachers`: for administrators.
    """

    id: str
    schedule: str
    lessons: str
    collected: bool
    members: int
    own_hours: int
    teachers: list[str]
    lanes: list[LanePlace]
    said: bool
    said_at: list[str]
    tag: str


class Timetable(Shape):
    """Groups that the caller may see, and all schedules. `open_lanes` name no group: everybody listed may pass."""

    groups: list[GroupSeen]
    schedules: list[ScheduleSeen]
    open_lanes: list[LanePlace]


class PersonSeen(Shape):
    """Somebody, in the group in which the caller saw them."""

    id: Short
    group: Annotated[str, Field(max_length=64)]


class MoveRequest(Shape):
    """These people belong to group `to` from now on; all of them, or nobody."""

    people: Annotated[list[PersonSeen], Field(min_length=1, max_length=1000)]
    to: Short


class Moved(Shape):
    """So many were in another group before."""

    count: int


class LookRequest(Shape):
    """What would hold on `days` days from `first` on, by a schedule ("": always) or by a draft of one."""

    first: DayText
    days: Annotated[int, Field(ge=1, le=14)] = 7
    schedule: NameOrNone = ""
    draft: Hours | None = None


class WindowSeen(Shape):
    """From `start` until before `end`. `before`: since the day before; `after`: it goes on on the next day."""

    start: str
    end: str
    before: bool
    after: bool


class DayLooked(Shape):
    """A day: its own weekday, the one whose hours hold, and whether it is off; `name` is the calendar's."""

    day: str
    weekday: Day
    works_as: Day | None
    off: bool
    name: str
    windows: list[WindowSeen]


class Outlook(Shape):
    """When somebody may come; `always`: no schedule holds them up."""

    always: bool
    days: list[DayLooked]
