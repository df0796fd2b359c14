"""The JSON of people enrolled, typed."""

from __future__ import annotations

from typing import Literal

from .shapes import Person, Shape


class Consent(Shape):
    """How it stands with one purpose. `until`: it holds until then, empty: it does not hold or nothing ends it."""

    state: Literal["given", "asked_again", "refused", "ended", "unsaid"]
    until: str
    text_version: str
    given_by: str
    given_on: str


class PersonEntry(Person):
    """A line of the list of people. `face`: it is looked for; `begins` and `ends`: when they may come.

    `ways` are all by which they come in; `stranded`: there is none, which somebody must see to.
    """

    watch: bool
    templates: int
    ground: str
    until: str
    face: bool
    begins: str | None
    ends: str | None
    consents: dict[Literal["recognition", "listing", "notices", "evidence"], Consent]
    ways: list[Literal["face", "card", "plate", "hand"]]
    stranded: bool
    # Of their vehicles; a teacher is shown none.
    plates: list[str]
    # Here for a visit; their group is the visit's.
    visitor: bool = False


class FaceCount(Shape):
    """How many people's faces are kept; from `filing` on they are filed with the province within 30 working days."""

    count: int
    warning: int
    filing: int
    verdict: Literal["ok", "near", "due"]


class People(Shape):
    """Everybody enrolled whom the caller may see; `stranded` of them have no way in. `faces`: of the whole site."""

    items: list[PersonEntry]
    stranded: int
    faces: FaceCount
    next: str | None = None
