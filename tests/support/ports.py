"""Free ports on loopback."""

from __future__ import annotations

import random
import socket
from contextlib import suppress


def free_port() -> int:
    """A port that nobody listens on now, and that no outgoing connection will be given meanwhile."""
    while True:
        # Below what Linux hands out by itself.
        port = random.randrange(10_240, 32_768)
        with socket.socket() as door, suppress(OSError):
            door.bind(("127.0.0.1", port))
            return port


def listens(port: int) -> bool:
    """Whether somebody answers there."""
    with socket.socket() as door:
        door.settimeout(0.2)
        return door.connect_ex(("127.0.0.1", port)) == 0
