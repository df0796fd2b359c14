"""What a gateway answers after its commit; the only proof that an event is stored."""

from __future__ import annotations

import hashlib
from typing import Final, Literal

import msgspec

#: So much of the sha256 tells two events under one number apart.
PROOF_CHARS: Final = 16
#: An event whose place another one has gets the only place of an epoch that is called so, followed by its proof.
MOVED: Final = "moved-"
#: What a node's word on a day calls all of these together: there may be one for each event of a day.
ALL_MOVED: Final = "moved"


def proof_of(body: bytes) -> str:
    """What a receipt says of an event's exact bytes: the beginning of their sha256, hexadecimal."""
    return hashlib.sha256(body).hexdigest()[:PROOF_CHARS]


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """An event that will never be stored, and why; the node reports it and does not send it again."""

    seq: int
    reason: Literal["conflict", "unreadable", "foreign"]
    detail: str = ""


class Receipt(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything that the gateway's store holds of one node's epoch.

    Only `proof` settles an event: two machines with copies of one card hear each other's receipts, and decide
    different events under the same numbers.

    Attributes:
        proof: what is stored under each number that this receipt answers, as `proof_of`; other bytes than the node's
            own mean that another machine's event has that place.
        through: the highest seq up to which nothing is missing (0: nothing).
        also: seqs above `through` that are stored too.
        store_id: of the database that committed; another one means that a backup was restored, and the node
            sends its ring of receipted rows again.
        highest: the highest seq ever seen in this epoch, or from which the node's count fell; above the node's own, its
            card was cloned or restored.
    """

    node: str
    epoch: str
    through: int
    store_id: str
    also: tuple[int, ...] = ()
    highest: int = 0
    refused: tuple[Refusal, ...] = ()
    proof: dict[int, str] = {}
