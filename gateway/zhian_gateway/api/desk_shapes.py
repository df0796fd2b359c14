"""The JSON of what an office keeps of somebody: cards, consents, guardians, and who may collect them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field
from zhian_wire.calendar import Day
from zhian_wire.turns import Turn

from .people_shapes import Consent
from .shapes import Shape, Short
from .when import DayText

Text = Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S")]
Purpose = Literal["recognition", "listing", "notices", "evidence"]


class CardEntry(Shape):
    """A card that is or was somebody's; `withdrawn_at`: it opens nothing since then, for that reason."""

    value: str
    issued_at: str | None
    withdrawn_at: str | None
    reason: str


class GuardianEntry(Shape):
    """A guardian; addresses are not shown here."""

    id: str
    name: str
    language: str


class PersonFile(Shape):
    """What the office keeps of somebody."""

    id: str
    name: str
    group: str
    watch: bool
    face: bool
    by_hand: bool
    cards: list[CardEntry]
    plates: list[str]
    guardians: list[GuardianEntry]
    consents: dict[Purpose, Consent]
    ways: list[Literal["face", "card", "plate", "hand"]]
    stranded: bool
    # A schedule of their own ("": their group's), when they may come, and the enrolled picture.
    schedule: str = ""
    begins: str | None = None
    ends: str | None = None
    picture: str | None = None


class CardRequest(Shape):
    """A card to issue, as its reader tells it."""

    card: Annotated[str, Field(min_length=4, max_length=64)]


class CardLoss(Shape):
    """A card that holds no more, and why; `replacement`: the card that takes its place, at once."""

    card: Annotated[str, Field(min_length=4, max_length=64)]
    why: Text
    replacement: Annotated[str, Field(max_length=64)] = ""


class ConsentRequest(Shape):
    """A consent: until which day, by whom, and on which day it was given (by default today)."""

    purpose: Purpose
    until: DayText
    by: Text
    on: DayText | None = None


class ConsentEnd(Shape):
    """A consent is taken back, or refused, by somebody."""

    purpose: Purpose
    by: Text


class Switches(Shape):
    """What an office switches for somebody; null: it stays."""

    face: bool | None = None
    by_hand: bool | None = None
    why: Text


class CollectorEntry(Shape):
    """Somebody, or a car, that may collect a child.

    `known`: False where nobody enrolled that person, so that no gate knows them; `today`: they may on this day;
    `once`: by a leave slip, while it lasts; `days` empty: every day; `turn`: in odd or even weeks alone, by their
    number or counted from the week of `turn_from`, which is odd.
    """

    kind: Literal["person", "plate"]
    value: str
    name: str
    known: bool
    begins: str | None
    ends: str | None
    days: list[Day]
    turn: Turn
    turn_from: str
    note: str
    today: bool
    once: bool


class Sibling(Shape):
    """A child who shares a guardian with another."""

    id: str
    name: str
    group: str


class Collectors(Shape):
    """Who may collect a child, and its siblings."""

    items: list[CollectorEntry]
    siblings: list[Sibling]


class CollectorRequest(Shape):
    """Let somebody collect a child, and those of its siblings who are named; days are local and both included."""

    kind: Literal["person", "plate"]
    value: Text
    begins: DayText | None = None
    ends: DayText | None = None
    days: Annotated[tuple[Day, ...], Field(max_length=7)] = ()
    turn: Turn = ""
    turn_from: DayText | None = None
    note: Annotated[str, Field(max_length=200)] = ""
    siblings: Annotated[tuple[Short, ...], Field(max_length=20)] = ()


class CollectorEnd(Shape):
    """Who may not collect the child any more."""

    kind: Literal["person", "plate"]
    value: Text


class TableFault(Shape):
    """What is wrong with a row; `column` is empty for the whole of it."""

    column: str
    reason: str


class TableRow(Shape):
    """What came of a row, or would. `errors` of somebody who is enrolled are what somebody must see to."""

    row: int
    id: str
    outcome: Literal["enrolled", "refused"]
    errors: list[TableFault]
    warnings: list[str]


class TableLosses(Shape):
    """How much a table takes away from who is enrolled, or would; `names`: how many people are called otherwise."""

    cards: int
    plates: int
    guardians: int
    names: int


class TableReport(Shape):
    """What came of a table, or would."""

    enrolled: int
    refused: int
    losses: TableLosses
    rows: list[TableRow]
    # Pictures of a ZIP that are nobody's of its table.
    strays: list[str]


class TableStanding(Shape):
    """How far an import is. `rows`: that are done; `code`: of what it failed by; `report`: once it is over."""

    state: Literal["none", "running", "done", "failed"]
    press: str
    rows: int
    code: str
    report: TableReport | None


class ClockSpan(Shape):
    """From `start` until `end` on `days`."""

    days: list[Day]
    start: str
    end: str


class ScheduleEntry(Shape):
    """Hours of a week; `holidays`: also on days off."""

    id: str
    spans: list[ClockSpan]
    holidays: bool


class GroupHours(Shape):
    """A class's bells (empty: as its lessons say), and the ids of its schedules."""

    id: str
    schedule: str
    lessons: str
    collected: bool
    arrive_by: str
    leave_from: str
    closes: str


class YearDay(Shape):
    """A day that is unlike its weekday: `works_as` is the weekday whose hours hold, null a day off."""

    day: str
    works_as: Day | None
    name: str


class SchoolYear(Shape):
    """Bells, schedules and the days that are unlike their weekday."""

    groups: list[GroupHours]
    schedules: list[ScheduleEntry]
    days: list[YearDay]


class YearDayRequest(Shape):
    """A day off, or with `works_as` a moved workday."""

    day: DayText
    works_as: Day | None = None
    name: Annotated[str, Field(max_length=100)] = ""


class YearDayEnd(Shape):
    """A day that is like its weekday again."""

    day: DayText


Clock = Annotated[str, Field(pattern=r"^((([01][0-9]|2[0-3]):[0-5][0-9])|)$")]


class BellsRequest(Shape):
    """A class's bells; empty: as its lessons say, and for `closes` no end."""

    group: Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[\w.-]+$")]
    arrive_by: Clock = ""
    leave_from: Clock = ""
    closes: Clock = ""
