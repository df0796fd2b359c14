"""Passwords by argon2id. Slow on purpose: call it from a worker thread, never from the event loop."""

from __future__ import annotations

import threading
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from ..errors import BadInput

SHORTEST: Final = 10
LONGEST: Final = 256

_hasher = PasswordHasher()
#: Each hash takes 64 MiB; a storm of log-ins must not take the machine's memory.
_slots = threading.Semaphore(2)
#: Checked when the user is unknown, so that the answer takes as long.
_NOBODY: Final = "$argon2id$v=19$m=65536,t=3,p=4$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


def hash_password(password: str) -> str:
    """The text to keep.

    Raises:
        BadInput: too short or too long.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadInput(f"a password has {SHORTEST} to {LONGEST} characters")
    with _slots:
        return _hasher.hash(password)


def matches(kept: str, password: str) -> bool:
    """Whether it is the one; an empty `kept` (nobody, or log-in by ticket only) never matches, and takes as long."""
    with _slots:
        try:
            return _hasher.verify(kept or _NOBODY, password[:LONGEST]) and bool(kept)
        except (VerificationError, InvalidHashError):
            return False
