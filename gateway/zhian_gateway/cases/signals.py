"""What asks for a case or says that its cause is gone."""

from __future__ import annotations

from dataclasses import dataclass

from zhian_wire.alerts import Severity

from .pieces import Piece


@dataclass(frozen=True, kw_only=True)
class Raise:
    """Somebody must look at this.

    Attributes:
        key: stable (place, subject, kind, window): a repeat merges into the case that has it.
        at: RFC 3339, when it happened.
        person: opaque roster id.
        candidate: a lead that a person confirms or rejects, never a fact.
        transaction: of the node's lane, where several of its events raise the same happening: it counts once.
    """

    key: str
    kind: str
    severity: Severity
    node: str
    at: str
    camera: str | None = None
    lane: str | None = None
    person: str | None = None
    plate: str | None = None
    plate_colour: str | None = None
    candidate: bool = False
    detail: str = ""
    evidence: tuple[Piece, ...] = ()
    passage_id: int | None = None
    transaction: str | None = None


@dataclass(frozen=True, kw_only=True)
class Clear:
    """The cause of the case with this key is gone; closed ones and unknown keys are left alone."""

    key: str
    at: str
    note: str
