"""Says of a TOML text what is wrong with it, by file, line and key."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from .errors import ConfigError

T = TypeVar("T")

_PLACE: Final = re.compile(r"^(?P<what>.*?)(?: - at `\$(?P<where>.*)`)?$", re.S)
_FIELD: Final = re.compile(r"`([A-Za-z_]+)`")
_STEP: Final = re.compile(r"\[(\d+)\]|\.([A-Za-z_]+)")


def converted(text: str, path: Path, kind: type[T]) -> T:
    """A TOML text as `kind`.

    Raises:
        ConfigError: it is not TOML, or not such a thing; names file, line and key.
    """
    try:
        return msgspec.convert(tomllib.loads(text), kind)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not TOML: {error}") from error
    except msgspec.ValidationError as error:
        raise ConfigError(explained(error, text, path)) from error


def explained(error: msgspec.ValidationError, text: str, path: Path) -> str:
    """File, line, key, and what is wrong there."""
    match = _PLACE.match(str(error))
    what, where = (match["what"], match["where"] or "") if match else (str(error), "")
    steps: list[str | int] = [int(index) if index else name for index, name in _STEP.findall(where)]
    named = _FIELD.search(what)
    if named and "unknown field" in what:
        steps.append(named[1])
    key = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).removeprefix(".")
    message = what[0].lower() + what[1:].replace("`", "").replace("object", "table")
    return f"{path}:{line_of(text, steps)}: {key or 'the whole'}: {message}"


def line_of(text: str, steps: list[str | int]) -> int:
    """The line (from 1) of the key at `steps`, or of the table that it is missing from."""
    lines = text.splitlines()
    start, tables, key = 0, list(steps), ""
    while tables:
        found = _header(lines, tables)
        if found is not None:
            start = found
            break
        last = tables.pop()
        key = last if isinstance(last, str) else key
    for number in range(start, len(lines)):
        if number > start and lines[number].lstrip().startswith("["):
            break
        if key and re.match(rf"\s*\"?{re.escape(key)}\"?\s*=", lines[number]):
            return number + 1
    return start + 1


def _header(lines: list[str], steps: list[str | int]) -> int | None:
    """The index of the line that opens the table at `steps`; an index counts the openings of its array."""
    count = steps[-1] if isinstance(steps[-1], int) else 0
    dotted = r"\s*\.\s*".join(re.escape(step) for step in steps if isinstance(step, str))
    opening = re.compile(rf"\s*\[\[?\s*{dotted}\s*\]\]?\s*(#.*)?$")
    found = [number for number, line in enumerate(lines) if opening.match(line)]
    return found[count] if len(found) > count else None
