"""The JSON of nodes' configurations."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field
from zhian_wire.configuration import MOST_CHARACTERS

from .shapes import Shape

Mark = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9]+$")]
Text = Annotated[str, Field(min_length=1, max_length=MOST_CHARACTERS)]
Why = Annotated[str, Field(min_length=3, max_length=300, pattern=r"\S")]
ConfirmSeconds = Annotated[int, Field(ge=10, le=900)]
Step = str | int
PushState = Literal["waiting", "fetched", "trying", "applied", "rolled_back", "refused", "withdrawn"]
#: A number or a word; two points of a picture; the spans of a schedule.
Value = int | float | str | list[list[float]] | list[dict[str, str | list[str]]]


class ConfigurationField(Shape):
    """A key that is changed every now and then; `of`: which table or device. null: the usual holds."""

    path: list[Step]
    of: str
    kind: Literal["number", "choice", "line", "spans"]
    least: float
    most: float
    choices: list[str]
    value: Value | None


class ConfigurationPush(Shape):
    """What somebody wanted of a node. `diff`: lines, without secrets. `undo`: mark to go back to; null: it is gone."""

    id: str
    state: PushState
    who: str
    why: str
    diff: list[str]
    detail: str
    asked_at: str
    ended_at: str | None
    confirm_s: int
    undo: str | None


class Configuration(Shape):
    """What a node runs by, as it says itself; its secrets are marks (`kept-...`), and may stay as they are.

    `origin`: as it lies at the node, or pushed. `pushes`: the latest first; the first may not be over.
    """

    node: str
    mark: str
    origin: Literal["file", "pushed"]
    version: str
    reported_at: str
    text: str
    fields: list[ConfigurationField]
    pushes: list[ConfigurationPush]


class ConfigurationChange(Shape):
    """A field of the form and what it is to say."""

    path: Annotated[list[Step], Field(min_length=2, max_length=4)]
    value: Value


class ConfigurationDraft(Shape):
    """A text that is made from the configuration marked `base`, and fields to change in it."""

    base: Mark
    text: Text
    changes: tuple[ConfigurationChange, ...] = ()


class ConfigurationProblem(Shape):
    """What is wrong: line from 1, and key."""

    line: int
    key: str
    message: str


class ConfigurationLook(Shape):
    """What a draft comes to. `by`: the node itself judged it, or, as it does not answer, only the gateway."""

    text: str
    fields: list[ConfigurationField]
    diff: list[str]
    problems: list[ConfigurationProblem]
    by: Literal["node", "gateway"]


class ConfigurationOrder(Shape):
    """Push a text, or go back to a former configuration (`restore`, its mark); exactly one of them."""

    base: Mark
    text: Annotated[str, Field(max_length=MOST_CHARACTERS)] = ""
    restore: Annotated[str, Field(max_length=64, pattern=r"^[A-Za-z0-9]*$")] = ""
    why: Why
    confirm_s: ConfirmSeconds = 120
