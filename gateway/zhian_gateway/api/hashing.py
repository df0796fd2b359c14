"""Passwords are slow on purpose: they are looked at in threads of their own, so that who signs in holds nobody up."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final, ParamSpec, TypeVar

import anyio
from fastapi import Request

from ..errors import TooManyTries

#: As many as are hashed at once (`auth/passwords.py`), and as many as may wait.
AT_ONCE: Final = 2
MOST_WAITING: Final = 64

P = ParamSpec("P")
T = TypeVar("T")


async def hashing(request: Request, work: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
    """What `work` gives, off the event loop and off the threads of other routes.

    Raises:
        TooManyTries: so many are signing in that this one would wait for half a minute.
    """
    state = request.app.state
    if not hasattr(state, "hashing"):
        state.hashing = anyio.CapacityLimiter(AT_ONCE)
    limiter: anyio.CapacityLimiter = state.hashing
    if limiter.statistics().tasks_waiting >= MOST_WAITING:
        raise TooManyTries("too many sign in at once; try again in a minute")
    return await anyio.to_thread.run_sync(partial(work, *args, **named), limiter=limiter)
