"""Free ports on loopback."""

from __future__ import annotations

import os
import random
import socket
from collections import deque
from contextlib import suppress
from typing import Final

#: Below what Linux hands out by itself.
PORTS: Final = range(10_240, 32_768)
#: So many processes run tests side by side at most.
WORKERS: Final = 8
#: A module's servers are gone long before so many more were started.
_given: deque[int] = deque(maxlen=500)


def free_port() -> int:
    """A port that nobody listens on now, and that no outgoing connection will be given meanwhile.

    Nor any other test: somebody who was killed, or is only about to listen, finds it free.
    """
    while True:
        port = random.choice(_ours())
        if port in _given:
            continue
        with socket.socket() as door, suppress(OSError):
            door.bind(("127.0.0.1", port))
            _given.append(port)
            return port


def _ours() -> range:
    """Of tests that run side by side each worker has its own ports (pytest-xdist: gw0, gw1, ...)."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
    if not worker.isdecimal():
        return PORTS
    share = len(PORTS) // WORKERS
    first = int(worker) % WORKERS * share
    return PORTS[first : first + share]


def listens(port: int) -> bool:
    """Whether somebody answers there."""
    with socket.socket() as door:
        door.settimeout(0.2)
        return door.connect_ex(("127.0.0.1", port)) == 0
