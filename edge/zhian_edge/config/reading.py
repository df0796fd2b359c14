"""Reads a node's configuration and says everything that is wrong with it, by file, line and key."""

from __future__ import annotations

import re
import tomllib
import types
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

import msgspec
from zhian_wire.configuration import FILES
from zhian_wire.events import PLAIN_NAME
from zhian_wire.toml_lines import Finding, Where, find_lines, hint_of, line_of

from zhian_edge.config.access import ZONE
from zhian_edge.config.checks import check
from zhian_edge.config.describing import schema_of
from zhian_edge.config.toml_errors import dotted, explain
from zhian_edge.config.types import Config
from zhian_edge.errors import ConfigError

S = TypeVar("S", bound=msgspec.Struct)
_PLACE: Final = re.compile(r"^(.*?)(?: - at `\$(.*)`)?$", re.S)
_WORDS: Final = {
    "str": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
}
#: Tables that only a gateway's configuration has.
GATEWAYS_ALONE: Final = {
    "listen", "broker", "store", "authority", "rules", "notices", "response", "police", "retention",
}  # fmt: skip
_STEP: Final = re.compile(r"\[(\d+)\]|\.([^.\[]+)")


class Problem(NamedTuple):
    """One thing that is wrong, where."""

    file: Path
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        return ": ".join(filter(None, (f"{self.file}:{self.line}", self.key, self.message)))


class BadConfig(ConfigError):
    """A configuration that cannot be used; `problems` are all that was found, in the file's order."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(problems, key=lambda problem: problem.line)
        super().__init__("\n".join(map(str, self.problems)))


def load(path: Path) -> Config:
    """The configuration in `path`; relative paths in it become absolute, counted from its folder.

    Raises:
        BadConfig: with every problem, not only the first.
    """
    return load_text(read_text(path), path)


def read_text(path: Path) -> str:
    """What stands in the file.

    Raises:
        BadConfig: it cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise BadConfig([Problem(path, 1, "", f"cannot be read: {error.strerror}")]) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise BadConfig([Problem(path, line, "", "is no UTF-8: save the file in that encoding")]) from error


def load_text(text: str, path: Path) -> Config:
    """As `load`, of a text that is to be used in the place of the one in `path`.

    Raises:
        BadConfig: as `load`.
    """
    return _anchor(parse(text, path), path.resolve().parent)


