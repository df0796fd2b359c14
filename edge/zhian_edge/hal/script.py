"""A script of what a virtual device does: one JSON object a line, played by the clock, growing while it is played."""

from __future__ import annotations

import os
from collections import deque
from pathlib import Path
from typing import Literal

import msgspec

from zhian_edge.errors import DeviceLost, DeviceRefused, EdgeError, Unconfirmed


class Line(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line: what happens, and when.

    Attributes:
        at_s: seconds after the device was first opened; none: as soon as the line is there.
        card, bits: a reader reads this identifier. state: an input changes. door: a barrier's contact changes.
        tamper: a reader is opened, or closed again.
        fail: the device fails once, in this way; of a barrier, its next order. why: what it says then.
    """

    at_s: float | None = None
    card: str | None = None
    bits: int = 0
    state: Literal["open", "closed", "active", "idle"] | None = None
    door: Literal["open", "closed", "unknown"] | None = None
    tamper: bool | None = None
    fail: Literal["lost", "refused", "unconfirmed"] | None = None
    why: str = "as the script says"

    def error(self) -> EdgeError:
        """What `fail` raises."""
        kind = {"lost": DeviceLost, "refused": DeviceRefused, "unconfirmed": Unconfirmed}[self.fail or "lost"]
        return kind(self.why)


class Script:
    """Reads a script once from its beginning to its end, over all openings of its device, and goes on as it grows.

    Only whole lines count; one that cannot be read is counted in `garbled` and passed over. A file that was put in
    the place of the old one is read from its beginning.
    """

    def __init__(self, path: Path, loop_s: float = 0.0) -> None:
        self._path = path
        self._loop_ms = round(loop_s * 1000)
        self._start_ms: int | None = None
        self._file: tuple[int, int] | None = None
        self._offset = 0
        self._waiting: deque[Line] = deque()
        self.garbled = 0

    def check(self) -> None:
        """Raises `DeviceLost` when the file is not there."""
        try:
            self._path.stat()
        except OSError as error:
            raise _away(self._path, error) from error

    def due(self, now_ms: int) -> Line | None:
        """The next line whose time has come, in the order of the file.

        Raises:
            DeviceLost: the file cannot be read.
        """
        if self._start_ms is None:
            self._start_ms = now_ms
        if not self._waiting:
            self._read()
        if not self._waiting:
            self._begin_again(now_ms)
            return None
        at_s = self._waiting[0].at_s
        if at_s is not None and now_ms - self._start_ms < at_s * 1000:
            return None
        return self._waiting.popleft()

    def _begin_again(self, now_ms: int) -> None:
        assert self._start_ms is not None
        if self._loop_ms and now_ms - self._start_ms >= self._loop_ms:
            self._start_ms += self._loop_ms
            self._offset = 0

    def _read(self) -> None:
        try:
            with self._path.open("rb") as file:
                facts = os.fstat(file.fileno())
                if self._file != (facts.st_dev, facts.st_ino) or facts.st_size < self._offset:
                    self._file, self._offset = (facts.st_dev, facts.st_ino), 0
                file.seek(self._offset)
                data = file.read()
        except OSError as error:
            raise _away(self._path, error) from error
        whole = data[: data.rfind(b"\n") + 1]
        self._offset += len(whole)
        for line in whole.splitlines():
            self._take(line)

    def _take(self, line: bytes) -> None:
        if not line.strip() or line.lstrip().startswith(b"#"):
            return
        try:
            self._waiting.append(msgspec.json.decode(line, type=Line))
        except (msgspec.DecodeError, UnicodeDecodeError):
            self.garbled += 1


def _away(path: Path, error: OSError) -> DeviceLost:
    """What is to be done is said too: whoever tries a first node has no script yet."""
    make = ": make this file; it may be empty" if isinstance(error, FileNotFoundError) else ""
    return DeviceLost(f"{path}: {error.strerror}{make}")
