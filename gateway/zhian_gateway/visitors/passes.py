"""A visitor's pass: a code that readers tell as a card's, derived for each visit and shown as a QR code.

The code has 80 bits: it cannot be guessed, and no reader that tells only a card's lowest bits (Wiegand 26, 34) can be
made to name a visitor: nodes never cut identifiers as wide as this (`zhian_wire.cards`).
"""

from __future__ import annotations

import hmac
import io
import re
from typing import Final

import segno

_BYTES: Final = 10
_CODE: Final = re.compile(rf"[0-9A-F]{{{2 * _BYTES}}}")


def code(key: bytes, visit: int, serial: str) -> str:
    """The code of a visit: upper-case hexadecimal, as readers tell cards. `serial` is random: none is used twice."""
    return hmac.digest(key, f"visitor's pass {visit} {serial}".encode(), "sha256")[:_BYTES].hex().upper()


def is_code(text: str) -> bool:
    """Whether somebody typed, or a scanner at the window did, what is on a pass."""
    return _CODE.fullmatch(text.strip().upper()) is not None


def svg(text: str) -> str:
    """A QR code as an SVG picture for `<img src>`, which a page's policy may load (no script, no other address)."""
    buffer = io.BytesIO()
    segno.make(text, error="m", micro=False).save(buffer, kind="svg", border=3, xmldecl=False, svgns=True, scale=4)
    return buffer.getvalue().decode()
