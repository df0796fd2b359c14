"""One process at a time may use a node's folder and its devices."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import IO

from zhian_edge.errors import AlreadyRunning, HomeRefused


def own(home: Path) -> IO[bytes]:
    """The lock that makes this process the only one of `home`; the system lets go of it, however the process ends.

    Raises:
        AlreadyRunning: another process has it.
        HomeRefused: the folder cannot be made or used.
    """
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = (home / "gate.lock").open("ab")
    except OSError as error:
        raise HomeRefused(f"node.home {home} cannot be used: {error.strerror}: {error.filename}") from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.close()
        raise AlreadyRunning(f"{home}: another zhian-edge runs with this folder") from error
    return file
