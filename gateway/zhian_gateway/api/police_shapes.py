"""The JSON of what is on its way to the police, typed."""

from __future__ import annotations

from typing import Literal

from .shapes import Shape


class Delivery(Shape):
    """A feed entry on its way to a webhook."""

    feed_id: int
    subscriber: str
    state: Literal["queued", "sent", "dead"]
    tries: int
    error: str


class Deliveries(Shape):
    """The latest deliveries."""

    items: list[Delivery]
    next: str | None = None
