"""What the page and a guard say to each other about passages by hand."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from .order_shapes import LaneAnswer, Ordered
from .shapes import Shape, Short


class LetPass(Ordered):
    """Somebody is let pass; without `person_id` a visitor, whom `why` names.

    `opens`: the lane opens for it; else they went by a key or a word. `visit_id`: a visitor who is announced, and is
    let in by it as at the window; their pass is the day's code.
    """

    direction: Literal["in", "out"]
    person_id: Short | None = None
    visit_id: Annotated[str, Field(pattern=r"^[0-9]{1,18}$")] | None = None
    opens: bool = False


class PassAnswer(LaneAnswer):
    """What the node said; `pass_id` is what it is taken back by."""

    pass_id: str


class HandPass(Shape):
    """A guard's word. `recorded`: written down by hand, and no door opened for it; `undone`: it was taken back."""

    id: str
    node: str
    lane: str
    direction: Literal["in", "out"]
    who: str
    why: str
    at: str
    recorded: bool
    undone: bool
    passage_id: str | None
