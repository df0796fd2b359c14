"""Reads text files that people wrote, in whichever encoding their program saved them; says by line what it cannot read.

TOML is UTF-8, by its own definition. Tables (CSV) come out of spreadsheets, which in China save GBK, or UTF-16 under
the name of "Unicode text". The rule for tables, in this order: a byte order mark decides (UTF-8, UTF-16); what is
valid UTF-8 is that; else it is GB18030, of which GBK and GB2312 are a part; else it is refused.
"""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Final

from .errors import GatewayError

#: UTF-16's mark says which byte comes first.
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_AS_UTF8: Final = "save it as UTF-8 (in a spreadsheet: CSV UTF-8)"


def toml_text(path: Path, wrong: type[GatewayError]) -> str:
    """The text of a TOML file, without a byte order mark.

    Raises:
        wrong: it cannot be read; names the file, and the line that is no UTF-8.
    """
    data = _bytes(path, wrong)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise wrong(f"{path}:{_line(data, error.start)}: is no UTF-8: save it in that encoding") from error


def table_text(path: Path, wrong: type[GatewayError]) -> str:
    """The text of a table, by the rule above.

    Raises:
        wrong: it cannot be read; names file and line.
    """
    data = _bytes(path, wrong)
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    if encoding is None and b"\0" in data:
        raise wrong(f"{path}:{_line(data, data.index(0))}: is no plain text: {_AS_UTF8}")
    for name in (encoding,) if encoding else ("utf-8", "gb18030"):
        try:
            return data.decode(name)
        except UnicodeDecodeError as error:
            failed = error
    said = encoding.removesuffix("-sig").upper() if encoding else "neither UTF-8 nor GB18030"
    what = f"is no {said}, as its first bytes say" if encoding else f"is {said}"
    raise wrong(f"{path}:{_line(data, failed.start)}: {what}: {_AS_UTF8}") from failed


def _bytes(path: Path, wrong: type[GatewayError]) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise wrong(f"{path}: cannot be read: {error.strerror}") from error


def _line(data: bytes, offset: int) -> int:
    return data[:offset].count(b"\n") + 1
