"""Writing files so that nobody ever sees half of one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

#: Most of what is written shows people, so others on the machine may read only what is said to be `PUBLIC`.
PRIVATE: Final = 0o600
PUBLIC: Final = 0o644


def write_atomically(target: Path, data: bytes, mode: int = PRIVATE) -> None:
    """Write `data` to `target`: a temporary file beside it, fsync, rename."""
    with replacing(target, mode) as temporary:
        temporary.write_bytes(data)


@contextmanager
def replacing(target: Path, mode: int = PRIVATE) -> Iterator[Path]:
    """A temporary file beside `target` that takes its place when the block ends well, and vanishes otherwise.

    Each caller has its own temporary file, so two at once do not harm each other: the later one wins.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(mode)
        _sync(temporary)
        temporary.replace(target)
        _sync(target.parent)
    finally:
        temporary.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
