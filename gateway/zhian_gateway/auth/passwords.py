"""Passwords by argon2id. Slow on purpose: call it from a worker thread, never from the event loop."""

from __future__ import annotations

import threading
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from ..errors import BadInput, WeakPassword

SHORTEST: Final = 10
LONGEST: Final = 256
#: Guesses that a password must outlast, by zxcvbn's estimate (Wheeler, USENIX Security 2016): it knows the common ones,
#: names, keyboard rows and dates. 10^8 is what its authors call safe against guessing that is not held up.
MOST_GUESSES: Final = 10**8
#: zxcvbn's time grows with the cube of the length; what is longer is judged by its beginning.
JUDGED: Final = 64

_hasher = PasswordHasher()
#: Each hash takes 64 MiB; a storm of log-ins must not take the machine's memory.
_slots = threading.Semaphore(2)
#: Checked when the user is unknown, so that the answer takes as long.
_NOBODY: Final = "$argon2id$v=19$m=65536,t=3,p=4$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


def hash_password(password: str, *about: str) -> str:
    """The text to keep.

    Args:
        about: the user's name and the site's, which everybody guesses first.

    Raises:
        BadInput: too short or too long.
        WeakPassword: among those that are guessed first.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadInput(f"a password has {SHORTEST} to {LONGEST} characters")
    if zxcvbn(password[:JUDGED], user_inputs=["zhian", *about])["guesses"] < MOST_GUESSES:
        raise WeakPassword("this password is among those that are guessed first; take several words that do not belong")
    with _slots:
        return _hasher.hash(password)


def matches(kept: str, password: str) -> bool:
    """Whether it is the one; an empty `kept` (nobody, or log-in by ticket only) never matches, and takes as long."""
    with _slots:
        try:
            return _hasher.verify(kept or _NOBODY, password[:LONGEST]) and bool(kept)
        except (VerificationError, InvalidHashError):
            return False
