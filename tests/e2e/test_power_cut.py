"""A node's disk as power cuts leave it: what was committed is there, whole and without a hole.

`kill -9` leaves the page cache alive and proves nothing about `synchronous=FULL`. Here the node's outbox, desk and
spool run in a guest with a kernel, a page cache and an ext4 of its own, and QEMU keeps every write and flush that
reaches the virtual disk. From this the disk is built as it may be after a cut in the middle of any request. What is not
shown: a disk that says it has flushed and has not.
"""

from __future__ import annotations

import hashlib
import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from contract import kernel
from zhian_edge.delivery.database import Database
from zhian_edge.delivery.outbox import Draft, Outbox, pictures_of
from zhian_edge.errors import EdgeError
from zhian_edge.process.clock import Stamp
from zhian_wire.codec import decode
from zhian_wire.events import Health

from .powercut import guest, writes

MIB: Final = 1 << 20
SYSTEM_MIB: Final = 40
DISK_MIB: Final = SYSTEM_MIB + 1
MODULES: Final = ("virtio_blk", "crc32c_generic", "ext4")
FULL, OFF = 1, 2
COMMITS: Final = {FULL: 160, OFF: 60}
CUTS: Final = {FULL: 200, OFF: 40}
SEED: Final = 10
HEALTH: Final = Health(component="camera", device="cam-1", status="down", cause="no_frames")


class Found(NamedTuple):
    """What a cut left of one phase. `fault` is why it cannot be used; `seqs` those of the events in their order."""

    seqs: list[int]
    pictures_missing: int
    fault: str = ""


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_what_was_committed_survives_a_power_cut_at_any_moment(tmp_path: Path) -> None:
    image, log = run_guest(tmp_path)
    chance = random.Random(SEED)
    kept = writes.read(log)
    said = writes.marks(kept, SYSTEM_MIB * MIB)
    lost = {phase: 0 for phase in (FULL, OFF)}
    for phase in (FULL, OFF):
        disk = writes.Disk(image, kept)
        first = next(mark.place for mark in said if mark.phase == phase)
        last = max(mark.place for mark in said if mark.phase == phase)
        for place in sorted(chance.sample(range(first + 1, last + 1), CUTS[phase])):
            confirmed = max(mark.seq for mark in said if mark.phase == phase and mark.place < place)
            found = look(tmp_path, disk.cut(place, chance), phase)
            whole = found.seqs == list(range(1, len(found.seqs) + 1))
            good = whole and len(found.seqs) >= confirmed and not found.pictures_missing and not found.fault
            lost[phase] += not good
            assert good or phase == OFF, f"cut at request {place} of {len(kept)}: {confirmed} confirmed, {found}"
    print(f"{len(kept)} requests, cuts {CUTS}, with loss {lost}")
    assert lost[OFF], "without flushes nothing was lost either, so this test sees nothing"


def run_guest(folder: Path) -> tuple[bytes, Path]:
    """The disk before, and the log of what was written to it since."""
    disk, log = folder / "disk.img", folder / "writes.log"
    for file, size in ((disk, DISK_MIB * MIB), (log, 512 * MIB)):
        with file.open("wb") as opened:
            opened.truncate(size)
    subprocess.run(
        ["mkfs.ext4", "-q", "-F", disk, f"{SYSTEM_MIB}M"], check=True, env={"PATH": "/usr/sbin:/sbin:/usr/bin:/bin"}
    )
    before = disk.read_bytes()
    driver = f"driver=blklogwrites,node-name=disk,file.driver=file,file.filename={disk},log.driver=file"
    devices = ["-blockdev", f"{driver},log.filename={log},log-sector-size={writes.SECTOR}"]
    devices += ["-device", "virtio-blk-pci,drive=disk,discard=off,write-zeroes=off"]
    program = [sys.executable, "-m", "tests.e2e.powercut.guest"]
    phases = [
        " ".join(
            [*program, f"/run/disk/{phase}", "/dev/vda", str(SYSTEM_MIB * MIB), str(phase), str(COMMITS[phase]), mode]
        )
        for phase, mode in ((FULL, "FULL"), (OFF, "OFF"))
    ]
    root = Path(__file__).resolve().parents[2]
    paths = ":".join(str(root / part) for part in ("", "wire", "models", "edge", "tests"))
    script = f"mkdir /run/disk && mount -t ext4 /dev/vda /run/disk && cd {root} && " + " && ".join(phases)
    command = ["env", f"PYTHONPATH={paths}", "PYTHONDONTWRITEBYTECODE=1", "sh", "-c", script]
    status, console = kernel.run(
        command, kernel=kernel.find_kernel(MODULES), modules=MODULES, out=folder / "out", within_s=900, devices=devices
    )
    assert status == 0, console[-8000:]
    return before, log


def look(folder: Path, image: bytes, phase: int) -> Found:
    """What a node finds when the power is back: the file system is repaired, the outbox opened and used."""
    disk, home = folder / "cut.img", folder / "cut"
    disk.write_bytes(image)
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    tools = {"PATH": "/usr/sbin:/sbin:/usr/bin:/bin"}
    checked = subprocess.run(["e2fsck", "-fy", disk], capture_output=True, text=True, check=False, env=tools)
    assert checked.returncode in (0, 1), checked.stdout
    subprocess.run(["debugfs", "-R", f"rdump /{phase} {home}", disk], capture_output=True, check=True, env=tools)
    try:
        return _opened(home / str(phase))
    except (EdgeError, OSError) as error:
        return Found([], 0, repr(error))


def _opened(home: Path) -> Found:
    database = Database(home / guest.DATABASE)
    try:
        outbox = Outbox(database, guest.IDENTITY)
        with database.reading() as db:
            events = [decode(body) for (body,) in db.execute("SELECT body FROM event ORDER BY id")]
        seqs = [event.seq for event in events if event.epoch == outbox.epoch]
        # It goes on where it was.
        (next_one,) = outbox.commit([Draft(HEALTH, Stamp("b", 1, "2026-03-02T07:30:00.000Z", "trusted"))])
        shown = [sha256 for event in events for sha256 in pictures_of(event.data)]
        missing = sum(not _is_whole(home / "spool" / sha256) for sha256 in shown)
        return Found(seqs, missing, "" if next_one.seq == len(seqs) + 1 else f"goes on at {next_one.seq}")
    finally:
        database.close()


def _is_whole(picture: Path) -> bool:
    return picture.is_file() and hashlib.sha256(picture.read_bytes()).hexdigest() == picture.name
