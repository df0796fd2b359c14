"""The JSON of notices and of guardians' wishes, typed."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field
from zhian_wire.events import PLAIN_NAME

from ..config_base import ADDRESS, SPAN
from .shapes import Shape

Span = Annotated[str, Field(pattern=SPAN)]
Place = Annotated[str, Field(pattern=ADDRESS, max_length=1000)]
ToldOf = Annotated[str, Field(pattern=PLAIN_NAME)]


class NoticeTry(Shape):
    """One try to send a notice."""

    at: str
    channel: str
    outcome: Literal["delivered", "refused", "later", "unsure"]
    reason: str


class Notice(Shape):
    """A notice to a guardian or a contact, and what became of it.

    `unsure`: nobody answered, so it may have arrived or not. `held`: until the receiver's quiet hours end.
    """

    id: str
    to: str
    channel: str
    title: str
    body: str
    state: Literal["queued", "held", "sending", "sent", "failed", "expired", "unsure"]
    passage_id: str | None
    created_at: str
    sent_at: str | None
    error: str | None
    happening: str
    alert_id: str | None
    happened_at: str
    next_at: str
    expires_at: str
    tries: int
    critical: bool
    history: list[NoticeTry]


class Notices(Shape):
    """A page of notices, newest first."""

    items: list[Notice]
    next: str | None


class GuardianEntry(Shape):
    """A guardian and what they want; where they are told is not shown, since addresses hold secrets."""

    id: str
    name: str
    language: str
    channels: list[str]
    happenings: list[str] | None
    quiet: list[str]
    # Since when a phone of theirs is bound.
    phone_since: str | None = None


class Guardians(Shape):
    """Somebody's guardians."""

    items: list[GuardianEntry]


class Preferences(Shape):
    """What a guardian wants: `happenings` null: everything that the site tells; `addresses` null: as before."""

    happenings: Annotated[list[ToldOf] | None, Field(max_length=50)] = None
    quiet: list[Span] = Field(default=[], max_length=5)
    language: Literal["zh-CN", "en"] = "zh-CN"
    addresses: Annotated[list[Place], Field(min_length=1, max_length=6)] | None = None


class InboxItem(Shape):
    """What arrived in the gateway's own inbox."""

    id: str
    guardian: str
    title: str
    body: str
    received_at: str


class Inbox(Shape):
    """The latest of the inbox."""

    items: list[InboxItem]
    next: str | None = None


class InboxPost(BaseModel):
    """What apprise's JSON sender posts; the rest of it does not matter here."""

    title: Annotated[str, Field(max_length=500)] = ""
    message: Annotated[str, Field(max_length=20000)]
