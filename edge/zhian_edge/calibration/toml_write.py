"""Puts lines and zones into a configuration file and leaves every other character of it alone.

The text itself is changed, not a parsed document: tomlkit moves tables that are not written in one run, and puts a new
key behind the comment that belongs to the next table. The result is parsed before it is written, and what it says must
be exactly the old document with the asked changes.
"""

from __future__ import annotations

import copy
import os
import re
import stat
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from zhian_wire.toml_lines import Where, find_lines

from zhian_edge.calibration.geometry import Geometry, Zone, rounded
from zhian_edge.errors import ConfigError

_COMMENT: Final = re.compile(r"#[^\r\n]*")


def write_geometry(path: Path, before: bytes, changes: Mapping[str, Geometry]) -> None:
    """Give the cameras in `changes` (by id) their lines and zones, in one step.

    Args:
        before: the file's content when the tool began; what somebody else wrote since is not overwritten.

    Raises:
        ConfigError: the file was changed meanwhile, cannot be written, or cannot be edited without harm.
    """
    text = edited(before.decode("utf-8"), changes, path)
    try:
        _replace(path.resolve(), before, text.encode("utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written: {error.strerror or error}") from error


def edited(text: str, changes: Mapping[str, Geometry], path: Path) -> str:
    """`text` with the changes; the same text where nothing changes.

    Raises:
        ConfigError: no such camera, or the way the file is written does not allow the change.
    """
    document = tomllib.loads(text)
    wanted = copy.deepcopy(document)
    for camera, geometry in changes.items():
        index = _index(document, camera, path)
        for key, points in (("line", geometry.line), ("zone", geometry.zone)):
            value = None if points is None else rounded(points)
            if value == _points(document["cameras"][index].get(key)):
                continue
            text = _Cameras(text, path).set(index, key, value)
            _put(wanted["cameras"][index], key, value)
    if tomllib.loads(text) != wanted:
        raise ConfigError(f"{path}: the file is written in a way that this tool cannot change; nothing was changed")
    return text


def _index(document: Mapping[str, Any], camera: str, path: Path) -> int:
    for index, table in enumerate(document.get("cameras", [])):
        if table.get("id") == camera:
            return index
    raise ConfigError(f'{path}: no camera "{camera}" in it')


def _points(value: list[list[float]] | None) -> Zone | None:
    return None if value is None else tuple((float(x), float(y)) for x, y in value)


def _put(table: dict[str, Any], key: str, value: Zone | None) -> None:
    table.pop(key, None)
    if value is not None:
        table[key] = [list(point) for point in value]


class _Cameras:
    """The text of a configuration, in lines, with the places of its `[[cameras]]`."""

    def __init__(self, text: str, path: Path) -> None:
        self._lines = text.splitlines(keepends=True)
        self._places = find_lines(text)
        self._path = path
        self._newline = "\r\n" if "\r\n" in text else "\n"

    def set(self, index: int, key: str, value: Zone | None) -> str:
        """The text with `key` of a camera's table replaced, added, or (None) taken out; its comments stay."""
        start = self._places.get(("cameras", index, key))
        if start is not None:
            return self._replaced(start, key, value)
        return self._inserted(index, key, value) if value is not None else "".join(self._lines)

    def _replaced(self, start: int, key: str, value: Zone | None) -> str:
        head, tail = "".join(self._lines[: start - 1]), "".join(self._lines[start - 1 :])
        begin = re.match(rf"\s*[\"']?{key}[\"']?\s*=\s*", tail)
        if begin is None:
            raise ConfigError(f"{self._path}:{start}: {key}: cannot be changed the way it is written here")
        end = _value_end(tail, begin.end())
        comments = _COMMENT.findall(tail[begin.end() : end])
        if value is not None:
            return head + tail[: begin.end()] + self._array(value, comments) + tail[end:]
        rest = tail[end:].lstrip(" \t")
        kept = "".join(comment + self._newline for comment in comments)
        return head + kept + (rest if rest.startswith("#") else rest.removeprefix("\r").removeprefix("\n"))

    def _inserted(self, index: int, key: str, value: Zone) -> str:
        """The new key goes behind the table's last one, before what is remarked about the next table."""
        keys = [line for where, line in self._places.items() if self._belongs(where, index)]
        if not keys:
            raise ConfigError(f"{self._path}: cameras: write each camera as a table of its own, under [[cameras]]")
        last = max(keys)
        end = _statement_end(self._lines, last - 1)
        indent = re.match(r"[ \t]*", self._lines[last - 1])
        ends_whole = self._lines[end - 1].endswith(("\n", "\r"))
        line = f"{indent[0] if indent else ''}{key} = {self._array(value, [])}"
        line = line + self._newline if ends_whole else self._newline + line
        return "".join([*self._lines[:end], line, *self._lines[end:]])

    @staticmethod
    def _belongs(where: Where, index: int) -> bool:
        return len(where) == 3 and where[:2] == ("cameras", index)

    def _array(self, points: Zone, comments: list[str]) -> str:
        inner = ", ".join(f"[{x!r}, {y!r}]" for x, y in points)
        if not comments:
            return f"[{inner}]"
        remarks = "".join(f"  {comment}{self._newline}" for comment in comments)
        return f"[{self._newline}{remarks}  {inner}{self._newline}]"


def _value_end(text: str, start: int) -> int:
    """Where the array that begins at `start` ends; it holds numbers, brackets and comments alone."""
    depth, at = 0, start
    while at < len(text):
        if text[at] == "#":
            at = _COMMENT.match(text, at).end()  # type: ignore[union-attr]  # the character was just seen
            continue
        depth += {"[": 1, "]": -1}.get(text[at], 0)
        at += 1
        if depth == 0:
            break
    return at


def _statement_end(lines: list[str], start: int) -> int:
    """The index behind the last line of the statement that begins in line `start`, counted from 0."""
    for end in range(start + 1, len(lines) + 1):
        try:
            tomllib.loads("".join(lines[start:end]))
        except tomllib.TOMLDecodeError:
            continue
        return end
    return len(lines)


def _replace(path: Path, before: bytes, after: bytes) -> None:
    """Write beside `path` and rename over it, keeping its mode and owner, if it still is what was read."""
    status = path.stat()
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(after)
            os.fchmod(file.fileno(), stat.S_IMODE(status.st_mode))
            if (status.st_uid, status.st_gid) != (os.geteuid(), os.getegid()):
                os.fchown(file.fileno(), status.st_uid, status.st_gid)
            file.flush()
            os.fsync(file.fileno())
        if path.read_bytes() != before:
            raise ConfigError(f"{path}: was changed by somebody else meanwhile; nothing was written, start again")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
