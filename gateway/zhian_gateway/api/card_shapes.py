"""The JSON of a desk's readers, and of whose a card is."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field
from zhian_wire.cards import Spelling

from .shapes import Shape


class DeskReader(Shape):
    """A reader by which an office issues cards. `busy`: who reads a card with it just now."""

    node: str
    reader: str
    driver: str
    state: Literal["ready", "starting", "down", "offline"]
    detail: str
    busy: str | None


class DeskReaders(Shape):
    """Every one there is, by node and name."""

    items: list[DeskReader]


class ListenRequest(Shape):
    """`after`: the number that the last answer gave; null begins anew, so that no earlier card is told."""

    after: Annotated[int | None, Field(ge=0, le=2**53)] = None


class ShownCard(Shape):
    """A card in canonical form (upper-case hexadecimal of whole bytes), and when it came."""

    card: str
    at: str


class Listening(Shape):
    """`card`: the latest that was shown since; null: none. `after` is for the next question."""

    after: int
    card: ShownCard | None


class CardQuestion(Shape):
    """A card as a reader tells it, or as it is printed on it (`spelling`)."""

    card: Annotated[str, Field(min_length=1, max_length=64, pattern=r"\S")]
    spelling: Spelling = "hex"


class CardOwner(Shape):
    """Who has a card, or had it until `withdrawn_at`, for that reason."""

    id: str
    name: str
    group: str
    withdrawn_at: str | None
    reason: str


class WhoseCard(Shape):
    """Whose a card is; `card` is its canonical form.

    `how`: `whole`, or `cut` where reader or list tell its lowest bits only; `ambiguous`: several people's; `withdrawn`:
    it was `owner`'s and is nobody's; `unknown`: it is nobody's.
    """

    card: str
    how: Literal["whole", "cut", "ambiguous", "withdrawn", "unknown"]
    owner: CardOwner | None
