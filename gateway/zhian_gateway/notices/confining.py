"""Keeps what a library does in this thread off this machine and its own network, whatever it was told to ask.

A library that sends to a hundred kinds of providers finds its way to a host in as many ways: by its address, by what a
server answers, by a name that is looked up once more. They all end in a connection, and the interpreter tells of each
before it is made (`sys.addaudithook`, PEP 578): there it is stopped.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import cache
from ipaddress import ip_address
from typing import Any, Final

from ..deadline import Deadline
from ..outbound import addresses, is_public

#: Both have the socket first and the address second.
_EVENTS: Final = frozenset(f"socket.{call}" for call in ("connect", "sendto", "sendmsg"))


class PlaceRefused(OSError):
    """The place is on this machine or its own network; nothing was sent."""


class Confinement:
    """What became of the connections of one thread; `refused`: one was stopped; `late`: their time was over."""

    def __init__(self, allowed: Collection[str], deadline: Deadline) -> None:
        self.allowed = frozenset(allowed)
        self.deadline = deadline
        self.refused = False

    @property
    def late(self) -> bool:
        """Whether they were shut, so that nobody knows what the other side did."""
        return self.deadline.passed


class _Here(threading.local):
    now: Confinement | None = None


_here: Final = _Here()


@contextmanager
def confined(allowed: Collection[str] = (), *, most_s: float) -> Iterator[Confinement]:
    """Meanwhile this thread, and no other, reaches public addresses alone, and those that are `allowed`.

    Args:
        most_s: then its connections are shut, however much the other side has still to say.
    """
    _watch_all()
    with Deadline(most_s) as deadline:
        confinement = _here.now = Confinement(allowed, deadline)
        try:
            yield confinement
        finally:
            _here.now = None


@cache
def _watch_all() -> None:
    """Once a process: what watches cannot be taken off again."""
    sys.addaudithook(_watch)


def _watch(event: str, args: tuple[Any, ...]) -> None:
    if event not in _EVENTS or (confinement := _here.now) is None or args[1] is None:
        return
    if not _may(args[1], confinement.allowed):
        confinement.refused = True
        raise PlaceRefused("not a public address")
    if event == "socket.connect":
        confinement.deadline.keep(args[0])


def _may(place: object, allowed: frozenset[str]) -> bool:
    if not isinstance(place, tuple):
        return False  # a socket in the file system is on this machine
    host = str(place[0]).partition("%")[0]
    try:
        found = [str(ip_address(host))]
    except ValueError:
        found = addresses(host, int(place[1]))
    return all(each in allowed or is_public(ip_address(each)) for each in found)
