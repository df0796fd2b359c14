"""A table of people as an office keeps it, CSV (UTF-8 or GB18030) or XLSX: its cells as text, by row and column.

Nothing of a file is run: a cell that holds a formula is refused, not computed. A workbook that would unpack to more
than an office's table has is refused before it is unpacked.
"""

from __future__ import annotations

import csv
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any, Final

from ..errors import BadInput

#: A district's pupils fit; what is more is no table of people.
MOST_BYTES: Final = 32 << 20
MOST_UNPACKED: Final = 256 << 20
#: Text packs to a fiftieth at best; a bomb to a thousandth.
MOST_RATIO: Final = 200
MOST_ROWS: Final = 120_000
MOST_COLUMNS: Final = 64
#: What a spreadsheet keeps of a number.
MOST_DIGITS: Final = 15
#: Each column by its name, and by what offices call it.
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("编号", "学号", "工号"),
    "name": ("姓名",),
    "group": ("班级", "组", "部门"),
    "schedule": ("时段",),
    "cards": ("卡号", "卡", "card"),
    "plates": ("车牌", "车牌号", "plate"),
    "begins": ("开始", "开始日期"),
    "ends": ("结束", "结束日期"),
    "by_hand": ("人工放行",),
    "guardian": ("监护人", "监护人姓名"),
    "guardian_address": ("监护人通知地址", "通知地址"),
    "guardian_language": ("监护人语言", "语言"),
    "recognition": ("人脸识别同意",),
    "notices": ("通知同意",),
    "evidence": ("留存图片同意",),
    "consent_by": ("同意人",),
    "consent_on": ("同意日期",),
    "consent_version": ("同意书版本",),
}
#: What a damaged, encrypted or strange ZIP makes `zipfile` raise; a damaged member raises what its compression does.
UNREADABLE: Final = (
    zipfile.BadZipFile,
    OSError,
    EOFError,
    ValueError,
    # A compression that it does not know, and a password.
    NotImplementedError,
    RuntimeError,
    zlib.error,
    lzma.LZMAError,
)
NAMES: Final = {alias.casefold(): name for name, aliases in COLUMNS.items() for alias in (name, *aliases)}


class Formula(str):
    """A cell's formula, which is never a value."""

    __slots__ = ()


class Rounded(str):
    """A number with more digits than a spreadsheet keeps: the last ones may be others than were typed."""

    __slots__ = ()


@dataclass(frozen=True)
class Row:
    """One line of the table, by the names of all its columns; `number` as a spreadsheet counts."""

    number: int
    cells: Mapping[str, str]

    def formulas(self) -> list[str]:
        """The columns that hold one."""
        return [name for name, cell in self.cells.items() if isinstance(cell, Formula)]


def read_table(path: Path) -> list[Row]:
    """The rows that hold anything.

    Raises:
        BadInput: it cannot be read, is too large, names a column that nobody knows or twice, or lacks `id`.
    """
    try:
        # A pipe or a device would never end.
        if not path.is_file():
            raise BadInput(f"{path}: no such file")
        if path.stat().st_size > MOST_BYTES:
            raise BadInput(f"{path}: more than {MOST_BYTES >> 20} MiB: that is no table of people")
        data = path.read_bytes()
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror or error}") from error
    lines = _workbook(path, data) if data.startswith(b"PK") else _text(path, data)
    return list(_rows(path, lines))


def _rows(path: Path, lines: Iterator[Sequence[str]]) -> Iterator[Row]:
    head = _head(path, next(lines, ()))
    found = False
    for number, cells in enumerate(lines, 2):
        if number > MOST_ROWS:
            raise BadInput(f"{path}: more than {MOST_ROWS} lines")
        if any(cells[len(head) :]):
            raise BadInput(f"{path}:{number}: {len(cells)} columns, the first line names {len(head)}")
        if any(cells):
            found = True
            # A line that ends early has empty cells there, and no fewer columns.
            filled = [*cells, *[""] * (len(head) - len(cells))]
            yield Row(number, {name: cell for name, cell in zip(head, filled, strict=False) if name})
    if not found:
        raise BadInput(f"{path}: no line below the first")


