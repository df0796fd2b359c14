"""How a card or a plate is written into the audit, which nobody can edit afterwards."""

from __future__ import annotations

from typing import Final

_MOST: Final = 4


def tail(value: str) -> str:
    """The last digits of a card or plate, at most half of it.

    Enough to know it again; of the whole number somebody could make a copy of the card, and it would outlive the
    erasure of whose it was.
    """
    plain = value.strip().upper()
    return f"…{plain[len(plain) - min(len(plain) // 2, _MOST) :]}"
