"""Passwords are slow on purpose: they are looked at in threads of their own, so that who signs in holds nobody up.

Whom the gateway knows already waits apart from strangers: however many of these come, nobody is shut out by them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final, ParamSpec, TypeVar

import anyio
from fastapi import Request

from ..errors import TooManyTries

#: As many as wait for a hash at once (`auth/passwords.py` makes two at a time): strangers, and who is known.
STRANGERS_AT_ONCE: Final = 2
KNOWN_AT_ONCE: Final = 2
#: As many of either as may wait.
MOST_WAITING: Final = 64

P = ParamSpec("P")
T = TypeVar("T")


async def hashing(request: Request, work: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
    """What `work` gives for somebody unknown, off the event loop and off the threads of other routes.

    Raises:
        TooManyTries: so many are signing in that this one would wait for half a minute.
    """
    return await _line(request, "hashing", STRANGERS_AT_ONCE).do(partial(work, *args, **named))


async def hashing_for_known(request: Request, work: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
    """The same for who is signed in, or is at a browser that they have signed in at: no stranger is before them."""
    return await _line(request, "hashing_known", KNOWN_AT_ONCE).do(partial(work, *args, **named))


class _Line:
    """Some at once, some more who wait, nobody else. The event loop alone uses it."""

    def __init__(self, at_once: int) -> None:
        self._threads = anyio.CapacityLimiter(at_once)
        # Counted here: who comes at the same moment does not yet wait by the limiter's own count.
        self._inside = 0

    async def do(self, work: Callable[[], T]) -> T:
        """What `work` gives; TooManyTries where the line is full."""
        if self._inside >= self._threads.total_tokens + MOST_WAITING:
            raise TooManyTries("too many sign in at once; try again in a minute")
        self._inside += 1
        try:
            return await anyio.to_thread.run_sync(work, limiter=self._threads)
        finally:
            self._inside -= 1


def _line(request: Request, name: str, at_once: int) -> _Line:
    state = request.app.state
    if not hasattr(state, name):
        setattr(state, name, _Line(at_once))
    found: _Line = getattr(state, name)
    return found
