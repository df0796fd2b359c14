"""The JSON that pages get, typed: what several subjects share. Times are RFC 3339 in UTC; ids are text."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Short = Annotated[str, Field(min_length=1, max_length=64)]
Secret = Annotated[str, Field(min_length=1, max_length=256)]


class Shape(BaseModel):
    """A frozen piece of JSON; what is sent in with an unknown key is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Person(Shape):
    """Somebody enrolled. `name` is empty after a withdrawal; `picture` is an address."""

    id: str
    name: str
    group: str
    picture: str | None


class Evidence(Shape):
    """What a passage or alert rests on."""

    kind: str
    camera: str
    at: str
    picture: str | None
    box: tuple[float, float, float, float] | None
    score: float | None
    margin: float | None
    live: float | None
    liveness: str | None
    synthetic: bool


class Stored(Shape):
    """A picture is kept."""

    sha256: str
    media_type: str


class Done(Shape):
    """It is done."""

    ok: Literal[True] = True
