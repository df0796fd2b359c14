"""By what the site's own tools are known to the running gateway."""

from __future__ import annotations

import hashlib
import hmac


def own_token(key: bytes) -> str:
    """What `doctor` shows; derived from the store's key, so whoever reads the store has it, and nobody else."""
    return hmac.new(key, b"operations", hashlib.sha256).hexdigest()
