"""One end of a line: a network namespace whose only way out is a device that hands each packet to another process.

    python room.py SOCKET OWN PEER [PORT ...]

`SOCKET` is an inherited Unix socket: over it go the device, and a listener for each port. The room lasts until that
socket is closed.
"""

from __future__ import annotations

import fcntl
import os
import socket
import struct
import subprocess
import sys
from typing import Final

_SET_INTERFACE: Final = 0x400454CA
_TUN_WITHOUT_HEADER: Final = 0x1001
_NAME: Final = "line0"


def device() -> int:
    """A new network device's file: each packet that is sent there can be read here, and the other way round."""
    tun = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(tun, _SET_INTERFACE, struct.pack("16sH22x", _NAME.encode(), _TUN_WITHOUT_HEADER))
    return tun


def main() -> None:
    """Set the end up, hand it out, and wait."""
    own, peer = sys.argv[2:4]
    with socket.socket(fileno=int(sys.argv[1])) as parent:
        tun = device()
        for words in (
            ("address", "add", own, "peer", peer, "dev", _NAME),
            ("link", "set", _NAME, "up"),
            ("link", "set", "lo", "up"),
        ):
            subprocess.run(["ip", *words], check=True)
        doors = [socket.create_server((own, int(port))) for port in sys.argv[4:]]
        socket.send_fds(parent, [b"!"], [tun, *(door.fileno() for door in doors)])
        parent.recv(1)


if __name__ == "__main__":
    main()
