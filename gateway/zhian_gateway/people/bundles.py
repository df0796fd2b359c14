"""A ZIP with an office's table and its people's pictures: bounded, unpacked by what it holds and never by what it says.

Nothing of it is written but one table and pictures, under names made here; whatever a member is called, it lies in the
folder that was given for it.
"""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Final

from ..errors import BadInput
from .files import SUFFIXES
from .owners import Owners
from .table_rows import id_faults
from .tables import MOST_BYTES as MOST_TABLE
from .tables import UNREADABLE, read_table

#: Some hundred pupils with a photograph each; who has more brings several, or uses the command line.
MOST_BYTES: Final = 64 << 20
MOST_UNPACKED: Final = 192 << 20
MOST_MEMBERS: Final = 4000
MOST_PICTURE: Final = 16 << 20
TABLES: Final = frozenset({".csv", ".xlsx"})
_PIECE: Final = 1 << 20
#: What computers add by themselves.
_LITTER: Final = "__MACOSX"
_LITTERED: Final = frozenset({".db", ".ini"})
_UTF8: Final = 0x800


@dataclass(frozen=True)
class Bundle:
    """What was unpacked: a table, a folder of pictures, and which pictures are nobody's of the table."""

    table: Path
    photos: Path
    pictures: int
    strays: tuple[str, ...]


class _Budget:
    """How much may still be unpacked."""

    def __init__(self) -> None:
        self.left = MOST_UNPACKED

    def copy(self, source: IO[bytes], target: Path, most: int, name: str) -> None:
        """BadInput when there is more than the archive, or one member, may hold."""
        allowed = min(most, self.left)
        with target.open("xb") as file:
            while piece := source.read(min(_PIECE, allowed + 1)):
                allowed -= len(piece)
                self.left -= len(piece)
                if allowed < 0:
                    raise BadInput(f"{name}: it unpacks to more than a table and its pictures may have")
                file.write(piece)


def unpack(data: bytes, folder: Path) -> Bundle:
    """The table and the pictures of a ZIP, in `folder`.

    A picture is somebody's by the folder that it lies in (the id), or by its name (`ID.jpg`, `ID-1.jpg`).

    Raises:
        BadInput: it is no ZIP, damaged, encrypted or too large; holds no table, two, a link, or what is neither.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _unpacked(archive, folder)
    except UNREADABLE as error:
        raise BadInput(f"the ZIP cannot be read: {error}") from error


def _unpacked(archive: zipfile.ZipFile, folder: Path) -> Bundle:
    members = list(_members(archive.infolist()))
    tables = [each for each in members if each[1].suffix.lower() in TABLES]
    if len(tables) != 1:
        said = ", ".join(str(path) for _, path in tables) or "none"
        raise BadInput(f"a ZIP holds exactly one table (.csv or .xlsx) beside the pictures; found: {said}")
    budget = _Budget()
    (member, path), photos = tables[0], folder / "photos"
    table = folder / f"table{path.suffix.lower()}"
    with archive.open(member) as source:
        budget.copy(source, table, MOST_TABLE, str(path))
    photos.mkdir()
    owners = Owners(name for row in read_table(table) if not id_faults(name := str(row.cells.get("id", ""))))
    pictures = [each for each in members if each[1].suffix.lower() in SUFFIXES]
    strays = tuple(str(path) for _, path in pictures if _owner(path, owners) is None)
    for number, (member, path) in enumerate(pictures):
        if (person := _owner(path, owners)) is not None:
            with archive.open(member) as source:
                budget.copy(source, _place(photos, path, person, number), MOST_PICTURE, str(path))
    return Bundle(table, photos, len(pictures) - len(strays), strays)


def _members(infos: Sequence[zipfile.ZipInfo]) -> Iterator[tuple[zipfile.ZipInfo, PurePosixPath]]:
    """Files that mean something, with their names as people gave them."""
    if len(infos) > MOST_MEMBERS:
        raise BadInput(f"the ZIP holds more than {MOST_MEMBERS} files")
    for info in infos:
        path = PurePosixPath(_name(info).replace("\\", "/"))
        littered = _LITTER in path.parts or path.suffix.lower() in _LITTERED or path.name.startswith(".")
        if info.is_dir() or littered:
            continue
        if stat.S_ISLNK(info.external_attr >> 16):
            raise BadInput(f"{path}: a link is no picture")
        if path.suffix.lower() not in TABLES | SUFFIXES:
            raise BadInput(f"{path}: neither a table (.csv, .xlsx) nor a picture ({', '.join(sorted(SUFFIXES))})")
        yield info, path


def _name(info: zipfile.ZipInfo) -> str:
    """Windows in Chinese writes names in its own code page without saying so, which reads as IBM's."""
    if info.flag_bits & _UTF8:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return info.filename


def _owner(path: PurePosixPath, owners: Owners) -> str | None:
    return owners.named(path.parent.name) or owners.of(path.stem)


def _place(photos: Path, path: PurePosixPath, person: str, number: int) -> Path:
    """In a folder of their own, under a number: no name of the archive becomes one of this computer's."""
    folder = photos / person
    folder.mkdir(exist_ok=True)
    return folder / f"{number:05}{path.suffix.lower()}"
