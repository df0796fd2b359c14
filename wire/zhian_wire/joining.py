"""How a node gets its certificate: the one-time code, what the node asks with it, and what it is given.

A code is `secret` and `fingerprint` in base32, in groups of six. The node takes the authority's certificate from the
gateway over a connection that it cannot trust yet, believes it only when its fingerprint is the code's, and shows the
secret afterwards, over a connection that this certificate vouches for.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from typing import Final, NamedTuple

import msgspec

from .errors import DecodeError

#: 80 random bits, which are tried only over the network, within an hour, a few times a minute.
_SECRET_BYTES: Final = 10
#: 128 of the sha256's bits: nobody finds a second certificate for them.
_PRINT_BYTES: Final = 16
_SECRET: Final = 16
_LENGTH: Final = 42
_GROUP: Final = 6


class Code(NamedTuple):
    """What `zhian-gateway node invite` prints and `zhian-edge join` takes."""

    secret: str
    fingerprint: str

    def __str__(self) -> str:
        text = self.secret + self.fingerprint
        return "-".join(text[start : start + _GROUP] for start in range(0, _LENGTH, _GROUP))


class JoinRequest(msgspec.Struct, frozen=True, kw_only=True):
    """`POST /join`: the code's secret and a request for a certificate (PEM), signed by the node's own key."""

    secret: str
    request: str


class RenewRequest(msgspec.Struct, frozen=True, kw_only=True):
    """`POST /renew`, with the certificate that is to be followed by another one."""

    request: str


class Issued(msgspec.Struct, frozen=True, kw_only=True):
    """A certificate (PEM) for `node` of `site`, and the authority's own."""

    site: str
    node: str
    certificate: str
    authority: str


def new_code(authority: bytes) -> Code:
    """A fresh code for nodes that are to trust `authority` (a certificate in DER)."""
    return Code(_text(secrets.token_bytes(_SECRET_BYTES)), fingerprint(authority))


def fingerprint(certificate: bytes) -> str:
    """The part of a code that stands for a certificate in DER."""
    return _text(hashlib.sha256(certificate).digest()[:_PRINT_BYTES])


def parse_code(text: str) -> Code:
    """A code as somebody typed it: case, spaces and dashes do not matter, and 0, 1 and 8 are taken for O, I and B.

    Raises:
        DecodeError: it is none.
    """
    plain = re.sub(r"[\s-]", "", text).upper().translate(str.maketrans("018", "OIB"))
    if not re.fullmatch(rf"[A-Z2-7]{{{_LENGTH}}}", plain):
        raise DecodeError(f"not a code: expected {_LENGTH} letters and digits in groups of {_GROUP}")
    return Code(plain[:_SECRET], plain[_SECRET:])


def _text(data: bytes) -> str:
    return base64.b32encode(data).decode().rstrip("=")
