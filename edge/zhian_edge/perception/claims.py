"""Faces against claims: whoever's card was read is compared 1:1 with the faces at that lane, and nobody else is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from zhian_models.face import thresholds
from zhian_models.face.gallery import Gallery

from zhian_edge.signals import Check

from .face_reader import Template

FMR: Final = 1e-3
"""Share of strangers who may pass for the person whose card they carry."""

PLAINLY_OTHER: Final = 0.05
"""`Gallery.verify` below which a face that was seen well is not the claimed person's."""

SURE_LOOKS: Final = 3
"""So many agreeing looks must deny."""


class Claims:
    """Whom cards claim to be at each camera now."""

    def __init__(self) -> None:
        self._claimed: dict[str, tuple[str, ...]] = {}

    def use(self, claimed: Mapping[str, tuple[str, ...]]) -> None:
        """Take over the claims of these cameras."""
        self._claimed |= claimed

    def check(self, camera: str, template: Template, gallery: Gallery, *, looks: int, live: bool) -> tuple[Check, ...]:
        """A fused template of so many fair looks against each claim that can be compared.

        `live`: False where the camera demands a live face and this one is not shown to be.
        """
        known = set(gallery.persons) if self._claimed.get(camera) else set()
        return tuple(
            self._checked(person, template, gallery, looks=looks, live=live)
            for person in self._claimed.get(camera, ())
            if person in known
        )

    def _checked(self, person: str, template: Template, gallery: Gallery, *, looks: int, live: bool) -> Check:
        score = gallery.verify(person, template)
        if score >= thresholds.verify_threshold(FMR, len(gallery.templates(person)), gallery.size - 1):
            return Check(person_id=person, score=round(score, 4), verdict="same" if live else "unsure")
        other = score < PLAINLY_OTHER and looks >= SURE_LOOKS
        return Check(person_id=person, score=round(score, 4), verdict="other" if other else "unsure")
