"""Which face belongs to which body, which plate to which vehicle: one subject is counted once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from .dossier import Dossier
from .geometry import centre, inside, size

AnyDossier = Dossier[Any]

MOSTLY = 0.8
"""Share of a face or plate that must lie in the body."""

UPPER = 0.45
"""A face lies in this upper part of its body."""

FRESH_MS = 700
"""Both must have been seen within this time."""

VEHICLES = frozenset({"car", "bus", "truck", "motorcycle"})


def join(groups: Iterable[Sequence[AnyDossier]]) -> None:
    """Give faces and plates in view the subject of the body that they are part of, the smallest that fits.

    A subject that was spoken of keeps its number; then the body takes it over.
    """
    everything = [dossier for group in groups for dossier in group]
    bodies = [d for d in everything if d.kind == "body" and d.views]
    for part in (d for d in everything if d.kind != "body" and d.subject == d.track):
        fitting = [body for body in bodies if _fits(part, body)]
        if fitting:
            _unite(part, min(fitting, key=lambda body: (size(body.box), body.track)))


def _unite(part: AnyDossier, body: AnyDossier) -> None:
    if part.said is None:
        part.subject = body.subject
    elif body.said is None and body.subject == body.track:
        body.subject = part.subject


def _fits(part: AnyDossier, body: AnyDossier) -> bool:
    if abs(part.last_ms - body.last_ms) > FRESH_MS or inside(part.box, body.box) < MOSTLY:
        return False
    label = body.views[-1].label
    if part.kind == "plate":
        return label in VEHICLES
    return label == "person" and centre(part.box)[1] <= body.box[1] + UPPER * body.box[3]
