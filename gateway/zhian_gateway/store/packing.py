"""Rows as PostgreSQL's binary COPY takes them (its manual, "COPY", "Binary Format"), by the hundred. Pure.

The driver's own way asks for each value how it is written, which took longer than reading the event did.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, Literal

Kind = Literal["int8", "float8", "bool", "text", "bytea"]

SIGNATURE: Final = b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0)
END: Final = struct.pack(">h", -1)
NULL: Final = struct.pack(">i", -1)
#: So many rows are one piece, of some hundred kilobytes.
AT_ONCE: Final = 200

_int8, _float8, _bool = struct.Struct(">iq").pack, struct.Struct(">id").pack, struct.Struct(">i?").pack
_size = struct.Struct(">i").pack


def packed(rows: Iterable[Mapping[str, Any]], columns: Mapping[str, Kind]) -> Iterator[bytes]:
    """The whole stream of a COPY, in pieces: of each row the named columns in their order.

    Raises:
        struct.error: a number that its column cannot hold.
        UnicodeEncodeError: a text that is none.
    """
    packers = _packers()
    fields = [(name, packers[kind]) for name, kind in columns.items()]
    head = struct.pack(">h", len(fields))
    pieces = [SIGNATURE]
    for count, row in enumerate(rows, 1):
        pieces.append(head)
        pieces += [NULL if (value := row[name]) is None else pack(value) for name, pack in fields]
        if count % AT_ONCE == 0:
            yield b"".join(pieces)
            pieces = []
    yield b"".join([*pieces, END])


def _packers() -> Mapping[Kind, Callable[[Any], bytes]]:
    known: dict[str, bytes] = {}

    def text(value: str) -> bytes:
        # Names, days and moments come again in each row.
        found = known.get(value)
        if found is None:
            found = known[value] = _bytes(without_nul(value).encode())
        return found

    return {
        "int8": lambda value: _int8(8, value),
        "float8": lambda value: _float8(8, value),
        "bool": lambda value: _bool(1, value),
        "text": text,
        "bytea": _bytes,
    }


def _bytes(value: bytes) -> bytes:
    return _size(len(value)) + value


def without_nul(value: str) -> str:
    """PostgreSQL's texts hold every character but one, which a node or a form may send all the same."""
    return value.replace("\0", "\ufffd") if "\0" in value else value
