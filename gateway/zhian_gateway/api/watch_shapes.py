"""Entries of watch lists as officers get them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from .shapes import Shape
from .when import DayText

Reason = Annotated[str, Field(min_length=1, max_length=500, pattern=r"\S")]
Plate = Annotated[str, Field(min_length=5, max_length=10, pattern=r"^\S+$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
WatchState = Literal["proposed", "active", "refused", "withdrawn", "expired", "lapsed"]


class WatchProposal(Shape):
    """Who or what is to be looked for: `until` is the last day, in the site's zone. Photographs come afterwards."""

    label: Annotated[str, Field(min_length=1, max_length=100, pattern=r"\S")]
    ground: Reason
    until: DayText
    plates: Annotated[list[Plate], Field(max_length=10, default_factory=list)]


class WatchDecision(Shape):
    """What somebody else says to a proposal. `seen`: the photographs that they looked at; approving others is 409."""

    decision: Literal["approved", "refused"]
    reason: Reason
    seen: Annotated[list[Sha256], Field(max_length=20, default_factory=list)]


class WatchWithdrawal(Shape):
    """Why it is not looked for any more."""

    reason: Reason


class WatchPicture(Shape):
    """A photograph: its sha256, and the address where it is shown."""

    sha256: str
    url: str


class WatchEntry(Shape):
    """One entry. `templates`: how many of its photographs nodes compare faces with; `mine`: the caller proposed it."""

    id: str
    label: str
    ground: str
    until: str
    plates: list[str]
    state: WatchState
    pictures: list[WatchPicture]
    templates: int
    proposed_by: str
    proposed_at: str
    decided_by: str | None
    decided_at: str | None
    ended_by: str | None
    ended_at: str | None
    reason: str
    mine: bool


class WatchEntries(Shape):
    """All of them, those that wait for a decision first, then by when they were proposed."""

    items: list[WatchEntry]
