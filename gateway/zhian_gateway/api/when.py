"""Moments and days as requests write them. Only such as a site can have: no sum with them leaves the calendar."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Final, TypeAlias

from fastapi import Query
from pydantic import AfterValidator, Field
from zhian_wire import times
from zhian_wire.errors import DecodeError

from ..errors import BadInput
from ..moments import YEARS

_DAY: Final = r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_MILLISECONDS: Final = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$"
_OFFSET: Final = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})$"


def in_calendar(moment: datetime) -> datetime:
    """The same moment; ValueError where it is in no zone or out of all years that there can be."""
    if moment.tzinfo is None or moment.year not in YEARS:
        raise ValueError("expected a moment with its offset, such as 2026-09-01T14:30:00+08:00")
    return moment


def _moment(text: str) -> str:
    try:
        in_calendar(times.from_text(text))
    except DecodeError as error:
        raise ValueError(str(error)) from error
    return text


def _day(text: str) -> str:
    if text and date.fromisoformat(text).year not in YEARS:
        raise ValueError("expected a day such as 2026-09-01")
    return text


#: In a body: a day of the site; with "" for none; a moment, aware; the same as text; as the store writes it.
DayText: TypeAlias = Annotated[str, Field(pattern=f"^{_DAY}$"), AfterValidator(_day)]
DayOrNone: TypeAlias = Annotated[str, Field(pattern=f"^({_DAY}|)$"), AfterValidator(_day)]
Aware: TypeAlias = Annotated[datetime, AfterValidator(in_calendar)]
MomentText: TypeAlias = Annotated[str, Field(pattern=_OFFSET), AfterValidator(_moment)]
StoredText: TypeAlias = Annotated[str, Field(pattern=_MILLISECONDS), AfterValidator(_moment)]
#: In a question.
Day: TypeAlias = Annotated[DayText | None, Query()]
Moment: TypeAlias = Annotated[StoredText | None, Query()]


def read_moment(text: str | None) -> datetime | None:
    """A moment as a page writes it; BadInput."""
    try:
        return times.from_text(text) if text else None
    except DecodeError as error:
        raise BadInput(f"at: {error}") from error
