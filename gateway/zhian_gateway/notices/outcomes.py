"""What became of one try to send."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["delivered", "refused", "later", "unsure"]


@dataclass(frozen=True)
class Outcome:
    """What became of it.

    Attributes:
        kind: `delivered`: the provider has taken it. `refused`: this channel will never take it. `later`: it was not
            taken, and may be another time. `unsure`: nobody answered, so it may have been taken.
        reason: for a person; holds no address, number or secret.
        after_s: not before so many seconds, where the provider said so.
        whole: the trouble is the provider's or the account's, not this notice's.
        asked: whether the provider was asked at all; one that is in trouble may be spared, which counts as no try.
    """

    kind: Kind
    reason: str = ""
    after_s: float | None = None
    whole: bool = False
    asked: bool = True


def delivered(reference: str = "") -> Outcome:
    """The provider has taken it; its own reference, if it gave one."""
    return Outcome("delivered", reference)


def refused(reason: str, *, whole: bool = False) -> Outcome:
    """This channel will never take it."""
    return Outcome("refused", reason, whole=whole)


def later(reason: str, after_s: float | None = None, *, whole: bool = False) -> Outcome:
    """It was not taken, and may be another time."""
    return Outcome("later", reason, after_s, whole)


def unsure(reason: str) -> Outcome:
    """Nobody answered, so it may have been taken."""
    return Outcome("unsure", reason, whole=True)
