"""The JSON Schema of a configuration, with what each key is for: the classes' docstrings say it, once."""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Iterator
from typing import Any, Final

import msgspec

_HEAD: Final = "\nAttributes:\n"
#: A line of `Attributes:` that begins the words for one key, or for several.
_KEYS: Final = re.compile(r" {4}(\w+(?:, \w+)*): (.+)")


def schema_of(cls: type[msgspec.Struct], title: str) -> bytes:
    """The schema of `cls` as a file for editors: they show each key's words where it is typed."""
    document: dict[str, Any] = msgspec.json.schema(cls)
    for kind in {one.__name__: one for one in _structs(cls)}.values():
        _describe(document["$defs"][kind.__name__], kind)
    document = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, **document}
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def words_of(cls: type[msgspec.Struct]) -> dict[str, str]:
    """What the docstrings of a class, and of those that it extends, say of each key."""
    words: dict[str, str] = {}
    for one in reversed(cls.__mro__):
        words |= _attributes(inspect.cleandoc(one.__dict__.get("__doc__") or ""))
    return words


def _describe(definition: dict[str, Any], cls: type[msgspec.Struct]) -> None:
    words = words_of(cls)
    # Not as it stands in the file: newer Pythons keep docstrings without their indentation.
    definition["description"] = inspect.cleandoc(cls.__doc__ or "").partition(_HEAD)[0].strip()
    for key, value in definition["properties"].items():
        if key in words:
            value["description"] = words[key]


def _attributes(doc: str) -> dict[str, str]:
    """The keys under `Attributes:`, each with its words on one line."""
    found: dict[str, str] = {}
    keys: tuple[str, ...] = ()
    for line in doc.partition(_HEAD)[2].splitlines():
        if begun := _KEYS.fullmatch(line):
            keys = tuple(begun[1].split(", "))
            found |= dict.fromkeys(keys, begun[2])
        elif line.startswith(" " * 8):
            found |= {key: f"{found[key]} {line.strip()}" for key in keys}
        else:
            break
    return found


def _structs(kind: Any) -> Iterator[type[msgspec.Struct]]:
    """`kind`, or those of which it is made, and all that stand in them."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        yield kind
        for field in msgspec.structs.fields(kind):
            yield from _structs(field.type)
    for part in typing.get_args(kind):
        yield from _structs(part)
