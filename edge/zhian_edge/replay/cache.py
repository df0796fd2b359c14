"""Templates of pictures that were enrolled before, so that a replay with hundreds of strangers starts at once.

An entry's name is the hash of everything that it follows from: names and bytes of the pictures, the template key, and
the code that enrols. An entry that is damaged is computed again; one that cannot be written is done without.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray
from zhian_models import face
from zhian_models.face.enrol import Warn

_DIGEST: Final = hashlib.sha256().digest_size


class Enrolled(msgspec.Struct, frozen=True):
    """One person's templates, `count` of them in `data` (float32, one after the other), and what was wrong."""

    count: int
    data: bytes
    warnings: tuple[Warn, ...]

    @classmethod
    def of(cls, templates: NDArray[np.float32], warnings: Sequence[Warn]) -> Enrolled:
        """Of templates (n, d)."""
        return cls(len(templates), np.ascontiguousarray(templates, np.float32).tobytes(), tuple(warnings))

    @property
    def templates(self) -> NDArray[np.float32]:
        """(n, d), read-only."""
        return np.frombuffer(self.data, np.float32).reshape(self.count, -1 if self.count else 0)


class EnrolmentCache:
    """Entries in `folder`, one file each: the sha256 of what follows, then the entry as MessagePack.

    `parts` is whatever the templates follow from besides the pictures.
    """

    def __init__(self, folder: Path, parts: Sequence[str]) -> None:
        self._folder = folder
        self._parts = (*parts, _code())

    def get(self, pictures: Sequence[tuple[str, bytes]], compute: Callable[[], Enrolled]) -> Enrolled:
        """The entry of `pictures` (name and content of each file), computed where there is none that is whole."""
        path = self._folder / self._name(pictures)
        known = _read(path)
        if known is not None:
            return known
        made = compute()
        _write(path, msgspec.msgpack.encode(made))
        return made

    def _name(self, pictures: Sequence[tuple[str, bytes]]) -> str:
        content = [(name, hashlib.sha256(data).hexdigest()) for name, data in pictures]
        return hashlib.sha256(msgspec.json.encode([self._parts, content])).hexdigest()


def _code() -> str:
    """The version of enrolment: the hash of its code."""
    digest = hashlib.sha256()
    for path in sorted(Path(face.__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _read(path: Path) -> Enrolled | None:
    try:
        data = path.read_bytes()
        if hashlib.sha256(data[_DIGEST:]).digest() != data[:_DIGEST]:
            return None
        return msgspec.msgpack.decode(data[_DIGEST:], type=Enrolled)
    except (OSError, msgspec.DecodeError):
        return None


def _write(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
            file.write(hashlib.sha256(data).digest() + data)
        Path(file.name).replace(path)
    except OSError:
        # A full disk or a read-only home makes the next replay slower, nothing else.
        return
