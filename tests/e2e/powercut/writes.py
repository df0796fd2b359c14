"""Everything that a guest wrote to its disk, in order, as QEMU's `blklogwrites` keeps it (the format of dm-log-writes).

From it the disk can be built as a power cut at any moment may leave it: what was written before the last flush is
there; of what was written since, any part is.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from .guest import MAGIC, MARK

SECTOR: Final = 512
_ENTRY: Final = struct.Struct("<QQQQ")
_FLUSH, _FUA, _DISCARD = 1, 2, 4


class Write(NamedTuple):
    """One request. `data` is None for a flush; `lasting`: it is on the medium when it is done (FUA)."""

    offset: int
    data: bytes | None
    lasting: bool = False


class Mark(NamedTuple):
    """A write that says that everything up to `seq` of a phase is committed; `place` is its index in the log."""

    place: int
    phase: int
    seq: int


def read(log: Path) -> list[Write]:
    """All requests, as far as the log goes."""
    return list(_read(log.read_bytes()))


def _read(raw: bytes) -> Iterator[Write]:
    place = SECTOR
    while place + SECTOR <= len(raw):
        sector, count, flags, _ = _ENTRY.unpack_from(raw, place)
        place += SECTOR
        if not count and not flags & _FLUSH:
            return
        if flags & _DISCARD:
            raise AssertionError("the guest's disk takes no discards")
        if flags & _FLUSH:
            yield Write(0, None)
        if count:
            yield Write(sector * SECTOR, raw[place : place + count * SECTOR], bool(flags & _FUA))
            place += count * SECTOR


def marks(writes: list[Write], offset: int) -> list[Mark]:
    """What the guest said, in order; its marks lie at `offset`."""
    found = []
    for place, write in enumerate(writes):
        if write.data is not None and write.offset == offset and write.data.startswith(MAGIC):
            _, phase, seq = MARK.unpack_from(write.data)
            found.append(Mark(place, phase, seq))
    return found


class Disk:
    """The disk as it lies after ever more requests; cuts are asked for in rising order."""

    def __init__(self, image: bytes, writes: list[Write]) -> None:
        self._lasting = bytearray(image)
        self._pending: list[Write] = []
        self._writes = writes
        self._done = 0

    def cut(self, place: int, chance: random.Random) -> bytes:
        """After a power cut when request `place` was under way.

        What was flushed is there. Of the rest, each request has reached the medium or not, whatever their order, and
        one of them only in part.
        """
        while self._done < place:
            self._take(self._writes[self._done])
            self._done += 1
        image = bytearray(self._lasting)
        kept = [write for write in self._pending if chance.random() < 0.5]
        torn = chance.randrange(len(kept)) if kept else 0
        for index, write in enumerate(kept):
            data = write.data or b""
            if index == torn:
                data = data[: chance.randrange(len(data) // SECTOR + 1) * SECTOR]
            image[write.offset : write.offset + len(data)] = data
        return bytes(image)

    def _take(self, write: Write) -> None:
        if write.data is None:
            for each in self._pending:
                self._put(each)
            self._pending.clear()
        elif write.lasting:
            self._put(write)
        else:
            self._pending.append(write)

    def _put(self, write: Write) -> None:
        assert write.data is not None
        self._lasting[write.offset : write.offset + len(write.data)] = write.data
