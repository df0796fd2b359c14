"""Why a text is no TOML, in words, with its line and key."""

from __future__ import annotations

import re
import tomllib
from typing import Final, NamedTuple

from zhian_wire.toml_lines import Where, find_lines

_PLACE: Final = re.compile(r"^(.*) \(at (?:line (\d+), column (\d+)|end of document)\)$", re.S)
_DECLARED: Final = re.compile(r"^Cannot declare \((.*)\) twice$")
_INLINE: Final = re.compile(r"^Duplicate inline table key '(.*)'$")


class Fault(NamedTuple):
    """What is wrong, on which line (from 1), and with which key; () where that cannot be told."""

    line: int
    where: Where
    message: str


def explain(error: tomllib.TOMLDecodeError, text: str) -> Fault:
    """`error`, raised for `text`. A key that stands twice is named, with the line where it stood first."""
    match = _PLACE.match(str(error))
    what, line, column = match.groups() if match else (str(error), None, None)
    number = int(line) if line else max(1, len(text.splitlines()))
    if doubled := _DECLARED.match(what):
        return _twice(tuple(re.findall(r"'([^']*)'", doubled[1])), number, text)
    if what == "Cannot overwrite a value":
        lines = find_lines(_head(text, number))
        where = max(lines, key=lambda place: lines[place], default=())
        return _twice(where, lines.get(where, number), text)
    if inline := _INLINE.match(what):
        return Fault(number, (), f'"{inline[1]}" stands twice in one table')
    there = f"column {column}" if column else "at the end of the file"
    return Fault(number, (), f"not TOML: {what} ({there})")


def _twice(where: Where, number: int, text: str) -> Fault:
    first = find_lines(_head(text, number - 1)).get(where)
    return Fault(number, where, "stands twice" + (f", first on line {first}" if first else ""))


def _head(text: str, count: int) -> str:
    return "\n".join(text.splitlines()[:count])


def dotted(where: Where) -> str:
    """A place as it is written: `cameras[0].source`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in where)
    return text.removeprefix(".")
