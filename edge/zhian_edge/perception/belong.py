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
ASIDE = 0.12
"""A face lies in this upper part of its body, its middle not within this share of the body's sides: there looks out
who walks behind."""

FRESH_MS = 700
"""Both must have been seen within this time."""

VEHICLES = frozenset({"car", "bus", "truck", "motorcycle"})


def join(groups: Iterable[Sequence[AnyDossier]]) -> None:
    """Give faces and plates in view the subject of the body that they are part of, the smallest that fits.

    A subject that was spoken of keeps its number; then the body takes it over, also one that is found later, or found
    anew after its track broke. A body has one face.
    """
    everything = [dossier for group in groups for dossier in group]
    bodies = [d for d in everything if d.kind == "body" and d.views]
    parts = [d for d in everything if d.kind != "body"]
    for part in parts:
        if any(body.subject == part.subject for body in bodies):
            continue
        others = {other.subject for other in parts if other.kind == part.kind and other is not part}
        fitting = [body for body in bodies if body.subject not in others and _fits(part, body)]
        if fitting:
            _unite(part, min(fitting, key=lambda body: (size(body.box), body.track)))


def _unite(part: AnyDossier, body: AnyDossier) -> None:
    if part.subject == part.track and not _spoken_of(part):
        part.subject = body.subject
    elif body.subject == body.track and not _spoken_of(body):
        body.subject = part.subject


def _spoken_of(dossier: AnyDossier) -> bool:
    """Whether the decision knows its number."""
    return dossier.said is not None or dossier.crossed


def _fits(part: AnyDossier, body: AnyDossier) -> bool:
    if abs(part.last_ms - body.last_ms) > FRESH_MS or inside(part.box, body.box) < MOSTLY:
        return False
    label = body.views[-1].label
    if part.kind == "plate":
        return label in VEHICLES
    across, down = centre(part.box)
    left, top, width, height = body.box
    beside = abs(across - left - width / 2) > (0.5 - ASIDE) * width
    return label == "person" and not beside and down <= top + UPPER * height