def _head(path: Path, cells: Sequence[str]) -> list[str]:
    """The columns' names; a column without a heading is passed over."""
    while cells and not cells[-1]:
        cells = cells[:-1]
    found = [NAMES.get(cell.casefold(), "?" + cell) if cell else "" for cell in cells]
    strange = [name[1:] for name in found if name.startswith("?")]
    if strange or len(found) > MOST_COLUMNS:
        known = ", ".join(f"{name} ({aliases[0]})" for name, aliases in COLUMNS.items())
        raise BadInput(f"{path}:1: no such column: {', '.join(strange)[:200]}; there are {known}")
    twice = {name for name in found if name and found.count(name) > 1}
    if twice or "id" not in found:
        raise BadInput(f"{path}:1: {f'{min(twice)} is there twice' if twice else 'the column id (编号) is missing'}")
    return found


def _text(path: Path, data: bytes) -> Iterator[Sequence[str]]:
    """As a spreadsheet saves CSV: UTF-8, with or without a mark, or in GB18030 where Windows speaks Chinese."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return _csv(path, text)
    raise BadInput(f"{path}: neither UTF-8 nor GB18030 text, nor a workbook (.xlsx); save it as one of these")


def _csv(path: Path, text: str) -> Iterator[Sequence[str]]:
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), strict=True):
            yield [Formula(cell) if _is_formula(cell) else cell.strip() for cell in cells]
    except csv.Error as error:
        raise BadInput(f"{path}: no table: {error}") from error


def _is_formula(cell: str) -> bool:
    return cell.lstrip().startswith("=")


def _workbook(path: Path, data: bytes) -> Iterator[Sequence[str]]:
    _check_bomb(path, data)
    # Half a second to load, and only for a workbook.
    from openpyxl import load_workbook  # noqa: PLC0415

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        sheet: Any = book.worksheets[0]
        # What a sheet says of its own size is not to be believed.
        sheet.reset_dimensions()
        for row in sheet.iter_rows(max_col=MOST_COLUMNS):
            yield [_cell(cell) for cell in row]
    except BadInput:
        raise
    except Exception as error:
        # Whatever a damaged workbook makes the library raise, it is the file's fault.
        raise BadInput(f"{path}: the workbook cannot be read: {error}") from error


def _check_bomb(path: Path, data: bytes) -> None:
    """Refuse what unpacks to too much, and what could name entities, before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            members = file.infolist()
            unpacked = sum(member.file_size for member in members)
            if unpacked > MOST_UNPACKED or unpacked > MOST_RATIO * max(len(data), 1 << 16):
                raise BadInput(f"{path}: it would unpack to {unpacked >> 20} MiB: that is no table of people")
            for member in members:
                if member.filename.endswith((".xml", ".rels")):
                    with file.open(member) as part:
                        if _declares_type(part):
                            raise BadInput(f"{path}: {member.filename} declares a document type; no spreadsheet does")
    except UNREADABLE as error:
        raise BadInput(f"{path}: the workbook is damaged: {error}") from error


def _declares_type(part: IO[bytes]) -> bool:
    """Whether XML could name entities: wherever it says so, after a long comment too, and in whichever encoding."""
    before = b""
    while chunk := part.read(1 << 20):
        # Without the second byte of each sign UTF-16 reads like ASCII.
        text = (before + chunk).replace(b"\0", b"")
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
            return True
        before = text[-16:]
    return False


def _cell(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f" or (isinstance(value, str) and _is_formula(value)):
        return Formula(value)
    if isinstance(value, datetime | date):
        return value.isoformat()[: len("2026-10-01")]
    if isinstance(value, int | float) and not isinstance(value, bool) and value == value // 1:
        return _whole(int(value), cell.number_format)
    return str(value).strip()


def _whole(value: int, shape: str) -> str:
    """A card or a pupil's number that a spreadsheet took for a number, as it shows it: `00000` fills up with zeros."""
    text = str(value)
    if len(text.removeprefix("-")) > MOST_DIGITS:
        return Rounded(text)
    return text.zfill(len(shape)) if shape.strip("0") == "" and value >= 0 else text
