"""What stands for a card's number in the key of a case, which is kept for longer than the event that tells the number.

The same card at the same place merges as before. Keyed by the store: without it nobody can try all cards; and unlike
the digests of those who withdrew, so that no case can be laid beside these.
"""

from __future__ import annotations

import hmac
from collections.abc import Collection, Mapping
from typing import Final

from sqlalchemy import Connection, select

from ..store import tables

_USE: Final = b"card in the key of a case\0"
_DIGITS: Final = 24


def digests(link: Connection, cards: Collection[str]) -> dict[str, str]:
    """Of each of these numbers."""
    if not cards:
        return {}
    key = bytes.fromhex(link.execute(select(tables.store.c.key)).scalar_one())
    return {card: digest(key, card) for card in cards}


def digest(key: bytes, card: str) -> str:
    """Of one, by the store's key."""
    return hmac.digest(key, _USE + card.encode(), "sha256").hex()[:_DIGITS]


def without(key: str, cards: Mapping[str, str]) -> str:
    """A case's key in which the numbers have given way to what stands for them."""
    for card, stand_in in cards.items():
        key = key.replace(f"/{card}/", f"/{stand_in}/")
    return key
