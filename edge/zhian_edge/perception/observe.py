"""From a judged subject to the signal that the decision gets."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from zhian_wire.evidence import Box as WireBox
from zhian_wire.evidence import Direction, Evidence

from zhian_edge.signals import Crossing, InView, Observation

from .dossier import Dossier, Judgement, View
from .live import verdict
from .types import Box, Picture

V = TypeVar("V", bound=View)

Keep = Callable[[Picture], str | None]
"""Stores a crop and returns its sha256; None where no pictures are kept."""


def observation(
    dossier: Dossier[V], judgement: Judgement[V], *, final: bool, synthetic: bool, keep: Keep, joined: bool = False
) -> Observation:
    """What `dossier` is held to be; the evidence is the very look that was read. `joined`: as in `Observation`."""
    view = judgement.view
    return Observation(
        camera=dossier.camera,
        source=dossier.source,
        track=dossier.track,
        subject=dossier.subject,
        kind=dossier.kind,
        at_ms=view.at_ms,
        media_time_s=round(view.media_time_s, 3),
        first_s=round(dossier.first_s, 3),
        last_s=round(dossier.last_s, 3),
        final=final,
        direction=dossier.direction(),
        person_id=judgement.person_id,
        plate=judgement.plate,
        body=judgement.body,
        reason=judgement.reason,
        checks=judgement.checks,
        joined=joined,
        evidence=_evidence(dossier, judgement, synthetic, keep),
    )


def seen_ms(dossier: Dossier[V], view: V) -> int:
    """When `dossier` was in view last, as whoever gets an observation of `view` reckons it."""
    return view.at_ms + round((round(dossier.last_s, 3) - round(view.media_time_s, 3)) * 1000)


def crossing(dossier: Dossier[V], at_ms: int, media_time_s: float, direction: Direction) -> Crossing:
    """`dossier`'s subject went over the line."""
    return Crossing(
        camera=dossier.camera,
        source=dossier.source,
        track=dossier.track,
        subject=dossier.subject,
        kind=dossier.kind,
        at_ms=at_ms,
        media_time_s=round(media_time_s, 3),
        direction=direction,
        box=_rounded(dossier.box),
        first_s=round(dossier.first_s, 3),
    )


def in_view(dossier: Dossier[V], *, over: bool = False) -> InView:
    """`dossier`'s subject is here, whatever it will turn out to be; `over`: as in `InView`."""
    return InView(
        camera=dossier.camera,
        source=dossier.source,
        track=dossier.track,
        subject=dossier.subject,
        kind="body",
        at_ms=dossier.last_ms,
        media_time_s=round(dossier.last_s, 3),
        first_s=round(dossier.first_s, 3),
        over=over,
    )


def _evidence(dossier: Dossier[V], judgement: Judgement[V], synthetic: bool, keep: Keep) -> Evidence:
    view = judgement.view
    if view.stored is None:
        view.stored = keep(view.picture)
    return Evidence(
        kind=dossier.kind,
        device=dossier.camera,
        at_ms=view.at_ms,
        media_time_s=round(view.media_time_s, 3),
        frame=view.frame,
        box=_rounded(view.box),
        score=judgement.score,
        margin=judgement.margin,
        person_id=judgement.person_id,
        plate=judgement.plate,
        plate_colour=judgement.plate_colour,
        plate_kind=judgement.plate_kind,
        key=judgement.key,
        picture=view.stored,
        shots=judgement.shots,
        live=judgement.live,
        liveness=verdict(judgement.live),
        synthetic=synthetic,
    )


def _rounded(box: Box) -> WireBox:
    x, y, w, h = (round(side, 1) for side in box)
    return x, y, w, h
