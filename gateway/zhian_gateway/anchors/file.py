"""The file of marks, which is only ever appended to, and the key that signs them, in a file of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace
from zhian_models.atomic import PRIVATE, write_atomically

from ..errors import AnchorError
from . import marks
from .marks import Line, Mark

#: Beside the keys of what is sealed.
KEY: Final = "audit.key"
#: A line is less; the last one is looked for so far from the end.
_LONGEST: Final = 4096


class AnchorFile:
    """Where marks are kept; one at a time writes."""

    def __init__(self, path: Path, key: Path) -> None:
        self.path = path
        self._key = key

    @property
    def begun(self) -> bool:
        """Whether a mark was ever written: the key is made for the first one."""
        return self._key.exists()

    def append(self, mark: Mark) -> str:
        """Sign a mark and add it; the line.

        Raises:
            AnchorError: it cannot be written, or the key not read.
        """
        try:
            key = self._own_key()
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _appending(self.path) as handle:
                last, torn = self._end()
                after = marks.digest(last) if last else marks.FIRST
                line = marks.signed(replace(mark, after=after), key)
                os.write(handle, (b"\n" if torn else b"") + line + b"\n")
                os.fsync(handle)
        except OSError as error:
            why = error.strerror or error
            raise AnchorError(f"{self.path}: the audit's anchor cannot be written: {why}") from error
        return line.decode()

    def last(self) -> Mark | None:
        """The mark that was written last; None: none was, or what stands there is not ours.

        Raises:
            AnchorError: the file or the key cannot be read.
        """
        try:
            if not self.begun or not self.path.exists():
                return None
            found = marks.read(self._end()[0] + b"\n", self._own_key().public_key())
        except OSError as error:
            raise AnchorError(f"{self.path}: {error.strerror or error}") from error
        return found[-1].mark if found else None

    def lines(self) -> list[Line]:
        """What it holds.

        Raises:
            AnchorError: it cannot be read, or is gone though there were marks.
        """
        try:
            if not self.begun:
                return []
            text = self.path.read_bytes()
            return marks.read(text, self._own_key().public_key())
        except OSError as error:
            raise AnchorError(
                f"{self.path}: the audit's anchor was there and cannot be read: {error.strerror or error}"
            ) from error

    def _end(self) -> tuple[bytes, bool]:
        """The last whole line, and whether half of one follows it: a power cut may leave that."""
        with self.path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - 2 * _LONGEST))
            text = file.read()
        whole, _, rest = text.rpartition(b"\n")
        return whole.rpartition(b"\n")[2], bool(rest)

    def _own_key(self) -> Ed25519PrivateKey:
        if not self._key.exists():
            made = Ed25519PrivateKey.generate()
            kept = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            write_atomically(self._key, made.private_bytes(*kept), mode=PRIVATE)
            return made
        if (mode := self._key.stat().st_mode) & 0o077:
            raise AnchorError(f"{self._key}: others may read it (mode {mode & 0o777:o}); run: chmod 600 {self._key}")
        try:
            key = serialization.load_pem_private_key(self._key.read_bytes(), None)
        except (ValueError, TypeError) as error:
            raise AnchorError(f"{self._key}: is damaged: {error}") from error
        if not isinstance(key, Ed25519PrivateKey):
            raise AnchorError(f"{self._key}: holds another kind of key")
        return key


@contextmanager
def _appending(path: Path) -> Iterator[int]:
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, PRIVATE)
    try:
        yield handle
    finally:
        os.close(handle)
