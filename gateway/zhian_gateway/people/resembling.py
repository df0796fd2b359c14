"""Plates that resemble each other, for a search only: nobody is ever named or let in by a likeness."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import ColumnElement, func

#: Letters and digits that a person at a window, or a poor picture, takes for each other.
ALIKE: Final = (("O", "0"), ("Q", "0"), ("D", "0"), ("I", "1"), ("Z", "2"), ("S", "5"), ("G", "6"), ("B", "8"))
#: How people divide a plate when they type it.
BREAKS: Final = "·•.- "


def folded(text: str) -> str:
    """What all plates that look like `text` have in common."""
    plain = "".join(each for each in text.upper() if each not in BREAKS)
    for letter, digit in ALIKE:
        plain = plain.replace(letter, digit)
    return plain


def resembles(column: Any, text: str) -> ColumnElement[bool]:
    """Whether a plate of the table holds something that looks like `text`."""
    kept = func.upper(column)
    for letter, digit in ALIKE:
        kept = func.replace(kept, letter, digit)
    found: ColumnElement[bool] = kept.contains(folded(text), autoescape=True)
    return found
