"""The file with the keys that pictures, templates and secrets are sealed with; the database never holds them.

One line per key, its id and its 32 bytes in hexadecimal; the first seals, the others only open what is not sealed anew
yet. Without this file a copy of the database and of the pictures shows nobody's face.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from zhian_models.atomic import PRIVATE, write_atomically

from ..errors import KeyFault

HEAD: Final = (
    "# Keys of the gateway's pictures, templates and secrets: the first seals, all of them open.\n"
    "# Keep a copy of this file, and keep it apart from the backups of database and pictures.\n"
)


class Key(NamedTuple):
    """`id`: eight hexadecimal digits of the key's own hash, so that a key cannot be taken for another."""

    id: str
    secret: bytes


def new_key() -> Key:
    """256 random bits."""
    return _key(secrets.token_bytes(32))


def _key(secret: bytes) -> Key:
    return Key(hashlib.sha256(b"zhian key id" + secret).hexdigest()[:8], secret)


def read(path: Path) -> tuple[Key, ...]:
    """The keys in the file, the one that seals first.

    Raises:
        KeyFault: it is missing, damaged, or others may read it.
    """
    try:
        if path.stat().st_mode & 0o077:
            raise KeyFault(f"{path}: others may read it; run: chmod 600 {path}")
        lines = path.read_text(encoding="ascii").splitlines()
    except FileNotFoundError as error:
        raise KeyFault(f"{path} is missing: put it back from where you keep its copy; nothing was changed") from error
    except (OSError, UnicodeDecodeError) as error:
        raise KeyFault(f"{path}: cannot be read: {error}") from error
    keys = [_parse(path, number, line) for number, line in enumerate(lines, 1) if line.strip() and line[0] != "#"]
    if not keys:
        raise KeyFault(f"{path}: holds no key: put it back from where you keep its copy")
    return tuple(keys)


def _parse(path: Path, number: int, line: str) -> Key:
    name, _, text = line.strip().partition(" ")
    try:
        found = _key(bytes.fromhex(text))
    except ValueError as error:
        raise KeyFault(f"{path}:{number}: is no key") from error
    if len(found.secret) != 32 or found.id != name:
        raise KeyFault(f"{path}:{number}: the key is damaged, it is not the one that its id names")
    return found


def write(path: Path, keys: Sequence[Key]) -> None:
    """Replace the file, whole or not at all.

    Raises:
        KeyFault: it cannot be written.
    """
    try:
        write_atomically(path, _text(keys), mode=PRIVATE)
    except OSError as error:
        raise KeyFault(f"{path}: cannot be written: {error.strerror or error}") from error


def create(path: Path) -> None:
    """Make the file with a new key; of two who do so at once, one wins for both.

    Raises:
        KeyFault: it cannot be written.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_text([new_key()]))
                file.flush()
                os.fsync(file.fileno())
            path.hardlink_to(temporary)
        except FileExistsError:
            return
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise KeyFault(f"{path}: cannot be written: {error.strerror or error}") from error


def _text(keys: Sequence[Key]) -> bytes:
    return (HEAD + "".join(f"{key.id} {key.secret.hex()}\n" for key in keys)).encode("ascii")
