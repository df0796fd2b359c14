"""A folder of pictures, the gateway's user's alone."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path

from zhian_models.atomic import write_atomically


class Folder:
    """As `Shelf` says; a name is a path."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.stat().st_mode & 0o077:
            folder.chmod(0o700)
        self._folder = folder

    def put(self, name: str, data: bytes) -> None:
        """Write, fsync, rename."""
        write_atomically(self._folder / name, data)

    def has(self, name: str) -> bool:
        """As the protocol says."""
        return (self._folder / name).is_file()

    def get(self, name: str) -> bytes:
        """As the protocol says."""
        return (self._folder / name).read_bytes()

    def head(self, name: str, size: int) -> bytes:
        """As the protocol says."""
        try:
            with (self._folder / name).open("rb") as opened:
                return opened.read(size)
        except FileNotFoundError:
            return b""

    def delete(self, names: Iterable[str]) -> None:
        """As the protocol says."""
        for name in names:
            (self._folder / name).unlink(missing_ok=True)

    def names(self, prefix: str, before: float | None = None) -> list[str]:
        """As the protocol says; also of what a crash left half-written."""
        folder = self._folder / prefix
        files = folder.iterdir() if folder.is_dir() else ()
        return sorted(file.name for file in files if before is None or _age(file) < before)


def _age(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return math.inf
