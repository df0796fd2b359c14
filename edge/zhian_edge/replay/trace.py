"""Which frames a live node processed and how, so that a replay can do exactly the same.

One JSON line per frame that perception was given: `{"camera": id, "frame": index, "at_ms": t, "looked": [senses]}`; a
line that says `"finished": true` tells that everybody's last word was spoken after that frame, since nothing more was
to come or to be seen; one with `"compared": [ids]`, that from then on faces were compared with these cards' owners
(`person_ids`, none: with nobody), and by `"awaited": {id: t}` which of these waited for a face, and when they were
read; one with `"roster": true`, that another roster came into use. Templates are never written: whoever replays brings
them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Final

import msgspec

from zhian_edge.capture.frame import Frame
from zhian_edge.errors import Permanent

#: "After" this frame of a camera is before its first one.
BEFORE_ALL: Final = -1


class TraceError(Permanent):
    """A trace that cannot be read; names file and line."""


class TraceLine(msgspec.Struct, frozen=True):
    """One frame that was processed at `at_ms` of the node's monotonic clock; `looked`: the senses that looked.

    A line with one of these is not of the frame itself, but of what happened after it, in the order of the file:
    `finished`: the camera's subjects were; `compared`: whose cards were held against its faces, `awaited`: whose waited
    for their owner's, and when they were read; `roster`: it changed.
    """

    camera: str
    frame: int
    at_ms: int
    looked: tuple[str, ...] = ()
    finished: bool = False
    compared: tuple[str, ...] | None = None
    awaited: dict[str, int] = {}
    roster: bool = False

    @property
    def is_frame(self) -> bool:
        """Whether it is of a frame, not of what happened after one."""
        return not self.finished and self.compared is None and not self.roster


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
            self._after(camera, TraceLine(camera, 0, 0, finished=True))

    def compared(self, camera: str, person_ids: tuple[str, ...], awaited: Mapping[str, int]) -> None:
        """Note whose cards are held against the faces at `camera` from now on, and which wait for one."""
        self._after(camera, TraceLine(camera, 0, 0, compared=person_ids, awaited=dict(awaited)))

    def roster_changed(self) -> None:
        """Note that faces are looked up in another roster from now on."""
        for camera in self._last:
            self._after(camera, TraceLine(camera, 0, 0, roster=True))

    def _after(self, camera: str, line: TraceLine) -> None:
        last = self._last.get(camera, TraceLine(camera, BEFORE_ALL, 0))
        placed = msgspec.structs.replace(line, frame=last.frame, at_ms=last.at_ms)
        self._file.write(msgspec.json.encode(placed) + b"\n")


class Trace:
    """The frames of a live run, by camera. Its time begins with its first frame."""

    def __init__(self, lines: Iterable[TraceLine]) -> None:
        self._lines: dict[str, dict[int, TraceLine]] = {}
        self._after: dict[tuple[str, int], list[TraceLine]] = {}
        begin: int | None = None
        for line in lines:
            if line.is_frame:
                begin = line.at_ms if begin is None else min(begin, line.at_ms)
                self._lines.setdefault(line.camera, {})[line.frame] = line
            else:
                self._after.setdefault((line.camera, line.frame), []).append(line)
        self._begin = begin or 0

    @property
    def roster_changes(self) -> int:
        """How often faces were looked up in another roster: who replays with one roster may find other names."""
        changes = [line.at_ms for lines in self._after.values() for line in lines if line.roster]
        return len(set(changes))

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

    def before(self, camera: str) -> tuple[TraceLine, ...]:
        """What happened at `camera` before its first frame, in order."""
        return self._happened(camera, BEFORE_ALL)

    def after(self, frame: Frame) -> tuple[TraceLine, ...]:
        """What happened at its camera after `frame` and before the next one, in order."""
        return self._happened(frame.camera, frame.index)

    def _happened(self, camera: str, frame: int) -> tuple[TraceLine, ...]:
        """As it was told, at the moments that `only` gives frames."""
        return tuple(
            msgspec.structs.replace(line, awaited={who: at - self._begin for who, at in line.awaited.items()})
            for line in self._after.get((camera, frame), ())
        )


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
