"""The JSON of guardians' phones, typed. Times are RFC 3339 in UTC; days are the site's."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ..attendance.rules import Status
from ..family.words import Asked
from .notice_shapes import Span
from .shapes import Shape

Language = Literal["zh-CN", "en"]


class BindRequest(Shape):
    """A code of the school, however it was typed."""

    code: Annotated[str, Field(min_length=1, max_length=64)]


class Child(Shape):
    """A child of whoever holds the phone."""

    id: str
    name: str
    group: str


class Family(Shape):
    """Who holds the phone and what it may do. `csrf` goes along with whatever changes something.

    Attributes:
        pictures: the school lets the child's own pictures be seen.
        push_key: what the phone subscribes with; null: the school sends no messages to phones.
    """

    name: str
    language: Language
    quiet: list[str]
    csrf: str
    site: str
    timezone: str
    children: list[Child]
    pictures: bool
    push_key: str | None


class Step(Shape):
    """One arrival or departure."""

    at: str
    movement: Literal["arrival", "departure"]
    place: str
    picture: str | None


class Day(Shape):
    """A child's day. `corrected`: a teacher has said how it was."""

    day: str
    status: Status
    arrive_by: str | None
    arrived_at: str | None
    left_at: str | None
    late_s: int
    left_early: bool
    inside: bool
    corrected: bool
    steps: list[Step]


class Days(Shape):
    """A child's last weeks, newest first."""

    items: list[Day]


class Wording(Shape):
    """A text that is agreed to, word for word; both "": the school has it on paper alone."""

    zh: str
    en: str


class Standing(Shape):
    """How it stands with one purpose. `present`: the version of the text that is agreed to now, `words`: the text.

    `going_on`: nobody said anything, and it is done on the school's own ground until somebody objects.
    """

    purpose: Asked
    state: Literal["given", "asked_again", "refused", "ended", "unsaid"]
    until: str
    text_version: str
    given_by: str
    given_on: str
    present: str
    words: Wording
    going_on: bool


class Standings(Shape):
    """Of one child."""

    items: list[Standing]


class Agreement(Shape):
    """What a guardian says to a purpose. `text_version`, `words`: of the text that they were shown, and all of it."""

    agree: bool
    text_version: Annotated[str, Field(max_length=64)] = ""
    words: Annotated[str, Field(max_length=20_000)] = ""


class Wishes(Shape):
    """In which language, and when not to be woken."""

    language: Language
    quiet: Annotated[list[Span], Field(max_length=5)]


class Message(Shape):
    """What the school told about a child."""

    id: str
    at: str
    happening: str
    title: str
    body: str
    state: str


class Messages(Shape):
    """The latest, newest first."""

    items: list[Message]


class Invitation(Shape):
    """A code as it is handed to a guardian, once."""

    code: str
    expires_at: str
