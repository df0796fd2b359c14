"""Which frames a live node processed and how, so that a replay can do exactly the same.

One JSON line per frame that perception was given: `{"camera": id, "frame": index, "at_ms": t, "looked": [senses]}`; a
line that says `"finished": true` tells that everybody's last word was spoken after that frame, since nothing more was
to come or to be seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

import msgspec

from zhian_edge.capture.frame import Frame
from zhian_edge.errors import Permanent


class TraceError(Permanent):
    """A trace that cannot be read; names file and line."""


class TraceLine(msgspec.Struct, frozen=True):
    """One frame that was processed at `at_ms` of the node's monotonic clock; `looked`: the senses that looked.

    `finished`: not the frame itself, but that the camera's subjects were finished after it.
    """

    camera: str
    frame: int
    at_ms: int
    looked: tuple[str, ...] = ()
    finished: bool = False


class TraceWriter:
    """Appends to an open binary file; `vision` owns the file."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._last: dict[str, TraceLine] = {}

    def write(self, frame: Frame, looked: tuple[str, ...]) -> None:
        """Note that `frame` was processed; call it after the pipeline's step, with what `looked` says."""
        line = self._last[frame.camera] = TraceLine(frame.camera, frame.index, frame.at_ms, looked)
        self._file.write(msgspec.json.encode(line) + b"\n")

    def finished(self, camera: str) -> None:
        """Note that everything at `camera` was finished: its source ended or broke off, or shows nothing."""
        if camera in self._last:
            line = msgspec.structs.replace(self._last[camera], looked=(), finished=True)
            self._file.write(msgspec.json.encode(line) + b"\n")


class Trace:
    """The frames of a live run, by camera. Its time begins with its first frame."""

    def __init__(self, lines: Iterable[TraceLine]) -> None:
        self._lines: dict[str, dict[int, TraceLine]] = {}
        self._finished: set[tuple[str, int]] = set()
        begin: int | None = None
        for line in lines:
            begin = line.at_ms if begin is None else min(begin, line.at_ms)
            if line.finished:
                self._finished.add((line.camera, line.frame))
            else:
                self._lines.setdefault(line.camera, {})[line.frame] = line
        self._begin = begin or 0

    @property
    def cameras(self) -> frozenset[str]:
        """Cameras that it speaks of."""
        return frozenset(self._lines)

    def only(self, frames: Iterable[Frame]) -> Iterator[Frame]:
        """Those of `frames` that were processed live, at the moments when they were."""
        for frame in frames:
            line = self._lines.get(frame.camera, {}).get(frame.index)
            if line is not None:
                frame.at_ms = line.at_ms - self._begin
                yield frame

    def looked(self, frame: Frame) -> tuple[str, ...]:
        """The senses that looked at `frame` live."""
        return self._lines[frame.camera][frame.index].looked

    def finished(self, frame: Frame) -> bool:
        """Whether everything at its camera was finished after `frame`."""
        return (frame.camera, frame.index) in self._finished


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
