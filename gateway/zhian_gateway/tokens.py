"""Random secrets and the digests that are kept of them."""

from __future__ import annotations

import hashlib
import hmac
import secrets


def new_secret() -> str:
    """192 random bits, as text that fits an address."""
    return secrets.token_urlsafe(24)


def digest(secret: str) -> str:
    """What is kept of a random secret: it cannot be guessed, so a plain sha256 is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def same(left: str, right: str) -> bool:
    """Compare without telling by the time it takes."""
    return hmac.compare_digest(left.encode(), right.encode())
