"""By what the site's own tools are known to the running gateway, and the gateway to its broker."""

from __future__ import annotations

import hashlib
import hmac


def own_token(key: bytes) -> str:
    """What `doctor` shows; derived from the store's key, so whoever reads the store has it, and nobody else."""
    return hmac.new(key, b"operations", hashlib.sha256).hexdigest()


def client_secret(key: bytes) -> str:
    """What makes the gateway's client id at the broker its own.

    The same after a restart, so that a broker that kept a session over a power cut ends it: nats-server would keep all
    events for it, until its disk is full. Not to be guessed, for nats-server lets whoever names a client id throw out
    whoever had it.
    """
    return hmac.new(key, b"client id at the broker", hashlib.sha256).hexdigest()[:32]
