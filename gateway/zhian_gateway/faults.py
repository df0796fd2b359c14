"""Says of a TOML text what is wrong with it, by file, line and key, in words for whoever wrote it."""

from __future__ import annotations

import re
import tomllib
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeVar

import msgspec
from zhian_wire.calendar import ClockText, DateText
from zhian_wire.events import PLAIN_NAME
from zhian_wire.toml_lines import hint_of

from .environment import overlaid
from .errors import ConfigError

T = TypeVar("T")

_PLACE: Final = re.compile(r"^(?P<what>.*?)(?: - at `\$(?P<where>.*)`)?$", re.S)
_FIELD: Final = re.compile(r"`([A-Za-z_]+)`")
_STEP: Final = re.compile(r"\[(\d+)\]|\.([A-Za-z_]+)")
_AT: Final = re.compile(r"^(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$", re.S)
_KEY: Final = re.compile(r"\s*\"?([A-Za-z0-9_.-]+)\"?\s*=")
#: What a text that must have a certain form is to look like, by a part of the form.
_MEANT: Final = (
    (PLAIN_NAME, "1 to 64 letters, digits, '.', '_' or '-', the first a letter or digit"),
    (typing.get_args(ClockText)[1].pattern, 'a time of day such as "07:30"; the end of a day is "24:00"'),
    (typing.get_args(DateText)[1].pattern, 'a day such as "2026-10-01"'),
    (r"[0-5]\d-([01]", 'a span of the day such as "22:00-06:00"'),
    (r"2[0-3]):[0-5]\d", 'a time of day such as "03:00"'),
    ("[0-9A-Fa-f]", "a card's number: 4 to 32 hexadecimal digits, as a reader tells it"),
    ("^mqtts?", 'an address such as "mqtt://127.0.0.1:1883"'),
    ("^(s3://", 'an address such as "s3://bucket/prefix"'),
    ("^(https?://[^@", 'an address such as "https://s3.example.com:9000", without a name or a password'),
    ("://", 'an address such as "inbox://name" or "mailto://..."'),
)
_WORDS: Final = {
    "str": "a text in quotes",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "a table",
    "time": "a time without quotes",
    "date": "a day without quotes",
    "datetime": "a moment without quotes",
}


def converted(text: str, path: Path, kind: type[T], environment: Mapping[str, str] | None = None) -> T:
    """A TOML text as `kind`; settings of the `environment` come before those of the text.

    Raises:
        ConfigError: it is not TOML, or not such a thing; names file, line and key, or the variable.
    """
    sources: dict[str, str] = {}
    try:
        table, sources = overlaid(tomllib.loads(text), environment or {})
        return msgspec.convert(table, kind)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(not_toml(error, text, path)) from error
    except msgspec.ValidationError as error:
        raise ConfigError(explained(error, text, path, kind, sources)) from error


def not_toml(error: tomllib.TOMLDecodeError, text: str, path: Path) -> str:
    """File, line, the key that stands there, and why that is no TOML."""
    match = _AT.match(str(error))
    what, line = (match["what"], match["line"]) if match else (str(error), None)
    lines = text.splitlines()
    number = int(line) if line else max(1, len(lines))
    key = _KEY.match(lines[number - 1]) if lines else None
    place = f"{path}:{number}: {key[1]}" if key else f"{path}:{number}"
    hint = "; a text, such as a time of day, stands in quotes" if key and "newline" in what else ""
    column = f" (column {match['column']})" if match and line else ""
    return f"{place}: not TOML: {what[0].lower()}{what[1:]}{column}{hint}"


def explained(
    error: msgspec.ValidationError,
    text: str,
    path: Path,
    kind: Any = None,
    sources: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """File, line, key, and what was expected there of something that is to be a `kind`.

    Args:
        sources: the variable of the environment that each of these keys came from, and that is named instead of a line.
    """
    match = _PLACE.match(str(error))
    what, where = (match["what"], match["where"] or "") if match else (str(error), "")
    steps: list[str | int] = [int(index) if index else name for index, name in _STEP.findall(where)]
    message = _in_words(what, _choices(kind, steps))
    named = _FIELD.search(what)
    if named and "unknown field" in what:
        message = f"unknown key; {hint_of(named[1], _fields(kind, steps))}"
        steps.append(named[1])
    key = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).removeprefix(".")
    for name, variable in sources.items():
        if name == key or key.startswith((f"{name}.", f"{name}[")):
            return f"environment variable {variable}: {key}: {message}"
    return f"{path}:{line_of(text, steps)}: {key or 'the whole'}: {message}"


def _in_words(what: str, choices: Sequence[str]) -> str:
    """msgspec's message as a person would say it; `choices`: what may stand there, where that is a list."""
    if what.startswith("Invalid enum value"):
        value = what.removeprefix("Invalid enum value ")
        return f"expected one of {', '.join(choices)}, got {value}" if choices else f"{value} is not possible here"
    if "matching regex" in what:
        return "expected " + next((words for part, words in _MEANT if part in what), "another form")
    if named := re.match(r"Object missing required field `(\w+)`", what):
        return f"missing: {named[1]}"
    plain = re.sub(r"`(\w+)[^`]*`", lambda word: _WORDS.get(word[1], word[1]), what)
    return plain[0].lower() + plain[1:].replace("of length >=", "of at least").replace("of length <=", "of at most")


def _choices(kind: Any, steps: Sequence[str | int]) -> tuple[str, ...]:
    """The words that may stand at `steps` of a `kind`; () where it is no matter of words."""
    lists = (typing.get_args(each) for each in _at(kind, steps) if typing.get_origin(each) is typing.Literal)
    return tuple(map(str, next(lists, ())))


def _fields(kind: Any, steps: Sequence[str | int]) -> list[str]:
    """The keys of the table at `steps` of a `kind`; of each where it may be one of several."""
    tables = (each for each in _at(kind, steps) if _is_table(each))
    return [field.encode_name for table in tables for field in msgspec.structs.fields(table)]


def _at(kind: Any, steps: Sequence[str | int]) -> Iterator[Any]:
    """What may stand at `steps` of a `kind`."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated:
        yield from _at(inner[0], steps)
    elif origin in (typing.Union, types.UnionType):
        for one in inner:
            yield from _at(one, steps)
    elif not steps:
        yield kind
    elif _is_table(kind):
        fields = {field.encode_name: field.type for field in msgspec.structs.fields(kind)}
        yield from _at(fields.get(str(steps[0])), steps[1:])
    elif inner:
        yield from _at(inner[-1] if origin is dict else inner[0], steps[1:])


def _is_table(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


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
