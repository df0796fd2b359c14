"""A bad line of real packets: a process at its near end speaks the kernel's own TCP over loss, delay and a low rate.

Two network namespaces of the test's own are joined by this process, which passes IP packets from one to the other as a
`Profile` says. Behind the far end what is asked for is passed on to servers of this machine. No interface of the
machine is touched, and no module of its kernel is needed.
"""

from __future__ import annotations

import heapq
import os
import random
import selectors
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from .relay import Relay
from .shaping import Profile, Shaper

NEAR, FAR = "10.9.0.1", "10.9.0.2"
#: More than any packet holds.
_LONGEST: Final = 65536


class CannotLay(Exception):
    """This machine lets nobody have network namespaces and devices of his own."""


class _End:
    """A network namespace, kept by a process; `tun` is its device, `doors` are what listens there."""

    def __init__(self, own: str, peer: str, ports: Sequence[int]) -> None:
        here, there = socket.socketpair()
        room = [sys.executable, str(Path(__file__).with_name("room.py")), str(there.fileno()), own, peer]
        command = ["unshare", *_own_user("--map-root-user"), "--net", *room, *map(str, ports)]
        self._keeper = subprocess.Popen(command, pass_fds=[there.fileno()], stderr=subprocess.PIPE, text=True)
        there.close()
        self._here = here
        _, files, _, _ = socket.recv_fds(here, 1, 1 + len(ports))
        if not files:
            here.close()
            said = self._keeper.communicate()[1]
            raise CannotLay(said.strip().rpartition("\n")[2])
        self.tun = files[0]
        self.doors = [socket.socket(fileno=file) for file in files[1:]]

    @property
    def enter(self) -> list[str]:
        """What a command begins with that is to run there."""
        return ["nsenter", f"--target={self._keeper.pid}", *_own_user("--preserve-credentials"), "--net", "--"]

    def close(self) -> None:
        self._here.close()
        self._keeper.communicate()
        os.close(self.tun)


class BadLine:
    """Connections from the near end to `FAR` on one of `ports` come out at the same port of this machine."""

    def __init__(self, profile: Profile, ports: Sequence[int], seed: int = 10) -> None:
        """Raises `CannotLay`."""
        self._near = _End(NEAR, FAR, ())
        try:
            self._far = _End(FAR, NEAR, ports)
        except CannotLay:
            self._near.close()
            raise
        chance = random.Random(seed)
        self.up, self.down = Shaper(profile, chance), Shaper(profile, chance)
        self._over, self._ended = os.pipe()
        self._carrier = threading.Thread(target=self._carry, name="line")
        self._carrier.start()
        self._relays = [Relay(door, port) for door, port in zip(self._far.doors, ports, strict=True)]

    @property
    def enter(self) -> list[str]:
        """What a command begins with that is to run at the near end."""
        return self._near.enter

    def close(self) -> None:
        """Take it away, and whoever is still connected with it."""
        for relay in self._relays:
            relay.close()
        os.close(self._ended)
        self._carrier.join()
        os.close(self._over)
        for end in (self._near, self._far):
            end.close()

    def _carry(self) -> None:
        near, far = self._near.tun, self._far.tun
        ways = {near: (far, self.up), far: (near, self.down)}
        underway: list[tuple[float, int, int, bytes]] = []
        with selectors.DefaultSelector() as selector:
            for file in (near, far, self._over):
                selector.register(file, selectors.EVENT_READ)
            for number in range(sys.maxsize):
                wait = max(underway[0][0] - time.monotonic(), 0) if underway else None
                for key, _ in selector.select(wait):
                    if key.fd == self._over:
                        return
                    packet = os.read(key.fd, _LONGEST)
                    sink, shaper = ways[key.fd]
                    arrives = shaper.step(len(packet), time.monotonic())
                    if arrives is not None and packet[0] >> 4 == 4:
                        heapq.heappush(underway, (arrives, 2 * number + (sink == near), sink, packet))
                while underway and underway[0][0] <= time.monotonic():
                    _, _, sink, packet = heapq.heappop(underway)
                    os.write(sink, packet)


def _own_user(how: str) -> list[str]:
    """Only root may have network namespaces without being root of a user namespace as well."""
    return [] if os.geteuid() == 0 else ["--user", how]
