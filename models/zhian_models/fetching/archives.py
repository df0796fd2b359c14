"""Reading members out of archives: wheels (zip) and tarballs. Nothing is unpacked to disk or executed."""

from __future__ import annotations

import tarfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

from ..errors import MissingMember, PullError

LARGEST = 1 << 30
"""A member larger than this is refused before it fills the memory."""


def read_members(archive: Path, paths: Iterable[str]) -> dict[str, bytes]:
    """The bytes of `paths` in one pass; raises MissingMember naming the first that is not there."""
    wanted = set(paths)
    try:
        found = _from_zip(archive, wanted) if zipfile.is_zipfile(archive) else _from_tar(archive, wanted)
    except (tarfile.TarError, zipfile.BadZipFile, EOFError, ValueError) as error:
        raise PullError(f"{archive.name} is damaged: {error}") from error
    for path in sorted(wanted - set(found)):
        raise MissingMember(f"{archive.name} does not hold {path}")
    return found


def _from_zip(archive: Path, wanted: set[str]) -> dict[str, bytes]:
    with zipfile.ZipFile(archive) as file:
        infos = [info for info in file.infolist() if info.filename in wanted]
        return {info.filename: file.read(info) for info in infos if _sane(info.filename, info.file_size)}


def _from_tar(archive: Path, wanted: set[str]) -> dict[str, bytes]:
    found = {}
    with tarfile.open(archive, "r:*") as file:
        for info in file:
            if info.name in wanted and info.isfile() and _sane(info.name, info.size):
                content = file.extractfile(info)
                found[info.name] = content.read() if content else b""
            if len(found) == len(wanted):
                break
    return found


def _sane(name: str, size: int) -> bool:
    if size > LARGEST:
        raise ValueError(f"{name} claims {size} bytes")
    return True
