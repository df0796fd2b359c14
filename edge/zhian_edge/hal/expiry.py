"""Orders that are good for a time only, told from those that come too late by whoever is about to carry them out."""

from __future__ import annotations

from zhian_edge.errors import Expired


def demand(until_ms: int | None, now_ms: int) -> None:
    """Nothing, while an order may still be carried out; monotonic milliseconds, `until_ms` None: it always may.

    Raises:
        Expired: it may not any more.
    """
    if until_ms is not None and now_ms > until_ms:
        raise Expired(f"expired {now_ms - until_ms} ms before it could be given")
