"""Pictures by their sha256: evidence that nodes send, and portraits of enrolled people, in folders of their own.

They lie sealed; the name is the sha256 of the picture itself, so what is opened can be held against it at any time.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Literal, NamedTuple

from zhian_models.atomic import write_atomically

from .errors import BadPicture, NotFound, TooBig, Unsealable
from .store.vault import HEAD_BYTES, Vault

Kind = Literal["evidence", "portraits"]
#: Files lie in so many folders.
PARTS: Final = 256

_SHA256: Final = re.compile(r"^[0-9a-f]{64}$")
_MAGIC: Final = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))


class Renewed(NamedTuple):
    """How many pictures were sealed anew, and which cannot be."""

    done: int
    damaged: tuple[str, ...]


class PictureStore:
    """A folder of pictures, the gateway's user's alone. Names are hashes, so no name from outside becomes a path."""

    def __init__(self, folder: Path, max_bytes: int, vault: Vault) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.stat().st_mode & 0o077:
            folder.chmod(0o700)
        self._folder = folder
        self._vault = vault
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
        if not self._place("evidence", sha256).is_file():
            self._write("evidence", sha256, data)
        return kind

    def read(self, sha256: str) -> bytes:
        """Evidence by its hash; NotFound."""
        return self._read("evidence", sha256)

    def keep_portrait(self, data: bytes) -> str:
        """Keep a portrait; its sha256."""
        sha256 = hashlib.sha256(data).hexdigest()
        self._write("portraits", sha256, data)
        return sha256

    def read_portrait(self, sha256: str) -> bytes:
        """A portrait by its hash; NotFound."""
        return self._read("portraits", sha256)

    def forget(self, evidence: Iterable[str]) -> None:
        """Delete pictures of evidence; one that is gone already is fine."""
        self._unlink(self._place("evidence", sha256) for sha256 in evidence)

    def older(self, kind: Kind, part: int, before: float) -> list[str]:
        """The names of files in one of `PARTS` parts of the store that nobody touched since `before` (seconds).

        Also of what a crash left half-written: such a name is no sha256.
        """
        folder = self._part(kind, part)
        files = folder.iterdir() if folder.is_dir() else ()
        return sorted(file.name for file in files if _age(file) < before)

    def discard(self, kind: Kind, part: int, names: Iterable[str]) -> None:
        """Delete files that `older` named."""
        self._unlink(self._part(kind, part) / name for name in names)

    def _unlink(self, files: Iterable[Path]) -> None:
        with self._vault.steady():
            for file in files:
                file.unlink(missing_ok=True)

    def renew(self, kind: Kind, part: int) -> Renewed:
        """Seal the pictures of one part with the present key, as far as they are not yet."""
        done, damaged = 0, []
        folder = self._part(kind, part)
        for file in sorted(folder.iterdir()) if folder.is_dir() else ():
            if _SHA256.match(file.name) and _head(file) != self._vault.head:
                try:
                    done += self._renew_one(kind, file)
                except Unsealable:
                    damaged.append(file.name)
        return Renewed(done, tuple(damaged))

    def _renew_one(self, kind: Kind, file: Path) -> bool:
        """Alone, so that what is deleted meanwhile does not come back."""
        with self._vault.alone():
            try:
                plain = self._opened(kind, file)
            except FileNotFoundError:
                return False
            write_atomically(file, self._vault.seal(plain, f"{kind}/{file.name}"))
        return True

    def _part(self, kind: Kind, part: int) -> Path:
        return self._folder / kind / f"{part:02x}"

    def _place(self, kind: Kind, sha256: str) -> Path:
        return self._folder / kind / sha256[:2] / sha256

    def _write(self, kind: Kind, sha256: str, data: bytes) -> None:
        with self._vault.steady():
            write_atomically(self._place(kind, sha256), self._vault.seal(data, f"{kind}/{sha256}"))

    def _read(self, kind: Kind, sha256: str) -> bytes:
        if not _SHA256.match(sha256):
            raise NotFound("no such picture")
        try:
            return self._opened(kind, self._place(kind, sha256))
        except FileNotFoundError as error:
            raise NotFound("no such picture") from error

    def sealed(self, kind: Kind, sha256: str) -> bytes:
        """A picture as it lies, after it was opened and held against its name.

        Raises:
            FileNotFoundError: there is none.
            Unsealable: it is damaged.
        """
        file = self._place(kind, sha256)
        data = file.read_bytes()
        self._plain(kind, file, data)
        return data

    def _opened(self, kind: Kind, file: Path) -> bytes:
        return self._plain(kind, file, file.read_bytes())

    def _plain(self, kind: Kind, file: Path, data: bytes) -> bytes:
        """The picture in a file's bytes, held against its name."""
        plain = self._vault.open(data, f"{kind}/{file.name}")
        if hashlib.sha256(plain).hexdigest() != file.name:
            raise Unsealable(f"{kind}/{file.name}: these are not the bytes that the name says")
        return plain

    def delete(self, all_: Iterable[str]) -> None:
        """Delete pictures of somebody, enrolled or evidence; one that is gone already is fine."""
        kinds: tuple[Kind, ...] = ("portraits", "evidence")
        self._unlink(self._place(kind, sha256) for sha256 in all_ for kind in kinds)


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


def _head(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(HEAD_BYTES)
    except FileNotFoundError:
        return b""
