"""What can be said of a configuration's text without the node: its difference to another, what is wrong with it. Pure.

A node judges by the code that reads it at a start; this is for what it cannot be asked, and for what nobody may push.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from typing import Any, Final

from zhian_wire.configuration import MOST_CHARACTERS, Problem, forbidden
from zhian_wire.redaction import without_typed
from zhian_wire.toml_lines import Where, find_lines, line_of

#: Lines around each change.
AROUND: Final = 2
_PLACE: Final = re.compile(r"^(.*) \(at line (\d+), column (\d+)\)$", re.S)


def difference(old: str, new: str) -> list[str]:
    """The lines that change, with some around them: each begins with `+`, `-`, a space, or is a place (`@@`).

    Secrets that were typed anew are not in it.
    """
    shown = without_typed(new).splitlines()
    found = difflib.unified_diff(old.splitlines(), shown, lineterm="", n=AROUND)
    return [line for line in found if not line.startswith(("--- ", "+++ "))]


def faults(base: str, text: str) -> list[Problem]:
    """What is wrong with a text that is made from `base`, as far as it can be said here."""
    if len(text) > MOST_CHARACTERS:
        return [Problem(1, "", f"longer than {MOST_CHARACTERS} characters")]
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return [_unreadable(error, text)]
    except RecursionError:
        return [Problem(1, "", "nested too deeply")]
    lines = find_lines(text)
    return [Problem(line_of(lines, where), dotted(where), what) for where, what in forbidden(parsed(base), document)]


def parsed(text: str) -> Mapping[str, Any]:
    """A text as a document; nothing where it is none."""
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def dotted(where: Where) -> str:
    """A place as it is written."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in where).removeprefix(".")


def _unreadable(error: tomllib.TOMLDecodeError, text: str) -> Problem:
    match = _PLACE.match(str(error))
    if match is None:
        return Problem(max(1, len(text.splitlines())), "", f"not TOML: {error}")
    return Problem(int(match[2]), "", f"not TOML: {match[1]} (column {match[3]})")
