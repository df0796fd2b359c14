"""Files by which processes agree; like everything beside them, the gateway's user's alone."""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def opened(path: Path) -> Iterator[int]:
    """The file to lock; the system lets go of a lock when the block, or the process, ends.

    Raises:
        OSError: it is a link, or cannot be had.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        if os.geteuid() == 0:
            # A command that was run as root must not leave a file that keeps the gateway's own user out.
            _give(handle, path.parent.stat())
        yield handle
    finally:
        os.close(handle)


def _give(handle: int, owner: os.stat_result) -> None:
    """To the folder's owner, who could have made it a second name of somebody else's file."""
    found = os.fstat(handle)
    if stat.S_ISREG(found.st_mode) and found.st_nlink == 1:
        os.fchown(handle, owner.st_uid, owner.st_gid)


@contextmanager
def alone(path: Path, busy: Exception) -> Iterator[None]:
    """Hold the one right that `path` stands for; raises `busy` while another process has it."""
    with opened(path) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise busy from error
        yield
