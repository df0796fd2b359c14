"""Cursors: where the last page ended. Whoever gets one only hands it back."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from fastapi import Query
from zhian_wire import times
from zhian_wire.errors import DecodeError

from ..errors import BadInput

Limit = Annotated[int, Query(ge=1, le=200)]
Cursor = Annotated[str | None, Query(max_length=64)]
MOST_ID = 2**63 - 1


class Place(NamedTuple):
    """A row's time and id."""

    time: str
    id: int


def encode(place: Place) -> str:
    """As text that fits an address."""
    return f"{place.time}~{place.id}"


def decode(cursor: str) -> Place:
    """Back again; BadInput for what is none."""
    time, _, number = cursor.partition("~")
    try:
        times.from_text(time)
    except DecodeError as error:
        raise BadInput(f"before: {cursor!r} is no cursor") from error
    return Place(time, parse_id(number, "before"))


def parse_id(text: str, what: str) -> int:
    """A row's number; BadInput for what is none."""
    if not (text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= MOST_ID):
        raise BadInput(f"{what}: {text!r} is no id")
    return int(text)
