"""Places in the police feed for who asks page by page: exactly once for whoever keeps the last one.

A place names the store beside the number. A gateway that was restored from a backup has another store, whose numbers
begin again where the backup stood: the old place is refused instead of being taken for a newer one.
"""

from __future__ import annotations

from typing import Final

from ..errors import BadInput, Restored

_SEPARATOR: Final = "-"
_FURTHEST: Final = 2**63 - 1


def place_of(store_id: str, number: int) -> str:
    """The place behind an entry, as a subscriber keeps it."""
    return f"{store_id}{_SEPARATOR}{number}"


def number_of(place: str, store_id: str) -> int:
    """The number of the entry that a place stands behind.

    Raises:
        BadInput: it is no place of any feed.
        Restored: it is one of a store that is no more.
    """
    store, _, number = place.rpartition(_SEPARATOR)
    if not (store and number.isascii() and number.isdigit()) or int(number) > _FURTHEST:
        raise BadInput(f"after: {place!r} is no place in a feed")
    if store != store_id:
        raise Restored("the feed was restored from a backup: begin again without a place, and drop what you have")
    return int(number)
