"""Seals what shows people, and secrets: AES-256-GCM under the keys of a file that is no part of the database.

A sealed value is MAGIC, the key's id, a random nonce of 96 bits, then the ciphertext with its tag. The tag also covers
what the value is (`about`), so that nobody who can write to the disk puts one thing in another's place.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ..errors import KeyFault, Unsealable
from . import keyfile, locking
from .keyfile import Key

MAGIC: Final = b"zhian\x00\x93\x01"
ID_BYTES: Final = 4
NONCE_BYTES: Final = 12
HEAD_BYTES: Final = len(MAGIC) + ID_BYTES


def is_sealed(data: bytes) -> bool:
    """Whether these bytes are sealed; what an older version wrote is not."""
    return data.startswith(MAGIC)


class Vault:
    """Seals with the first key of the file and opens with each. Any thread may use it.

    The file is looked at again before each sealing: another process may have begun a new key.
    """

    def __init__(self, path: Path, lock: Path) -> None:
        """`lock`: a file on which processes agree, where the gateway may write.

        Raises:
            KeyFault: the keys cannot be read.
        """
        self.path = path
        self._lock = lock
        self._seen = (0, 0)
        self._keys: tuple[Key, ...] = ()
        #: Ids of the keys that the file held when it was opened, and of those that joined them.
        self._held: set[str] = set()
        self._refresh()

    @property
    def keys(self) -> tuple[Key, ...]:
        """All keys, the one that seals first."""
        self._refresh()
        return self._keys

    @property
    def head(self) -> bytes:
        """How everything begins that is sealed with the present key."""
        return MAGIC + bytes.fromhex(self.keys[0].id)

    def seal(self, plain: bytes, about: str) -> bytes:
        """Seal bytes that are `about` something.

        Raises:
            KeyFault: the keys cannot be read any more.
        """
        key = self.keys[0]
        nonce = os.urandom(NONCE_BYTES)
        head = MAGIC + bytes.fromhex(key.id)
        return head + nonce + AESGCM(key.secret).encrypt(nonce, plain, about.encode())

    def open(self, data: bytes, about: str) -> bytes:
        """What was sealed; bytes that are not sealed (yet) as they are.

        Raises:
            KeyFault: the file was exchanged for another one.
            Unsealable: it is damaged, about something else, or sealed with a key that is in no file of ours any more.
        """
        if not is_sealed(data):
            return data
        key = self._key(data[len(MAGIC) : HEAD_BYTES].hex())
        nonce, text = data[HEAD_BYTES : HEAD_BYTES + NONCE_BYTES], data[HEAD_BYTES + NONCE_BYTES :]
        try:
            return AESGCM(key.secret).decrypt(nonce, text, about.encode())
        except (InvalidTag, ValueError) as error:
            raise Unsealable(f"{about}: is damaged, or was put in another's place") from error

    def replace(self, keys: tuple[Key, ...]) -> None:
        """Put other keys into the file. Call it only inside `alone`."""
        keyfile.write(self.path, keys)
        self._refresh()

    @contextmanager
    def steady(self) -> Iterator[None]:
        """While the block runs, nobody changes keys or seals files anew."""
        with self._locked(fcntl.LOCK_SH):
            yield

    @contextmanager
    def alone(self) -> Iterator[None]:
        """While the block runs, nobody is in `steady`."""
        with self._locked(fcntl.LOCK_EX):
            yield

    @contextmanager
    def _locked(self, how: int) -> Iterator[None]:
        with locking.opened(self._lock) as file:
            fcntl.flock(file, how)
            yield

    def _key(self, name: str) -> Key:
        for keys in (self._keys, self.keys):
            for key in keys:
                if key.id == name:
                    return key
        fault = f"{self.path.name} does not hold key {name}"
        if self._held.isdisjoint(key.id for key in self._keys):
            raise KeyFault(f"{fault}, nor any that it held: put back the file that does")
        # One value's own misfortune; all that the other keys seal is still read.
        raise Unsealable(f"{fault}: add that key's line from a copy of the file")

    def _refresh(self) -> None:
        try:
            found = self.path.stat()
        except OSError:
            # The next line says what is wrong with it, in words.
            self._keys = keyfile.read(self.path)
            return
        seen = (found.st_mtime_ns, found.st_ino)
        if seen != self._seen:
            self._keys = keyfile.read(self.path)
            self._seen = seen
            ids = {key.id for key in self._keys}
            if not self._held or not self._held.isdisjoint(ids):
                self._held |= ids
