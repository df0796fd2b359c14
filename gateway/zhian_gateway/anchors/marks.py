"""One signed line: how far the audit was. Pure.

A line is JSON of its own. `after` is the sha256 of the line before it, so that none can be taken out between two.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Final, Literal, NamedTuple, TypeAlias

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from msgspec.structs import replace

#: `restored`: the audit goes on from here, whatever it was before.
Kind: TypeAlias = Literal["head", "restored"]
FIRST: Final = "0" * 64


class Mark(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The audit's last entry at one moment.

    Attributes:
        at: when this was written.
        entry: its number; 0: there was none.
        entry_at: when it was written.
        hash: its hash, which covers all before it.
        after: digest of the line before.
        signature: Ed25519 over the rest, in base64.
    """

    kind: Kind
    site: str
    at: str
    entry: int
    entry_at: str
    hash: str
    after: str = FIRST
    signature: str = ""


class Line(NamedTuple):
    """A line of the file, as it was found.

    Attributes:
        number: counted from 1.
        mark: what it says; None: it is not as it was written, or one before it is not, or is gone.
    """

    number: int
    mark: Mark | None


def signed(mark: Mark, key: Ed25519PrivateKey) -> bytes:
    """The line for a mark, without its end."""
    signature = base64.b64encode(key.sign(_said(mark))).decode()
    return msgspec.json.encode(replace(mark, signature=signature))


def digest(line: bytes) -> str:
    """What stands for a line in the one that follows it."""
    return hashlib.sha256(line).hexdigest()


def read(text: bytes, key: Ed25519PublicKey) -> list[Line]:
    """The lines of a file.

    A line that cannot be read is passed over where those around it follow each other: a power cut has left half of it.
    """
    *lines, half = text.split(b"\n")
    found, last = [], ""
    for number, line in enumerate(lines, 1):
        mark = _read(line, key)
        if mark is None:
            continue
        # What is there first follows nothing, or what somebody has put away to keep.
        found.append(Line(number, mark if mark.after == last or not last else None))
        last = digest(line)
    if lines and not half and _read(lines[-1], key) is None:
        found.append(Line(len(lines), None))
    return found


def _read(text: bytes, key: Ed25519PublicKey) -> Mark | None:
    try:
        mark = msgspec.json.decode(text, type=Mark)
        key.verify(base64.b64decode(mark.signature), _said(mark))
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError, InvalidSignature):
        return None
    return mark


def _said(mark: Mark) -> bytes:
    return msgspec.json.encode(replace(mark, signature=""))
