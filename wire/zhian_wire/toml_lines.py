"""On which lines of a TOML file a key stands, so that an error can name it and a tool change it."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

#: A place in the document: keys and, for arrays of tables, indices.
Where = tuple[str | int, ...]


class Finding(NamedTuple):
    """Something wrong at a place of the document."""

    where: Where
    message: str


#: Strings and comments of a valid TOML text, in the order in which a reader must try them (toml.io, v1.0.0).
TOKEN: Final = re.compile(
    r'"""(?:\\.|(?!""")[^\\])*"{3,5}'
    r"|'''(?:(?!''').)*'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|\#[^\n]*",
    re.S,
)
#: What ends a statement, or keeps it going; strings and comments hold none of it.
_PIECE: Final = re.compile(rf"{TOKEN.pattern}|[\[\]{{}}\n]", re.S)
_HEADER: Final = re.compile(r"(\[\[?)([^\]]+)\]\]?\s*(#.*)?$")
_KEY: Final = re.compile(r"""([A-Za-z0-9_.\-"' \t]+)=""")


def line_of(lines: dict[Where, int], where: Where) -> int:
    """The line (from 1) of `where`, or of the closest table around it."""
    while where and where not in lines:
        where = where[:-1]
    return lines.get(where, 1)


def hint_of(key: str, known: Collection[str]) -> str:
    """What an unknown `key` may be meant to be: the known one that is spelt most like it, else all of them."""
    close = difflib.get_close_matches(key, known, 1)
    return f"did you mean {close[0]}?" if close else f"expected one of {', '.join(known)}"


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
        if header := _HEADER.match(statement.lstrip()):
            table = _enter(counts, _split(header[2]), array=header[1] == "[[")
            lines.setdefault(table, extent)
            lines.setdefault(table[:-1], extent)
        elif key := _KEY.match(statement.lstrip()):
            lines[(*table, *_split(key[1]))] = extent
    return lines


def comment_of(statement: str) -> int:
    """Where the comment at the end of a statement of valid TOML begins; its length where there is none."""
    end = len(statement.rstrip())
    last = next((match for match in _PIECE.finditer(statement) if match.end() >= end), None)
    return last.start() if last is not None and last[0].startswith("#") else len(statement)


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Each statement with its first line; a value may go over several lines. Takes time by the text's length."""
    number, start, depth = 1, 0, 0
    for match in _PIECE.finditer(f"{text}\n"):
        depth += (match[0] in ("[", "{")) - (match[0] in ("]", "}"))
        if match[0] == "\n" and depth <= 0:
            lines = text[start : match.end()].splitlines()
            yield number, "\n".join(lines)
            number, start, depth = number + len(lines), match.end(), 0


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
