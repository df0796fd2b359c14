"""Card numbers as keyboard wedges type them: key codes in, lines out; pure.

Codes are those of Linux (`linux/input-event-codes.h`): places on the keyboard, not signs. A wedge types for the layout
that it is set to, whatever this computer's is; with another than it thinks, digits become signs (French) and letters
others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from zhian_edge.config.readers import Layout

PRESSED: Final = 1
ENTER, KEYPAD_ENTER, TAB = 28, 96, 15
_ENDS: Final = frozenset((ENTER, KEYPAD_ENTER, TAB))
_SHIFTS: Final = frozenset((42, 54))
#: Control, Alt, Caps Lock, Num Lock, Alt Gr: change nothing in what a wedge means.
_SILENT: Final = frozenset((29, 97, 56, 58, 69, 100))
#: Between two keys of one line; wedges type one in 5 to 50 ms.
GAP_MS: Final = 300
LONGEST: Final = 64


class Signs(NamedTuple):
    """What a layout's keys mean, alone and with shift."""

    plain: Mapping[int, str]
    shifted: Mapping[int, str]


def _row(first: int, signs: str) -> dict[int, str]:
    """Neighbouring keys from `first` on; a blank stands for one that no card number has."""
    return {first + place: sign for place, sign in enumerate(signs) if sign != " "}


_KEYPAD: Final = _row(71, "789-456+123") | {82: "0"}
#: The keys of one layout, row by row: numbers (2), Q (16), A (30), Z (44), with and without shift.
LAYOUTS: Final[Mapping[Layout, Signs]] = {
    "us": Signs(
        _row(2, "1234567890-=") | _row(16, "qwertyuiop") | _row(30, "asdfghjkl;") | _row(44, "zxcvbnm,./") | _KEYPAD,
        _row(2, "    %   ()_+") | _row(16, "QWERTYUIOP") | _row(30, "ASDFGHJKL:") | _row(44, "ZXCVBNM  ?") | _KEYPAD,
    ),
    "de": Signs(
        _row(2, "1234567890") | _row(16, "qwertzuiop") | _row(30, "asdfghjkl") | _row(44, "yxcvbnm,.-") | _KEYPAD,
        _row(2, "    % /()=?") | _row(16, "QWERTZUIOP") | _row(30, "ASDFGHJKL") | _row(44, "YXCVBNM;:_") | _KEYPAD,
    ),
    "fr": Signs(
        _row(2, "    (- _  )=") | _row(16, "azertyuiop") | _row(30, "qsdfghjklm") | _row(44, "wxcvbn,;:") | _KEYPAD,
        _row(2, "1234567890 +") | _row(16, "AZERTYUIOP") | _row(30, "QSDFGHJKLM") | _row(44, "WXCVBN?./") | _KEYPAD,
    ),
}


class Typist:
    """Gathers what is typed into lines that end with Enter or Tab. A line is given whole or not at all."""

    def __init__(self, layout: Layout, now_ms: int) -> None:
        """`now_ms`: what is typed within `GAP_MS` of it may be the end of a line that began before."""
        self._signs = LAYOUTS[layout]
        self._line: list[str] = []
        self._spoilt = True
        self._shifts: set[int] = set()
        self._last_ms = now_ms
        self.garbled = 0
        """Lines that were cut off, too long, or held keys that mean nothing."""

    def step(self, code: int, value: int, at_ms: int) -> str | None:
        """A key: `value` 1 pressed, 0 let go, 2 held. The line that it ends."""
        if code in _SHIFTS:
            (self._shifts.add if value else self._shifts.discard)(code)
        if value != PRESSED:
            return None
        if at_ms - self._last_ms > GAP_MS:
            self._begin()
        self._last_ms = at_ms
        if code in _ENDS:
            return self._end()
        if code not in _SHIFTS and code not in _SILENT:
            self._add(code)
        return None

    def lost(self) -> None:
        """The system says that keys were lost: the line that is being typed is not to be believed."""
        self._spoilt = True
        self._shifts.clear()

    def _begin(self) -> None:
        self.garbled += bool(self._line)
        self._line, self._spoilt = [], False

    def _add(self, code: int) -> None:
        sign = (self._signs.shifted if self._shifts else self._signs.plain).get(code)
        if sign is None or len(self._line) == LONGEST:
            self._spoilt = True
        self._line = [*self._line, sign or "?"][:LONGEST]

    def _end(self) -> str | None:
        line, good = "".join(self._line), not self._spoilt
        self._line, self._spoilt = [], False
        if good:
            return line or None
        self.garbled += 1
        return None
