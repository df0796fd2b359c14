"""The roster as a node gets it: opaque ids, groups, credentials and templates; no names, no guardians."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Final

import msgspec

from .calendar import Calendar, Day, Group, Schedule
from .turns import Turn

#: The gateway's time of an answer that the roster did not change, RFC 3339.
ISSUED: Final = "X-Zhian-Issued"
#: What an ETag of the roster holds between its quotes: another random one for each version that is told.
MARK: Final = r"[0-9a-f]{32}"


def mark_of(etag: str) -> str:
    """The mark in an ETag, also in one that something on the way made a weak one; "": it is no ETag with a mark."""
    found = re.fullmatch(f'(?:W/)?"({MARK})"', etag)
    return found[1] if found else ""


class Template(msgspec.Struct, frozen=True, kw_only=True):
    """A face template. `vector` is little-endian float32, `key` ties it to network and pre-processing."""

    key: str
    vector: bytes


class Collector(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody, or a car, with whom a person may leave.

    Attributes:
        who: id of a person, or a plate.
        begins, ends: RFC 3339 UTC: from then on, until then. "": always.
        days: weekdays of the site on which they may; empty: every day.
        turn: of two households in turn: in which weeks of the site they may; "": in all.
        turn_from: the local day `YYYY-MM-DD` in a week that is the turn of `odd`; "": by the number of the ISO week.
    """

    who: str
    begins: str = ""
    ends: str = ""
    days: tuple[Day, ...] = ()
    turn: Turn = ""
    turn_from: str = ""


class Leave(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A leave slip: somebody may go out from then until then, though it is school hours.

    Attributes:
        begins, ends: RFC 3339 UTC.
        alone: also without anybody who collects them.
    """

    begins: str
    ends: str
    alone: bool = False


class Person(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One person that the node may recognise.

    Attributes:
        id: opaque.
        group: decides threshold and schedule (`pupil`, `staff`, `resident` ...).
        schedule: name of a schedule of the node's configuration.
        watch: the person is on a watch list: a match is a candidate, not a fact.
        until: RFC 3339 UTC; forgotten afterwards even without a network.
        begins, ends: RFC 3339 UTC: may come from then on, until then; still known outside of that. "": always.
        withdrawn: cards that were this person's and are lost, stolen or replaced.
        collectors: with whom the person may leave.
        leaves: when the person may go out in school hours.
        face: False: this person's face is neither looked up nor asked for; cards and plates do alone.
    """

    id: str
    group: str = "default"
    schedule: str = ""
    cards: tuple[str, ...] = ()
    plates: tuple[str, ...] = ()
    templates: tuple[Template, ...] = ()
    watch: bool = False
    until: str = ""
    begins: str = ""
    ends: str = ""
    withdrawn: tuple[str, ...] = ()
    collectors: tuple[Collector, ...] = ()
    leaves: tuple[Leave, ...] = ()
    face: bool = True


class Roster(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Answer to `GET /roster`, whole or as a delta from the version that the node named.

    With `since` 0 it is whole and `removed` is empty; else `persons` are the changed ones since then. Schedules,
    groups and the calendar are whole each time; each comes before one of the same id in the node's configuration.
    `issued` is the gateway's time of the answer: no node's clock that nobody vouches for can be right before that. An
    answer without a body (304) says it by the header `ISSUED`.

    With `next` it is one page: the others, of the same version, follow when they are asked for with `after` that id and
    the mark of this page's ETag as `run`; the last one has no `next`. What is whole each time is in the first one.
    """

    version: int
    since: int = 0
    persons: tuple[Person, ...] = ()
    removed: tuple[str, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    groups: tuple[Group, ...] = ()
    calendar: Calendar | None = None
    next: str = ""
    issued: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
