"""Sets one value in a TOML text and leaves every other character of it alone. Pure."""

from __future__ import annotations

import copy
import re
import tomllib
from typing import Any, Final

from .errors import Unchangeable
from .toml_lines import Where, basic_string, comment_of, find_extents, find_lines

_ASSIGNED: Final = re.compile(r"""^[A-Za-z0-9_.\-"' \t]+=[ \t]*""")


def with_value(text: str, where: Where, value: Any) -> str:
    """A valid TOML `text` in which the key at `where` says `value`; a missing one is added to its table.

    Raises:
        Unchangeable: the text is written in a way that only a person can change.
    """
    document = tomllib.loads(text)
    if _found(document, where) == value:
        return text
    edited = _edited(text, where, value)
    try:
        right = tomllib.loads(edited) == _wanted(document, where, value)
    except (tomllib.TOMLDecodeError, KeyError, IndexError, TypeError):
        right = False
    if not right:
        raise Unchangeable(f"{_dotted(where)}: change it in the text")
    return edited


def literal(value: Any) -> str:
    """A value as TOML writes it on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return basic_string(value)
    if isinstance(value, dict):
        pairs = ", ".join(f"{basic_string(key)} = {literal(each)}" for key, each in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(literal, value))}]"
    return repr(value)


def _edited(text: str, where: Where, value: Any) -> str:
    lines = text.splitlines(keepends=True)
    extent = find_extents(text).get(where)
    if extent is not None and (assigned := _ASSIGNED.match("".join(lines[extent[0] - 1 : extent[1]]))):
        statement = "".join(lines[extent[0] - 1 : extent[1]])
        lines[extent[0] - 1 : extent[1]] = [assigned[0] + literal(value) + _tail(statement)]
        return "".join(lines)
    added = f"{where[-1]} = {literal(value)}\n"
    header = find_lines(text).get(where[:-1])
    if header is not None:
        if not lines[header - 1].endswith("\n"):
            lines[header - 1] += "\n"
        return "".join([*lines[:header], added, *lines[header:]])
    return f"{text.rstrip()}\n\n[{_dotted(where[:-1])}]\n{added}"


def _tail(statement: str) -> str:
    """The comment at the end of a statement, with what stands before it, and the line's end."""
    start = comment_of(statement)
    return statement[len(statement[:start].rstrip()) :]


def _found(document: Any, where: Where) -> Any:
    for step in where:
        try:
            document = document[step]
        except (KeyError, IndexError, TypeError):
            return None
    return document


def _wanted(document: Any, where: Where, value: Any) -> Any:
    wanted = copy.deepcopy(document)
    table = wanted
    for step in where[:-1]:
        table = table.setdefault(step, {}) if isinstance(table, dict) else table[step]
    table[where[-1]] = value
    return wanted


def _dotted(where: Where) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in where).removeprefix(".")
