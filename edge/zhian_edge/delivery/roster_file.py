"""The roster on the node's disk, sealed piece by piece.

The file is sealed by AES-GCM with a key that lies beside it, readable by its owner only. That keeps templates out of
backups, logs and copies of the data file alone, and shows when the file was changed. It does not help against whoever
has the whole disk or is root here; for that the disk itself must be encrypted, or the key kept in a secure element.

A hundred thousand people are most of a gigabyte: no more than a piece of them is ever encoded or sealed at once. Each
piece is bound to the node, the file, its place there and whether it is the last, so that none can be moved or left out.
"""

from __future__ import annotations

import os
import secrets
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

import msgspec
import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from zhian_wire.roster import Person, Roster

from zhian_edge.errors import BadSecret

from .files import private

log = structlog.get_logger(__name__)

#: People in one piece.
PIECE: Final = 1000
_MAGIC: Final = b"zhian roster 2\n"
_FILE_ID: Final = 16
_NONCE: Final = 12
_LENGTH: Final = struct.Struct(">I")


class Stored(msgspec.Struct, frozen=True):
    """A roster and the gateway's tag for it."""

    etag: str = ""
    roster: Roster = Roster(version=0)


class RosterFile:
    """The sealed file `roster.sealed` and its key `roster.key` in `folder`; what is read belongs to `node`."""

    def __init__(self, folder: Path, node: str) -> None:
        self._path = folder / "roster.sealed"
        self._key_path = folder / "roster.key"
        self._node = node

    def load(self) -> Stored:
        """What was saved last; empty at first, or when the file cannot be trusted (then the gateway is asked).

        Raises:
            BadSecret: others on this machine may read the key.
        """
        try:
            with self._path.open("rb") as file:
                return self._read(file)
        except FileNotFoundError:
            return Stored()
        except (InvalidTag, ValueError, struct.error, msgspec.DecodeError):
            log.warning("stored roster cannot be trusted; fetching it anew", path=str(self._path))
            return Stored()

    def save(self, stored: Stored) -> None:
        """Replace the file as a whole; it is on the disk afterwards."""
        cipher, file_id = AESGCM(self._key()), secrets.token_bytes(_FILE_ID)
        part = self._path.with_suffix(".part")
        with open(part, "wb", opener=private) as file:
            file.write(_MAGIC + file_id)
            for place, (piece, last) in enumerate(_pieces(stored)):
                nonce = secrets.token_bytes(_NONCE)
                sealed = cipher.encrypt(nonce, piece, self._bound_to(file_id, place, last))
                file.write(_LENGTH.pack(len(sealed)) + nonce)
                file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        part.replace(self._path)

    def wipe(self) -> None:
        """Delete roster and key; without the key even a recovered file says nothing."""
        self._key_path.unlink(missing_ok=True)
        self._path.unlink(missing_ok=True)

    def _read(self, file: IO[bytes]) -> Stored:
        cipher = AESGCM(self._key())
        if file.read(len(_MAGIC)) != _MAGIC:
            file.seek(0)
            return self._read_former(cipher, file.read())
        file_id, size = file.read(_FILE_ID), os.fstat(file.fileno()).st_size
        stored, persons, place = Stored(), [], 0
        while True:
            (length,) = _LENGTH.unpack(file.read(_LENGTH.size))
            nonce, sealed = file.read(_NONCE), file.read(length)
            last = file.tell() == size
            piece = cipher.decrypt(nonce, sealed, self._bound_to(file_id, place, last))
            if place == 0:
                stored = msgspec.msgpack.decode(piece, type=Stored)
            else:
                persons += msgspec.msgpack.decode(piece, type=list[Person])
            if last:
                break
            place += 1
        return Stored(stored.etag, msgspec.structs.replace(stored.roster, persons=tuple(persons)))

    def _read_former(self, cipher: AESGCM, sealed: bytes) -> Stored:
        """As a node of an earlier version wrote it: in one piece."""
        plain = cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], f"zhian roster 1 {self._node}".encode())
        return msgspec.msgpack.decode(plain, type=Stored)

    def _bound_to(self, file_id: bytes, place: int, last: bool) -> bytes:
        return f"zhian roster 2 {self._node} {file_id.hex()} {place} {last}".encode()

    def _key(self) -> bytes:
        try:
            mode = self._key_path.stat().st_mode
        except FileNotFoundError:
            return self._new_key()
        if mode & 0o077:
            raise BadSecret(f"{self._key_path}: others may read it; run: chmod 600 {self._key_path}")
        return self._key_path.read_bytes()

    def _new_key(self) -> bytes:
        key = AESGCM.generate_key(bit_length=256)
        with open(self._key_path, "xb", opener=private) as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        return key


def _pieces(stored: Stored) -> Iterator[tuple[bytes, bool]]:
    """Everything but the people, then these; with each, whether it is the last."""
    persons = stored.roster.persons
    about = Stored(stored.etag, msgspec.structs.replace(stored.roster, persons=()))
    yield msgspec.msgpack.encode(about), not persons
    for start in range(0, len(persons), PIECE):
        yield msgspec.msgpack.encode(persons[start : start + PIECE]), start + PIECE >= len(persons)
