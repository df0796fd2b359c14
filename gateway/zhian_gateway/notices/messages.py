"""What a channel is given to send, and what a channel is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from .outcomes import Outcome


@dataclass(frozen=True, kw_only=True)
class Message:
    """One notice for one receiver.

    Attributes:
        key: the same for every try of it; a receiver drops what it has had.
        words: what fills a provider's own template, as `texts.PLACEHOLDERS` names it.
        late: it comes so late that it has to say so; `title` and `body` do already.
        at: when it happened; expires_at: after which it is not worth showing.
    """

    key: str
    title: str
    body: str
    happening: str
    language: str
    at: datetime
    expires_at: datetime
    words: Mapping[str, str] = field(default_factory=dict)
    late: bool = False
    critical: bool = False


class Channel(Protocol):
    """A way to send; any thread may use it."""

    #: Its receiver drops what it has had before, by the key.
    repeatable: bool

    def send(self, address: str, message: Message) -> Outcome:
        """Hand it over; says what became of it, and raises nothing."""
