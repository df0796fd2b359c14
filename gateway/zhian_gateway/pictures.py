"""Pictures by their sha256: evidence that nodes send, and portraits of enrolled people, in folders of their own."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Literal

from zhian_models.atomic import write_atomically

from .errors import BadPicture, NotFound, TooBig

Kind = Literal["evidence", "portraits"]
#: Files lie in so many folders.
PARTS: Final = 256

_SHA256: Final = re.compile(r"^[0-9a-f]{64}$")
_MAGIC: Final = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))


class PictureStore:
    """A folder of pictures, the gateway's user's alone. Names are hashes, so no name from outside becomes a path."""

    def __init__(self, folder: Path, max_bytes: int) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.stat().st_mode & 0o077:
            folder.chmod(0o700)
        self._evidence = folder / "evidence"
        self._portraits = folder / "portraits"
        self.max_bytes = max_bytes

    def keep(self, sha256: str, data: bytes) -> str:
        """Keep evidence and return its media type; the same picture again changes nothing.

        Raises:
            TooBig: more than `max_bytes`.
            BadPicture: not JPEG or PNG, or not the bytes that `sha256` announced.
        """
        if len(data) > self.max_bytes:
            raise TooBig(f"picture of {len(data)} bytes; at most {self.max_bytes} are allowed")
        if not _SHA256.match(sha256) or hashlib.sha256(data).hexdigest() != sha256:
            raise BadPicture("the bytes do not have the sha256 that the address names")
        kind = media_type(data)
        target = _place(self._evidence, sha256)
        if not target.is_file():
            write_atomically(target, data)
        return kind

    def read(self, sha256: str) -> bytes:
        """Evidence by its hash; NotFound."""
        return _read(self._evidence, sha256)

    def keep_portrait(self, data: bytes) -> str:
        """Keep a portrait; its sha256."""
        sha256 = hashlib.sha256(data).hexdigest()
        write_atomically(_place(self._portraits, sha256), data)
        return sha256

    def read_portrait(self, sha256: str) -> bytes:
        """A portrait by its hash; NotFound."""
        return _read(self._portraits, sha256)

    def forget(self, evidence: Iterable[str]) -> None:
        """Delete pictures of evidence; one that is gone already is fine."""
        for sha256 in evidence:
            _place(self._evidence, sha256).unlink(missing_ok=True)

    def older(self, kind: Kind, part: int, before: float) -> list[str]:
        """The names of files in one of `PARTS` parts of the store that nobody touched since `before` (seconds).

        Also of what a crash left half-written: such a name is no sha256.
        """
        folder = self._folder(kind) / f"{part:02x}"
        files = folder.iterdir() if folder.is_dir() else ()
        return sorted(file.name for file in files if _age(file) < before)

    def discard(self, kind: Kind, part: int, names: Iterable[str]) -> None:
        """Delete files that `older` named."""
        for name in names:
            (self._folder(kind) / f"{part:02x}" / name).unlink(missing_ok=True)

    def _folder(self, kind: Kind) -> Path:
        return self._evidence if kind == "evidence" else self._portraits

    def delete(self, all_: Iterable[str]) -> None:
        """Delete pictures of somebody, enrolled or evidence; one that is gone already is fine."""
        for sha256 in all_:
            for folder in (self._portraits, self._evidence):
                _place(folder, sha256).unlink(missing_ok=True)


def media_type(data: bytes) -> str:
    """`image/jpeg` or `image/png`, by the first bytes; what the sender calls it does not matter.

    Raises:
        BadPicture: neither.
    """
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    raise BadPicture("neither JPEG nor PNG")


def _age(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return math.inf


def _place(folder: Path, sha256: str) -> Path:
    return folder / sha256[:2] / sha256


def _read(folder: Path, sha256: str) -> bytes:
    if not _SHA256.match(sha256):
        raise NotFound("no such picture")
    try:
        return _place(folder, sha256).read_bytes()
    except FileNotFoundError as error:
        raise NotFound("no such picture") from error
