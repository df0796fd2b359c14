"""Evidence as pages show it: with the wall time that its node's monotonic clock stood for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import msgspec
from zhian_wire import times
from zhian_wire.events import Event
from zhian_wire.evidence import Box, Evidence

from .. import moments


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of evidence.

    `at` is RFC 3339, `network` the template key that a score belongs to, `liveness` the word for `live`. `subject` is
    whom it was named as (the opaque id); None: nobody, or nobody knows, as of what was kept before this was.
    """

    kind: str
    camera: str
    at: str
    picture: str | None
    box: Box | None
    score: float | None
    margin: float | None
    live: float | None
    network: str | None
    synthetic: bool
    liveness: str | None = None
    subject: str | None = None


def pieces(event: Event, evidence: Iterable[Evidence]) -> tuple[Piece, ...]:
    """The evidence of `event`, in its order."""
    return tuple(_piece(event, each) for each in evidence)


def to_text(found: tuple[Piece, ...]) -> str:
    """For the store."""
    return msgspec.json.encode(found).decode()


def from_text(text: str) -> tuple[Piece, ...]:
    """From the store."""
    return msgspec.json.decode(text, type=tuple[Piece, ...])


def _piece(event: Event, evidence: Evidence) -> Piece:
    at = times.from_text(event.time) - timedelta(milliseconds=event.mono_ms - evidence.at_ms)
    return Piece(
        kind=evidence.kind,
        camera=evidence.device,
        at=moments.text(at),
        picture=evidence.picture,
        box=evidence.box,
        score=evidence.score,
        margin=evidence.margin,
        live=evidence.live,
        network=evidence.key,
        synthetic=evidence.synthetic,
        liveness=evidence.liveness,
        subject=evidence.person_id,
    )
