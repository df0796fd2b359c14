"""Runs in the guest: a node's outbox, desk and spool on a disk of their own, and a mark on it after each commit.

A mark is one block beyond the file system, written past every cache but the disk's own, once a commit has returned: by
then the node would have published the event and opened the barrier.
"""

from __future__ import annotations

import argparse
import mmap
import os
import random
import struct
from pathlib import Path
from zoneinfo import ZoneInfo

from zhian_edge.delivery.database import Database
from zhian_edge.delivery.outbox import Identity, Outbox
from zhian_edge.delivery.spool import Spool
from zhian_edge.desk import Desk
from zhian_edge.process.clock import ClockTie, Reading, boot_id, mono_ms
from zhian_wire.events import Decision, EventData, Passage
from zhian_wire.evidence import Evidence
from zhian_wire.receipts import Receipt, proof_of

BLOCK = 4096
#: What every mark begins with: these letters, which phase it is of, and the highest number that is committed.
MAGIC = b"zhian mark"
MARK = struct.Struct("<10sHQ")
IDENTITY = Identity("school", "gate-1", ZoneInfo("Asia/Shanghai"))
DATABASE = "node.sqlite3"
DAY_MS = 86_400_000


def picture(number: int) -> bytes:
    """A crop of a few blocks, another one for each number."""
    return random.Random(number).randbytes(6000 + number % 7000)


def decided(number: int, shown: str | None) -> list[EventData]:
    """A lane that opened and a passage, or the passage alone."""
    seen = Evidence(kind="face", device="cam-1", at_ms=number, picture=shown)
    passage = Passage(
        kind="face", source="cam-1", media_time_s=float(number), person_id=None, plate=None, direction="in",
        camera="cam-1", lane="main", evidence=(seen,),
    )  # fmt: skip
    opened = Decision(
        transaction=f"t{number}", lane="main", verdict="open", reason="card", policy="card", evidence_age_ms=3
    )
    return [opened, passage] if number % 3 else [passage]


class Marks:
    """The blocks behind the file system."""

    def __init__(self, device: Path, offset: int, phase: int) -> None:
        self._handle = os.open(device, os.O_WRONLY | os.O_DIRECT)
        self._offset = offset
        self._phase = phase
        # Memory that begins at a page, as O_DIRECT wants it.
        self._block = mmap.mmap(-1, BLOCK)

    def set(self, seq: int) -> None:
        """Say that everything up to `seq` is committed."""
        self._block[: MARK.size] = MARK.pack(MAGIC, self._phase, seq)
        os.pwrite(self._handle, self._block, self._offset)


def live(folder: Path, marks: Marks, commits: int, synchronous: str) -> None:
    """Decide, commit, mark; the gateway answers for a part of it, and the ring is pruned."""
    folder.mkdir()
    database = Database(folder / DATABASE)
    with database.reading() as db:
        db.execute(f"PRAGMA synchronous = {synchronous}")
    outbox, spool = Outbox(database, IDENTITY), Spool(folder / "spool")
    now = mono_ms()
    desk = Desk(outbox, spool, ClockTie(boot_id(), Reading(now, 1_790_000_000_000, True)), lambda: None)
    for number in range(commits):
        shown = spool.draft(picture(number)) if number % 4 == 0 else None
        if not desk.commit(decided(number, shown), mono_ms(), {"presence": str(number).encode()}):
            raise SystemExit("the disk is full")
        marks.set(outbox.seq)
        if number % 5 == 4:
            rows = outbox.open_rows(6)
            proof = {row.key[1]: proof_of(row.body) for row in rows}
            outbox.apply([Receipt(node="gate-1", epoch=outbox.epoch, through=0, store_id="s", proof=proof)], DAY_MS)
    database.close()


def main() -> None:
    """One phase."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("device", type=Path)
    parser.add_argument("offset", type=int)
    parser.add_argument("phase", type=int)
    parser.add_argument("commits", type=int)
    parser.add_argument("synchronous")
    given = parser.parse_args()
    live(given.folder, Marks(given.device, given.offset, given.phase), given.commits, given.synchronous)


if __name__ == "__main__":
    main()
