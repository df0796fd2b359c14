"""On which lines of a TOML file a key stands, so that an error can name it and a tool change it."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from typing import Final, NamedTuple

#: A place in the document: keys and, for arrays of tables, indices.
Where = tuple[str | int, ...]


class Finding(NamedTuple):
    """Something wrong at a place of the document."""

    where: Where
    message: str


_HEADER: Final = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY: Final = re.compile(r"""^\s*([A-Za-z0-9_.\-"' ]+?)\s*=""")


def line_of(lines: dict[Where, int], where: Where) -> int:
    """The line (from 1) of `where`, or of the closest table around it."""
    while where and where not in lines:
        where = where[:-1]
    return lines.get(where, 1)


def find_lines(text: str) -> dict[Where, int]:
    """Every table and key of a valid TOML `text` with its line, from 1."""
    return {where: first for where, (first, _) in find_extents(text).items()}


def find_extents(text: str) -> dict[Where, tuple[int, int]]:
    """Likewise with the first line and the last; of a table those of its header."""
    lines: dict[Where, tuple[int, int]] = {}
    table: Where = ()
    counts: dict[Where, int] = {}
    for number, statement in _statements(text):
        extent = number, number + statement.count("\n")
        if header := _HEADER.match(statement):
            table = _enter(counts, _split(header[2]), array=header[1] == "[[")
            lines.setdefault(table, extent)
            lines.setdefault(table[:-1], extent)
        elif key := _KEY.match(statement):
            lines[(*table, *_split(key[1]))] = extent
    return lines


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Each statement with its first line; a value may go over several lines."""
    pending, start = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        if not pending:
            start = number
        pending = f"{pending}\n{line}" if pending else line
        if _HEADER.match(pending) or _is_whole(pending):
            yield start, pending
            pending = ""


def _is_whole(statement: str) -> bool:
    try:
        tomllib.loads(statement)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _enter(counts: dict[Where, int], keys: Where, *, array: bool) -> Where:
    """The table's place; names of arrays of tables on the way stand for their latest element."""
    where: Where = ()
    for key in keys[:-1]:
        where = (*where, key)
        if where in counts:
            where = (*where, counts[where])
    where = (*where, keys[-1])
    if not array:
        return where
    counts[where] = counts.get(where, -1) + 1
    return (*where, counts[where])


def _split(dotted: str) -> Where:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))


def basic_string(value: str) -> str:
    """A text as TOML's basic string; what JSON escapes, TOML does too, except that it also forbids DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
