"""Keys of OSDP readers: 16 bytes in a file that only its owner may read, and the way from one key to the next.

A new key is on the disk, beside the old one, before the reader is given it: whatever happens in between, one of the two
is the reader's.
"""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path
from typing import Final

from zhian_edge.delivery.credentials import read_secret
from zhian_edge.errors import BadSecret

#: OSDP's default key, which everybody knows.
DEFAULT: Final = bytes(range(0x30, 0x40))
LENGTH: Final = 16


class KeyFile:
    """The key of one reader, and the next one while it is being changed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._next = path.with_name(path.name + ".next")

    def current(self) -> bytes:
        """The reader's key.

        Raises:
            BadSecret: there is none, it is not 32 hexadecimal digits, it is OSDP's default key, or others may read it.
        """
        return _read(self._path)

    @property
    def changing(self) -> bool:
        """Whether there is a next key."""
        return self._next.exists()

    def candidates(self) -> list[bytes]:
        """The keys that may be the reader's, likelier ones first: two when it is not known which it took.

        Raises:
            BadSecret: see `current`.
        """
        return [self.current(), *([_read(self._next)] if self.changing else [])]

    def make(self) -> bytes:
        """The key for a reader that is to be installed; made when there is none yet.

        Raises:
            BadSecret: it cannot be written.
        """
        if not self._path.exists():
            _write(self._path, secrets.token_bytes(LENGTH))
        return self.current()

    def prepare(self) -> bytes:
        """A new key, on the disk, not yet the reader's.

        Raises:
            BadSecret: it cannot be written.
        """
        key = secrets.token_bytes(LENGTH)
        _write(self._next, key)
        return key

    def settle(self, key: bytes) -> None:
        """The reader was found to have `key`, one of `candidates`: the other is forgotten.

        Raises:
            BadSecret: it cannot be written.
        """
        if not self.changing:
            return
        try:
            if _read(self._next) == key:
                self._next.replace(self._path)
            else:
                self._next.unlink()
        except OSError as error:
            raise BadSecret(f"{self._path}: cannot be written: {error.strerror}") from error


def _read(path: Path) -> bytes:
    text = read_secret(path)
    if not re.fullmatch(r"[0-9A-Fa-f]{32}", text):
        raise BadSecret(f"{path}: expected 32 hexadecimal digits")
    key = bytes.fromhex(text)
    if key == DEFAULT:
        raise BadSecret(f"{path}: OSDP's default key is no secret; use install-mode to give the reader its own")
    return key


def _write(path: Path, key: bytes) -> None:
    fresh = path.with_name(path.name + ".tmp")
    try:
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(key.hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        raise BadSecret(f"{path}: cannot be written: {error.strerror}") from error
