"""Presents cards in step with a reel: by the frames that the node itself has looked at, so that no two clocks drift."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

#: Frames further apart than this were not played in between: a card of back then would come to nobody.
LATE_S: Final = 3.0
#: The node appends to its trace for as long as it runs; what was read is cut off from this size on.
LONGEST: Final = 4 * 1024 * 1024
_PAUSE_S: Final = 0.05


class Cue(msgspec.Struct, frozen=True):
    """A card, and when it is presented: seconds from the reel's beginning."""

    at_s: float
    card: str


class Timetable(msgspec.Struct, frozen=True):
    """The cards of one camera's reel. `seconds`: how long it is until it starts again."""

    seconds: float
    cues: tuple[Cue, ...] = ()


class Place:
    """Where a reel that starts again at its end has come to. Pure.

    Args:
        rate: frames a second of the reel.
    """

    def __init__(self, timetable: Timetable, rate: float) -> None:
        self._timetable = timetable
        self._rate = rate
        self._before = -1.0

    def step(self, frame: int) -> list[Cue]:
        """What is due by frame number `frame`, counted on over the reel's end; each once, in its order."""
        now = frame / self._rate
        if now < self._before:  # whoever plays it began anew
            self._before = -1.0
        since = max(self._before, now - LATE_S)
        self._before = now
        length = self._timetable.seconds
        rounds = range(int(max(since, 0.0) // length), int(now // length) + 1)
        due = [(turn * length + cue.at_s, cue) for turn in rounds for cue in self._timetable.cues]
        return [cue for at_s, cue in sorted(due, key=lambda each: each[0]) if since < at_s <= now]


class _Looked(msgspec.Struct):
    """What counts of a line of the trace (`zhian-edge run --trace`)."""

    camera: str
    frame: int


class Prompter:
    """Follows the node's trace and hands the cards that are due to its virtual readers, in a thread of its own.

    Args:
        trace: the file that the node appends to.
        places: where each camera's reel is, by the camera's id.
        scripts: the script of each camera's reader.
    """

    def __init__(self, trace: Path, places: Mapping[str, Place], scripts: Mapping[str, Path]) -> None:
        self._trace = trace
        self._places = places
        self._scripts = scripts
        self._offset = 0
        self._rest = b""
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="prompter", daemon=True)
        for script in scripts.values():
            script.touch(mode=0o600)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End; may be called twice, or without a start."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    def step(self) -> None:
        """Read what is new, and present what is due."""
        for line in self._lines():
            try:
                looked = msgspec.json.decode(line, type=_Looked)
            except msgspec.DecodeError:
                continue  # cut in two when the file was shortened: the next frame says the same
            if looked.camera in self._places:
                self._present(looked.camera, self._places[looked.camera].step(looked.frame))

    def _follow(self) -> None:
        while not self._ended.wait(_PAUSE_S):
            self.step()

    def _lines(self) -> Sequence[bytes]:
        try:
            if self._trace.stat().st_size < self._offset:
                self._offset, self._rest = 0, b""
            with self._trace.open("rb") as file:
                file.seek(self._offset)
                data = file.read()
        except FileNotFoundError:
            return ()
        self._offset += len(data)
        *lines, self._rest = (self._rest + data).split(b"\n")
        if self._offset > LONGEST:
            os.truncate(self._trace, 0)
            self._offset, self._rest = 0, b""
        return lines

    def _present(self, camera: str, cues: Sequence[Cue]) -> None:
        if not cues:
            return
        with self._scripts[camera].open("ab") as script:
            script.write(b"".join(msgspec.json.encode({"card": cue.card}) + b"\n" for cue in cues))
