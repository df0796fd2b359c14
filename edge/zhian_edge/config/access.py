"""The configuration of lanes that open something: who, when, by which evidence, and what holds for groups and days."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec
from zhian_wire import calendar

from zhian_edge.config.section import Name, Positive, Section

Factor = Literal["card", "face", "plate", "card_and_face"]
Policy = Literal["observe", "card", "card_and_face", "face", "plate", "any_of"]
#: Whether a face must be live to be named, or its liveness is only told.
LivenessRule = Literal["report", "required"]
#: A zone as people name it; with `/` it is inside another. It is told in every passage: no address goes into it.
ZONE: Final = r"^(?!.*//)[^:@]{0,128}$"
Zone = Annotated[str, msgspec.Meta(pattern=ZONE)]
Seconds = Annotated[float, msgspec.Meta(ge=0, le=86_400)]


class Lane(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One lane. `observe` opens nothing and reports who passes.

    Attributes:
        id: names it in events and on the pages; cameras, readers and barriers say by it where they stand.
        policy: what opens it; `observe`: nothing does.
        any_of: for the policy of that name: each of these is enough. A face is never the only way in.
        window_s: evidence within so many seconds may be of one passing.
        liveness: `required` holds at all cameras of the lane.
        inside, outside: zones that going in and going out lead to; presence is kept for zones that have a name.
        egress: how people get out who have nothing with them: `free` (a handle, a button, a sensor that no node can
            hold up), or the id of a lane that leads out. Every lane that opens must say it.
        groups: who may pass; none: everybody who is listed.
        anti_passback: what is done about who is inside already by what is known: `soft` tells, `hard` refuses, as
            long as every sibling node is heard of.
        fresh_s: evidence older than this does not open.
        confirm_s: how long a card waits for its face.
        without_face: what a card does where no face can be had, since the camera is blind, the person has none
            enrolled, or it is switched off for them.
        without_time: what is done about schedules while nobody knows the time: the clock cannot be right.
        collect_s: whoever collects a child goes over the line within this time of it.
        refused_in_row: so many refusals one after the other are an alert; 0: never.
        vehicles: cars pass here: one plate and everybody in the car.
    """

    id: Name
    policy: Policy = "observe"
    any_of: tuple[Factor, ...] = ()
    window_s: Positive = 4.0
    liveness: LivenessRule = "report"
    inside: Zone = ""
    outside: Zone = ""
    egress: str = ""
    groups: tuple[Name, ...] = ()
    anti_passback: Literal["off", "soft", "hard"] = "off"
    fresh_s: Positive = 5.0
    confirm_s: Positive = 4.0
    without_face: Literal["open", "refuse"] = "open"
    without_time: Literal["open", "refuse"] = "refuse"
    collect_s: Seconds = 10.0
    refused_in_row: Annotated[int, msgspec.Meta(ge=0, le=100)] = 3
    vehicles: bool = False


class Span(calendar.Span, frozen=True, kw_only=True, forbid_unknown_fields=True):
    __doc__ = calendar.Span.__doc__


class Schedule(calendar.Schedule, frozen=True, kw_only=True, forbid_unknown_fields=True):
    __doc__ = calendar.Schedule.__doc__

    spans: tuple[Span, ...] = ()


class Calendar(calendar.Calendar, frozen=True, kw_only=True, forbid_unknown_fields=True):
    __doc__ = calendar.Calendar.__doc__


class Group(calendar.Group, frozen=True, kw_only=True, forbid_unknown_fields=True):
    __doc__ = calendar.Group.__doc__


class Presence(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is inside, by zone.

    Attributes:
        stale_h: a whereabouts older than this is not relied on: it is shown as stale and holds nobody up.
        siblings: ids of the other nodes that lead to the same zones.
        sibling_s: one of them unseen for longer makes hard anti-passback soft.
    """

    stale_h: Annotated[float, msgspec.Meta(gt=0, le=8760)] = 16.0
    siblings: tuple[Name, ...] = ()
    sibling_s: Positive = 30.0
