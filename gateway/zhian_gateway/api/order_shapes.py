"""The JSON of orders to lanes, typed."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field
from zhian_wire.events import PLAIN_NAME

from .shapes import Shape
from .when import StoredText


class Ordered(Shape):
    """Common to all orders.

    `id`: chosen by whoever asks; the same request with the same id again is carried out once. `why` is for the audit.
    """

    id: Annotated[str, Field(pattern=PLAIN_NAME)] | None = None
    why: Annotated[str, Field(min_length=1, max_length=500, pattern=r"\S")]


class _Lasting(Ordered):
    """Held open and locked need one end: `minutes` from now, or `until` (RFC 3339, UTC, milliseconds)."""

    minutes: Annotated[int, Field(ge=1, le=44640)] | None = None
    until: StoredText | None = None


class LaneOrder(_Lasting):
    """Bring one lane into a state; what is open once or normal has no end."""

    state: Literal["open_once", "held_open", "locked", "normal"]


class SiteOrder(_Lasting):
    """Bring every lane of the site into a state."""

    state: Literal["held_open", "locked", "normal"]


class LaneAnswer(Shape):
    """What became of an order at one lane.

    `done`: its node says so; what the barrier then did is the lane's `actuated`. `no_answer`: it may have been done;
    `offline`: likewise, and the node says nothing at all. `lane` is null where the node's lanes are not known.
    `until`: when what was ordered ends by itself; null: it does not stay.
    """

    node: str
    lane: str | None
    result: Literal["done", "failed", "expired", "refused", "unsupported", "no_answer", "offline"]
    detail: str
    until: str | None = None


class LaneAnswers(Shape):
    """What became of an order to all lanes; `done`: every one of them says so."""

    done: bool
    items: list[LaneAnswer]


class LanePlace(Shape):
    """A lane of a node; `lane` is null where the node's lanes are not known."""

    node: str
    lane: str | None


class KeptOrder(Shape):
    """What the whole site was ordered to be; it holds until `until`.

    `waiting`: lanes that have not carried it out yet; each hears of it as soon as its node is back.
    """

    state: Literal["held_open", "locked", "normal"]
    who: str
    why: str
    at: str
    until: str
    waiting: list[LanePlace]


class SiteOrderNow(Shape):
    """The order that stands for the whole site; null: none, or all is normal again everywhere."""

    order: KeptOrder | None
