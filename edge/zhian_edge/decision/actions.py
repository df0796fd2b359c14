"""What a decision asks of devices: carried out only after the events that it came with are on the disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

#: How long an order to a barrier is good for. Whoever waited longer has gone, or has presented the card again.
EXPIRES_MS = 2000


@dataclass(frozen=True, kw_only=True)
class Act:
    """An order to the barrier of `lane`; absolute, given once, never repeated.

    Attributes:
        transaction: of the decision that it follows; whoever carries it out answers with `signals.Acted` of the same.
        duration_ms: of a pulse; 0: as the barrier is configured.
        expires_ms: monotonic; one that comes to it later must not act, and answers `failed`, "expired".
        order: of the person whose word it follows; empty: nobody's.
        vital: a way out or a release for fire: carried out even while nothing can be written to the disk.
    """

    lane: str
    action: Literal["pulse", "hold", "close"]
    transaction: str
    expires_ms: int
    duration_ms: int = 0
    order: str = ""
    vital: bool = False


@dataclass(frozen=True, kw_only=True)
class Show:
    """What the reader `reader` is to show to whoever stands before it; nobody waits for it, nobody answers."""

    reader: str
    feedback: Literal["granted", "refused", "wait"]
    expires_ms: int


@dataclass(frozen=True, kw_only=True)
class Compare:
    """The faces at the cameras of `lane` are to be compared 1:1 with these persons, from now until the next word.

    `awaited`: whose card waits for their face, and when it was read (monotonic ms): whoever is known as them is to be
    told once more when they have been seen since.
    """

    lane: str
    person_ids: tuple[str, ...]
    awaited: Mapping[str, int] = field(default_factory=dict)


Action: TypeAlias = Act | Show | Compare