def parse(text: str, path: Path) -> Config:
    """As `load`, from text; `path` is only for the messages, and paths stay as they are written.

    Raises:
        BadConfig: as `load`.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        fault = explain(error, text)
        raise BadConfig([Problem(path, fault.line, dotted(fault.where), fault.message)]) from error
    except RecursionError as error:
        raise BadConfig([Problem(path, 1, "", "nested too deeply")]) from error
    if _is_gateways(document):
        raise BadConfig([Problem(path, 1, "", "this is a gateway's configuration; use `zhian-gateway check-config`")])
    findings: list[Finding] = []
    config = _struct(Config, document, (), findings)
    findings += check(document, config, path.parent)
    if findings or config is None:
        lines = find_lines(text)
        raise BadConfig([Problem(path, line_of(lines, where), dotted(where), what) for where, what in findings])
    return config


def _is_gateways(document: Mapping[str, object]) -> bool:
    """Whether it is that of the other program: then each of its keys would be told as a misspelt one of ours."""
    return bool(document.keys() & GATEWAYS_ALONE) and not document.keys() & {"node", "gateway"}


def schema() -> bytes:
    """JSON Schema of the configuration, for editors."""
    return schema_of(Config, "zhian-edge")


def _struct(cls: type[S], table: object, where: Where, findings: list[Finding]) -> S | None:
    """`table` as `cls`; None when something required is missing or wrong. Every finding is kept."""
    if not isinstance(table, Mapping):
        findings.append(Finding(where, f"expected a table, got {_shown(table)}"))
        return None
    fields = {field.name: field for field in msgspec.structs.fields(cls)}
    findings += [_unknown(key, where, fields) for key in table if key not in fields]
    values: dict[str, Any] = {}
    whole = True
    for name, field in fields.items():
        if name in table:
            before = len(findings)
            values[name] = _value(field.type, table[name], (*where, name), findings)
            if len(findings) > before and values[name] is None:
                del values[name]
                whole = whole and not field.required
        elif field.required:
            findings.append(Finding((*where, name), f"missing; expected {_expected(field.type)}"))
            whole = False
    return cls(**values) if whole else None


def _structs(kind: Any) -> tuple[type[msgspec.Struct], ...]:
    """The types of a table that `kind` is, or of which it is one; () where it is no table."""
    kinds = typing.get_args(kind) if typing.get_origin(kind) in (typing.Union, types.UnionType) else (kind,)
    return kinds if all(isinstance(one, type) and issubclass(one, msgspec.Struct) for one in kinds) else ()


def _one_of(
    choices: tuple[type[msgspec.Struct], ...], table: object, where: Where, findings: list[Finding]
) -> msgspec.Struct | None:
    """`table` as the one of `choices` whose tag it carries."""
    if len(choices) == 1 or not isinstance(table, Mapping):
        return _struct(choices[0], table, where, findings)
    by_tag = {str(choice.__struct_config__.tag): choice for choice in choices}
    field = str(choices[0].__struct_config__.tag_field)
    listed = "one of " + ", ".join(f'"{tag}"' for tag in by_tag)
    if field not in table:
        findings.append(Finding((*where, field), f"missing; expected {listed}"))
        return None
    tag = table[field]
    if not isinstance(tag, str) or tag not in by_tag:
        findings.append(Finding((*where, field), f"expected {listed}, got {_shown(tag)}"))
        return None
    rest = {key: value for key, value in table.items() if key != field}
    return _struct(by_tag[tag], rest, where, findings)


def _value(kind: Any, value: object, where: Where, findings: list[Finding]) -> Any:
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return _struct(kind, value, where, findings)
    inner = typing.get_args(kind)
    if inner and (choices := _structs(inner[0])) and isinstance(value, list):
        parts = [_one_of(choices, part, (*where, index), findings) for index, part in enumerate(value)]
        return tuple(part for part in parts if part is not None)
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        findings.append(_translated(error, kind, value, where))
        return None


def _translated(error: msgspec.ValidationError, kind: Any, value: Any, where: Where) -> Finding:
    """msgspec's message in this file's words: what was expected, what was found, and where inside the value."""
    match = _PLACE.match(str(error))
    message, place = (match[1], match[2] or "") if match else (str(error), "")
    for index, name in _STEP.findall(place):
        step = int(index) if index else name
        where, value, kind = (*where, step), value[step], (*typing.get_args(kind), kind)[0]
    if message.startswith("Invalid enum value"):
        message = f"expected {_expected(kind)}"
    elif PLAIN_NAME in message:
        message = "expected 1 to 64 letters, digits, '.', '_' or '-', the first a letter or digit"
    elif ZONE in message:
        message = "expected a name of at most 128 characters without ':', '@' and '//'"
    else:
        message = message[0].lower() + message[1:].split(", got ")[0]
        message = re.sub(r"`(\w+)[^`]*`", lambda word: _WORDS.get(word[1], word[1]), message)
    return Finding(where, f"{message}, got {_shown(value)}")


def _expected(kind: Any) -> str:
    """`kind` in words a person who edits TOML can use."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated:
        return _expected(inner[0])
    if origin is typing.Literal:
        return "one of " + ", ".join(f'"{choice}"' for choice in inner)
    if origin is tuple:
        return f"a list: {_expected(inner[0])} each"
    if origin in (typing.Union, types.UnionType):
        return _expected(inner[0])
    return _WORDS.get(getattr(kind, "__name__", ""), "a table")


def _unknown(key: str, where: Where, fields: Mapping[str, object]) -> Finding:
    return Finding((*where, key), f"unknown key; {hint_of(key, fields)}")


def _shown(value: object) -> str:
    text = repr(value) if not isinstance(value, str) else f'"{value}"'
    return text if len(text) <= 60 else text[:57] + "..."


def _anchor(config: Config, folder: Path) -> Config:
    replace = msgspec.structs.replace

    def absolute(text: str) -> str:
        return str((folder / Path(text).expanduser()).resolve()) if text else ""

    gateway = config.gateway
    cameras = tuple(
        camera if "://" in camera.source else replace(camera, source=absolute(camera.source))
        for camera in config.cameras
    )

    def anchored(device: S) -> S:
        files = {key: absolute(getattr(device, key)) for key in FILES if hasattr(device, key)}
        return replace(device, **files)

    return replace(
        config,
        node=replace(config.node, home=absolute(config.node.home)),
        gateway=replace(gateway, token_file=absolute(gateway.token_file), ca_file=absolute(gateway.ca_file)),
        cameras=cameras,
        readers=tuple(map(anchored, config.readers)),
        barriers=tuple(map(anchored, config.barriers)),
        inputs=tuple(map(anchored, config.inputs)),
        sirens=tuple(map(anchored, config.sirens)),
    )
