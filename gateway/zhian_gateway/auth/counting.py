"""Around each look at a secret: how often somebody may be wrong, counted before it is looked at.

A try that only counted once its answer is known would be free for everybody who asks at the same time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from ..errors import GatewayError, NotLoggedIn
from .limits import TryLimit


@contextmanager
def counted(
    limit: TryLimit, keys: tuple[str, ...], wrong: tuple[type[GatewayError], ...] = (NotLoggedIn,)
) -> Iterator[None]:
    """Around a call that looks at a secret; what is none of `wrong` was no guess, and is given back.

    Raises:
        TooManyTries: wrong too often, or too many are being looked at.
    """
    at = monotonic()
    limit.take(keys, at)
    try:
        yield
    except wrong:
        raise
    except Exception:
        # Whatever it was, nobody learned from it whether the secret was right.
        limit.give_back(keys, at)
        raise
    limit.give_back(keys, at)
