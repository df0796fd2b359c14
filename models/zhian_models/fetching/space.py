"""Asking for disk space before anything is written."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import NoSpace, PullError

SPARE = 16 << 20
"""Bytes that stay free after a pull, so that a database beside the store can go on."""


def require_space(folder: Path, needed: int) -> None:
    """Raise NoSpace unless `needed` bytes and `SPARE` are free where `folder` lies."""
    free = shutil.disk_usage(folder).free
    if free < needed + SPARE:
        raise NoSpace(f"{folder} has {_mb(free)} free; this needs {_mb(needed + SPARE)}")


@contextmanager
def disk_errors(folder: Path) -> Iterator[None]:
    """A disk that fills up all the same is a NoSpace too; one that cannot be written is a PullError."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NoSpace(f"{folder} is full") from error
        raise PullError(f"{folder} cannot be used: {error}") from error


def _mb(count: int) -> str:
    return f"{count / 1e6:.0f} MB"
