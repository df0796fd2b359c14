"""Files that only the node's own user may read."""

from __future__ import annotations

import os


def private(path: str, flags: int) -> int:
    """An `opener` for `open`."""
    return os.open(path, flags, 0o600)
