"""Citizen numbers (GB 11643-1999: 公民身份号码): 17 digits and a check character of ISO 7064, MOD 11-2 (pure)."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from ..errors import BadInput

_FORM: Final = re.compile(r"[1-9]\d{16}[\dX]")
#: The check characters by remainder, and the weights 2^(17-i) mod 11: GB 11643-1999, table 1 and clause 4.4.
_CHECKS: Final = "10X98765432"
_WEIGHTS: Final = tuple(2 ** (17 - index) % 11 for index in range(17))
#: What stays readable of a number: enough to hold a card beside it.
_HEAD, _TAIL = 3, 4
_OLDEST: Final = date(1900, 1, 1)


def check_character(body: str) -> str:
    """The 18th character for 17 digits."""
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11]


def number(typed: str, today: date) -> str:
    """The number as it is printed, from what somebody typed; "" stays "".

    Raises:
        BadInput: it is none; the text does not repeat it.
    """
    bare = re.sub(r"[\s-]", "", typed).upper()
    if not bare:
        return ""
    if not _FORM.fullmatch(bare) or not bare.isascii():
        raise BadInput("citizen: expected 18 characters, 17 digits and a digit or X")
    if born(bare, today) is None:
        raise BadInput("citizen: characters 7 to 14 are no day of birth")
    if check_character(bare[:17]) != bare[17]:
        raise BadInput("citizen: the last character does not fit the others: one of them is mistyped")
    return bare


def born(whole: str, today: date) -> date | None:
    """The day of birth in a number; None where it is none, or yet to come."""
    try:
        day = date(int(whole[6:10]), int(whole[10:12]), int(whole[12:14]))
    except ValueError:
        return None
    return day if _OLDEST <= day <= today else None


def masked(whole: str) -> str:
    """As pages show it."""
    return f"{whole[:_HEAD]}{'*' * (len(whole) - _HEAD - _TAIL)}{whole[-_TAIL:]}" if whole else ""
