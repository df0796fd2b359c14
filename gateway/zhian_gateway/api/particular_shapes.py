"""The JSON of what an office types of somebody: name, place, days, plates and guardians."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from .desk_shapes import Text
from .notice_shapes import Place
from .shapes import Shape, Short
from .when import DayOrNone

#: As the wire has names of groups.
Group = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[\w.-]+$")]


class ParticularsRequest(Shape):
    """What changes; null: it stays. `schedule` "": their group's; days are local, both included, "" takes one away."""

    name: Text | None = None
    group: Group | None = None
    schedule: Annotated[str, Field(max_length=64)] | None = None
    begins: DayOrNone | None = None
    ends: DayOrNone | None = None


class PlatesRequest(Shape):
    """All of somebody's vehicles."""

    plates: Annotated[list[Short], Field(max_length=10)]


class GuardianRequest(Shape):
    """A guardian, and where they are told; `siblings`: other children of theirs, who share a guardian already."""

    name: Text
    address: Place
    language: Literal["zh-CN", "en"] = "zh-CN"
    siblings: Annotated[tuple[Short, ...], Field(max_length=20)] = ()


class GuardianChange(Shape):
    """Another name, language or address of a guardian; `address` null: as before."""

    name: Text
    language: Literal["zh-CN", "en"] = "zh-CN"
    address: Place | None = None
