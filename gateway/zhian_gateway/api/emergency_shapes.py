"""The JSON of emergencies and roll calls."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from .shapes import Shape

Press = Annotated[str, Field(min_length=1, max_length=64)]
Words = Annotated[str, Field(max_length=500)]


class CallWanted(Shape):
    """`id`: the press. A drill reaches police and sirens only if that is said; an emergency, unless it is not."""

    id: Press
    drill: bool = False
    police: bool | None = None
    siren: bool | None = None
    by: Literal["screen", "key"] = "screen"
    why: Words = ""


class Ending(Shape):
    """Why it is over; kept in the audit and as the end of its case."""

    why: Annotated[str, Field(min_length=1, max_length=500)]


class Siren(Shape):
    """What became of a node's sirens; `none`: it has no siren."""

    node: str
    result: Literal["sounding", "none", "failed", "waiting", "offline"]


class PoliceTold(Shape):
    """How many webhooks of the police have it, wait for it, and were given up; `readers` fetch the feed themselves."""

    sent: int
    waiting: int
    failed: int
    readers: int


class Call(Shape):
    """What was called and is under way. `source`: screen, key or input; `who`: the user, or node and input."""

    id: str
    drill: bool
    source: str
    who: str
    why: str
    at: str
    alert_id: str | None
    siren: bool
    sirens: list[Siren]
    police: bool
    police_told: PoliceTold | None


class Emergency(Shape):
    """The gravest that is under way, if any is; and how many there are."""

    call: Call | None
    count: int


class MusterHead(Shape):
    """The roll call that is under way."""

    id: str
    drill: bool
    who: str
    at: str


class MusterPerson(Shape):
    """Somebody on the list; `stale`: the gate that told of them is not heard any more, or it was on an earlier day."""

    id: str
    name: str
    group: str
    zone: str
    node: str
    at: str
    stale: bool
    left_at: str | None
    met_at: str | None
    met_by: str | None


class Unheard(Shape):
    """A node that says nothing: somebody may have left or come there unseen."""

    node: str
    last_seen: str | None


class Nameless(Shape):
    """People without a name, noted by hand today."""

    came: int
    left: int


class Muster(Shape):
    """Who is inside, or was when the roll call began."""

    muster: MusterHead | None
    as_of: str
    people: list[MusterPerson]
    nameless: Nameless
    unheard: list[Unheard]


class MusterBegin(Shape):
    """Begin a roll call."""

    drill: bool = False


class Met(Shape):
    """Whether somebody was met at the assembly point."""

    met: bool
