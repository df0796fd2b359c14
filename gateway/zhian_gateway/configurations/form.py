"""The keys of a node's configuration that are changed every now and then, as fields of a form. Pure.

Everything else, and what is written in a way that no form can change, is for the text.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

from zhian_wire.errors import Unchangeable
from zhian_wire.toml_edit import with_value
from zhian_wire.toml_lines import Where

from ..errors import BadInput
from .looking import parsed

Kind = Literal["number", "choice", "line", "spans"]


class Shape(NamedTuple):
    """What a key may hold: of a number the bounds, of a choice the words."""

    kind: Kind
    least: float = 0.0
    most: float = 0.0
    choices: tuple[str, ...] = ()


class Field(NamedTuple):
    """One field: where it is, of which device or lane, and what it says; None: nothing, so that the usual holds."""

    path: Where
    of: str
    shape: Shape
    value: Any


_SECONDS: Final = Shape("number", 0.1, 600)
_POLICY: Final = Shape("choice", choices=("observe", "card", "card_and_face", "face", "plate", "any_of"))
#: Of tables that stand once, and of each table of a list.
SINGLE: Final[Mapping[str, Mapping[str, Shape]]] = {
    "recognition": {
        "fpir": Shape("number", 0.0001, 1),
        "name_threshold": Shape("number", 0, 1),
        "detect_fps": Shape("number", 0.1, 60),
    },
}
LISTED: Final[Mapping[str, Mapping[str, Shape]]] = {
    "lanes": {
        "policy": _POLICY,
        "anti_passback": Shape("choice", choices=("off", "soft", "hard")),
        "without_face": Shape("choice", choices=("open", "refuse")),
        "liveness": Shape("choice", choices=("report", "required")),
        "fresh_s": _SECONDS,
        "confirm_s": _SECONDS,
        "window_s": _SECONDS,
        "refused_in_row": Shape("number", 0, 100),
    },
    "barriers": {
        "pulse_s": Shape("number", 0.1, 60),
        "opens_within_s": Shape("number", 0, 60),
        "held_s": Shape("number", 0, 3600),
    },
    "cameras": {"line": Shape("line")},
    "schedules": {"spans": Shape("spans")},
}


def fields(text: str) -> list[Field]:
    """The fields of a configuration, in its order."""
    return [*_fields(parsed(text))]


def with_changes(text: str, changes: Sequence[tuple[Where, Any]]) -> str:
    """The text with these fields changed, and nothing else.

    Raises:
        BadInput: no such field, or the text is written in a way that only a person can change; with the key.
    """
    for path, value in changes:
        try:
            known = {field.path for field in fields(text)}
            if tuple(path) not in known:
                raise BadInput(f"{'.'.join(map(str, path))} is no field of the form")
            text = with_value(text, tuple(path), value)
        except (Unchangeable, tomllib.TOMLDecodeError) as error:
            raise BadInput(str(error)) from error
    return text


def _fields(document: Mapping[str, Any]) -> Iterator[Field]:
    for name, shapes in SINGLE.items():
        table = document.get(name, {})
        if isinstance(table, Mapping):
            yield from (Field((name, key), name, shape, table.get(key)) for key, shape in shapes.items())
    for name, shapes in LISTED.items():
        tables = document.get(name, [])
        for index, table in enumerate(tables if isinstance(tables, list) else ()):
            if isinstance(table, Mapping):
                of = str(table.get("id", index))
                yield from (Field((name, index, key), of, shape, table.get(key)) for key, shape in shapes.items())
