"""What people type at a window or on a telephone, brought into one form, or refused (pure)."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Final, NamedTuple

from zhian_models.plate.grammar import parse

from ..errors import BadInput
from . import citizen

NAME: Final = 40
PURPOSE: Final = 200
#: E.164 has 15 digits at most.
_PHONE: Final = re.compile(r"\+?[0-9]{5,15}")
_MOBILE: Final = re.compile(r"1[3-9][0-9]{9}")


class Typed(NamedTuple):
    """Who comes; "": not said."""

    name: str
    phone: str = ""
    plate: str = ""
    citizen: str = ""
    purpose: str = ""


def typed(said: Typed, today: date) -> Typed:
    """The same in the form that is kept.

    Raises:
        BadInput: it names the field, and repeats nothing that was typed.
    """
    return Typed(
        name(said.name),
        phone(said.phone),
        plate(said.plate),
        citizen.number(said.citizen, today),
        _text(said.purpose, PURPOSE, "purpose"),
    )


def name(said: str) -> str:
    """A person's name, in any script."""
    found = _text(said, NAME, "name")
    if not found:
        raise BadInput("name: is missing")
    return found


def phone(said: str) -> str:
    """Digits, with a + before a country's code; "" stays ""."""
    bare = re.sub(r"[\s()\-.]", "", unicodedata.normalize("NFKC", said))
    if bare and not _PHONE.fullmatch(bare):
        raise BadInput("phone: expected 5 to 15 digits")
    if len(bare) == 11 and bare.startswith("1") and not _MOBILE.fullmatch(bare):
        raise BadInput("phone: no mobile number begins so")
    return bare


def plate(said: str) -> str:
    """A plate as cameras read it: one that no format of GA 36 has would never be recognised at the gate."""
    bare = re.sub(r"[\s·.・•-]", "", unicodedata.normalize("NFKC", said)).upper()
    if bare and parse(bare) is None:
        raise BadInput("plate: no Chinese plate is written so, such as 京A12345 or 京AD12345")
    return bare


def masked_phone(whole: str) -> str:
    """As pages show it: enough to ask for the rest."""
    return f"{whole[:3]}{'*' * max(len(whole) - 7, 0)}{whole[-4:]}" if len(whole) > 7 else "*" * len(whole)


def folded(known: str) -> str:
    """What all spellings of a name have in common, for comparing only: no case, width or spaces."""
    plain = unicodedata.normalize("NFKC", known).casefold()
    return "".join(unicodedata.normalize("NFKC", plain).split())


def _text(said: str, most: int, what: str) -> str:
    found = " ".join(unicodedata.normalize("NFC", said).split())
    if len(found) > most:
        raise BadInput(f"{what}: at most {most} characters")
    if any(unicodedata.category(each) in ("Cc", "Cf", "Co", "Cs") for each in found):
        raise BadInput(f"{what}: holds a character that cannot be shown")
    return found
