"""Which fault comes when: every one once in a random order, then any of them until the time is over."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterator, Sequence
from time import monotonic

from .site import ChaosSite


def order(names: Sequence[str], chance: random.Random) -> Iterator[str]:
    """The same for the same names and chance; it never ends."""
    first = list(names)
    chance.shuffle(first)
    yield from first
    while True:
        yield chance.choice(names)


def rampage(
    site: ChaosSite,
    chance: random.Random,
    seconds: float,
    *,
    only: Collection[str] = (),
    say: Callable[[str], None] = print,
) -> list[str]:
    """Every fault (of `only` these names) at least once, and more until `seconds` are over; their names in order.

    What is decided before a fault need not be delivered when the next one comes: they overlap.
    """
    faults = site.faults()
    names = sorted(name for name in faults if not only or name in only)
    began, done = monotonic(), list[str]()
    for name in order(names, chance):
        if len(done) >= len(names) and monotonic() - began >= seconds:
            break
        say(f"{monotonic() - began:7.1f} s  {name}")
        faults[name]()
        done.append(name)
        if chance.random() < 0.5:
            site.await_delivery()
    return done
