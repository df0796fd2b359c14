"""Around each look at a secret: how often somebody may be wrong, counted before it is looked at.

A try that only counted once its answer is known would be free for everybody who asks at the same time.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from time import monotonic
from typing import Final

from ..errors import GatewayError, NotLoggedIn, TooManyTries
from .limits import Keys, TryLimit

#: How long a try waits for those before it, which wait for a hash or for the store, in seconds.
LONGEST_WAIT_S: Final = 30.0

Wrong = tuple[type[GatewayError], ...]


@asynccontextmanager
async def counted(limit: TryLimit, keys: Keys, wrong: Wrong = (NotLoggedIn,)) -> AsyncIterator[None]:
    """Around a call that looks at a secret; what is none of `wrong` was no guess, and does not count.

    Raises:
        TooManyTries: wrong too often, or too many are being looked at for too long.
    """
    await begin(limit, keys)
    with _ending(limit, keys, wrong):
        yield


@contextmanager
def counted_in_thread(limit: TryLimit, keys: Keys, wrong: Wrong = (NotLoggedIn,)) -> Iterator[None]:
    """As `counted`, in a thread that may wait."""
    until = monotonic() + LONGEST_WAIT_S
    while (freed := limit.begin(keys, monotonic())) is not None:
        try:
            freed.result(max(0.0, until - monotonic()))
        except TimeoutError:
            freed.cancel()
            raise _too_long() from None
    with _ending(limit, keys, wrong):
        yield


async def begin(limit: TryLimit, keys: Keys) -> None:
    """Wait, without a thread, until the try may be looked at; whoever has called this calls `limit.end`.

    Raises:
        TooManyTries: as `counted`; there is nothing to end then.
    """
    until = monotonic() + LONGEST_WAIT_S
    while (freed := limit.begin(keys, monotonic())) is not None:
        try:
            await asyncio.wait_for(asyncio.wrap_future(freed), max(0.0, until - monotonic()))
        except TimeoutError:
            raise _too_long() from None


@contextmanager
def _ending(limit: TryLimit, keys: Keys, wrong: Wrong) -> Iterator[None]:
    # Of what is cut off nobody knows whether somebody has learned from it.
    guessed = True
    try:
        yield
        guessed = False
    except Exception as error:
        guessed = isinstance(error, wrong)
        raise
    finally:
        limit.end(keys, monotonic(), wrong=guessed)


def _too_long() -> TooManyTries:
    return TooManyTries("too many come at once; try again in a minute")
