"""What a failure of TLS means, and what to do about it, in words for who stands at the node. Pure."""

from __future__ import annotations

from typing import Final

#: Whoever is not named below speaks of a line that was cut.
_AGAIN: Final = "`zhian-gateway node invite` prints a code, and `zhian-edge join` takes it"
#: Part of OpenSSL's text, in lower case with spaces, and what it means; the first that fits counts.
_WORDS: Final = (
    ("certificate is not yet valid", "the other side's certificate begins later than the clock here says: set it"),
    (
        "verify failed: certificate has expired",
        "the other side's certificate is over, or the clock here is wrong",
    ),
    (
        "mismatch, certificate is not valid for",
        "the other side's certificate does not hold for this address: add it to authority.names of the gateway "
        "(and run `zhian-gateway broker config` again), or use another address",
    ),
    (
        "verify failed",
        "the other side is not certified by this site's authority: is it really ours? If the gateway was set up anew, "
        "or its authority has another root since this node was on last, " + _AGAIN,
    ),
    ("certificate revoked", "the other side says that this node's certificate was revoked"),
    ("certificate expired", f"the other side says that this node's certificate is over: {_AGAIN}"),
    ("unknown ca", f"the other side does not know who certified this node: {_AGAIN}"),
    ("certificate required", f"the other side asks for a certificate, and this node has none: {_AGAIN}"),
    ("bad certificate", f"the other side does not take this node's certificate: {_AGAIN}"),
    ("certificate unknown", f"the other side does not take this node's certificate: {_AGAIN}"),
    ("wrong version number", "no TLS is spoken there: is it the right port?"),
    ("record layer failure", "no TLS is spoken there: is it the right port?"),
)


def explained(text: str) -> str:
    """What a person can do about this failure; empty where it is none of certificates."""
    plain = text.lower().replace("_", " ")
    return next((words for part, words in _WORDS if part in plain), "")
