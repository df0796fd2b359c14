"""The one alphabet that all readers are mapped to, and the letters that look alike.

Both networks know other characters than plates do: a reader of general text has 6,625, the plate reader lacks the
letter O and the two characters of aviation plates. Everything after the networks sees only these columns.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

DIGITS = "0123456789"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SERIAL_LETTERS = LETTERS.replace("I", "").replace("O", "")
PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"
MARKS = "学警挂港澳使领民航应急"
SYMBOLS = DIGITS + LETTERS + PROVINCES + MARKS
BLANK = 0
INDEX = {symbol: column for column, symbol in enumerate(SYMBOLS, start=1)}
WIDTH = len(SYMBOLS) + 1

_SAME_SHAPE = {
    "l": "I", "滬": "沪", "蘇": "苏", "閩": "闽", "貴": "贵", "雲": "云", "寧": "宁", "粵": "粤",
    "學": "学", "應": "应",
}  # fmt: skip
_SEPARATORS = "·•.-—:,、' "
LOOK_ALIKES = ("0DQO", "8B", "6G", "5S", "2Z", "1IT", "7T", "A4", "MN", "CG", "J3", "J5")
"""Characters that readers took for each other on real pictures: in every group each for each."""
LIKE_DIGITS = {"Q": "0", "D": "0", "B": "8", "G": "6", "S": "5", "Z": "2", "A": "4", "J": "3", "T": "7"}
"""Letters that may have been digits."""
DIGITS_FOR_MARKS = {"学": "9", "挂": "8", "澳": "3", "领": "5"}
"""For marks the digits that the reader of plates gives for them: it has hardly seen them."""
FLOOR = 1e-5  # no reader is so sure that another could not overrule it


def _alike() -> NDArray[np.float32]:
    """(WIDTH, WIDTH): 1 where two columns look alike, 0 elsewhere and on the diagonal."""
    table = np.zeros((WIDTH, WIDTH), dtype=np.float32)
    for group in LOOK_ALIKES:
        columns = [INDEX[symbol] for symbol in group]
        table[np.ix_(columns, columns)] = 1.0
    np.fill_diagonal(table, 0.0)
    return table


_ALIKE = _alike()


def doubted(frames: NDArray[np.float32], share: float) -> NDArray[np.float32]:
    """The same frames in which whatever looks like a character has at least `share` of that character's probability.

    A reader says G with .9999 where it saw a smeared 6: taken at its word it could not be overruled by any other look.
    """
    alike: NDArray[np.float32] = np.maximum(frames, share * (frames @ _ALIKE))
    return alike


def columns_of(classes: Sequence[str]) -> NDArray[np.int64]:
    """For each class of a reader its column here, -1 for a character that no plate carries.

    `classes` begins with the blank. Separators are blanks: a dot between two characters is no character.
    """
    columns = np.full(len(classes), -1, dtype=np.int64)
    columns[0] = BLANK
    for at, name in enumerate(classes[1:], start=1):
        symbol = _SAME_SHAPE.get(name, name.upper() if name.isascii() else name)
        if symbol in INDEX:
            columns[at] = INDEX[symbol]
        elif symbol and symbol in _SEPARATORS:
            columns[at] = BLANK
    return columns


def fold(probabilities: NDArray[np.float32], columns: NDArray[np.int64]) -> NDArray[np.float32]:
    """(frames, classes) of a reader as (frames, WIDTH) of this alphabet.

    I and 1, O and 0 have one shape on a plate: either column carries the mass of both, and the formats say which of
    the two may stand where (`grammar`).
    """
    folded = np.zeros((len(probabilities), WIDTH), dtype=np.float32)
    known = np.flatnonzero(columns >= 0)
    np.add.at(folded.T, columns[known], probabilities[:, known].T)
    for letter, digit in (("O", "0"), ("I", "1")):
        both = folded[:, INDEX[letter]] + folded[:, INDEX[digit]]
        folded[:, INDEX[letter]] = folded[:, INDEX[digit]] = both
    return np.clip(folded, FLOOR, 1.0)
