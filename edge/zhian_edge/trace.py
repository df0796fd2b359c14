"""Which frames a live node looked at, so that a replay can look at exactly the same ones.

One JSON line per frame that perception was given: `{"camera": id, "frame": index, "media_time_s": t}`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

import msgspec

from .capture.frame import Frame
from .errors import Permanent


class TraceError(Permanent):
    """A trace that cannot be read; names file and line."""


class TraceLine(msgspec.Struct, frozen=True):
    """One frame that was processed."""

    camera: str
    frame: int
    media_time_s: float


class TraceWriter:
    """Appends to an open binary file; `vision` owns the file."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def write(self, frame: Frame) -> None:
        """Note that `frame` is processed now."""
        line = TraceLine(frame.camera, frame.index, round(frame.media_time_s, 6))
        self._file.write(msgspec.json.encode(line) + b"\n")


class Trace:
    """The frames of a live run, by camera."""

    def __init__(self, lines: Iterable[TraceLine]) -> None:
        self._frames: dict[str, set[int]] = {}
        for line in lines:
            self._frames.setdefault(line.camera, set()).add(line.frame)

    @property
    def cameras(self) -> frozenset[str]:
        """Cameras that it speaks of."""
        return frozenset(self._frames)

    def only(self, frames: Iterable[Frame]) -> Iterator[Frame]:
        """Those of `frames` that were processed live."""
        return (frame for frame in frames if frame.index in self._frames.get(frame.camera, ()))


def read_trace(path: Path) -> Trace:
    """The trace in `path`.

    Raises:
        TraceError: it cannot be read, naming the line.
    """
    lines = []
    try:
        data = path.read_bytes()
    except OSError as error:
        raise TraceError(f"{path}: {error.strerror}") from error
    for number, text in enumerate(data.splitlines(), 1):
        try:
            lines.append(msgspec.json.decode(text, type=TraceLine))
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise TraceError(f"{path}, line {number}: {error}") from error
    return Trace(lines)
