"""Faces: the best looks at a track are embedded, fused and looked up; a name needs more than being the nearest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from zhian_models.face import thresholds
from zhian_models.face.embed import fuse
from zhian_models.face.gallery import Gallery, Match
from zhian_models.face.quality import measure
from zhian_models.face.types import Face
from zhian_wire import reasons

from zhian_edge.capture.frame import Frame
from zhian_edge.config import types as config_types
from zhian_edge.signals import Check

from . import shots
from .attention import Where
from .claims import Claims
from .dossier import Dossier, Judgement, View
from .face_finder import FindsFaces
from .face_reader import ReadsFaces, Template
from .geometry import widened
from .live import LiveCheck
from .types import Detection, Picture

LEAST_QUALITY: Final = 0.04
"""Below this (blurred, turned away, a dozen pixels between the eyes) an embedding says nothing."""

SAME: Final = 0.45
"""Cosine above which two looks seconds apart in one camera are one person: far above chance (FMR 1e-3), and
only the few who were just there are compared."""

OTHER: Final = 0.25
"""Cosine below which two fair looks, a moment apart, are two persons; looks of one track are mostly above .5."""

STRAY: Final = 0.12
"""A look that resembles none of its track's others by more than this is left out."""

FAIR: Final = 0.15
"""Quality from which a single look may deny an identity."""

ENOUGH_LOOKS: Final = 14
"""Embeddings per subject; whoever is not known by then is not enrolled, or not to be recognised."""

ALONE: Final = 0.06
"""How much above the threshold a single look must be."""

CLEAR: Final = {2: 0.16, 3: 0.08, 4: 0.04}
"""How much above the threshold a name is certain before the track ends, by the looks that agree; with more, any."""

DECIDED: Final = 0.16
DECIDING: Final = 4
GOOD: Final = 0.3
"""So far from the threshold, above or below, so many looks of this quality decide: others would not change it."""

MUCH_BETTER: Final = 1.5
"""A look this much better than the best is taken even so: the picture is for people."""

LEAST_HITS: Final = 3
LEAST_SCORE: Final = 0.6
"""A stranger is somebody who was detected this often and this surely: a pattern on a wall is not."""

SEEN_WELL: Final = 0.10
"""Quality of the best look from which a passage is reported."""


@dataclass(eq=False, kw_only=True)
class FaceView(View):
    """A look at a face, with its template (d,), of length 1."""

    template: Template


@dataclass(frozen=True)
class Naming:
    """When a name may be said: `threshold(persons, looks, group)` and the margin to the second best person."""

    threshold: Callable[[int, int, str], float]
    margin: float = thresholds.MARGIN

    @classmethod
    def by_fpir(cls, fpir: float, fixed: float = 0.0) -> Naming:
        """The gallery's size decides (`zhian_models.face.thresholds`), unless `fixed` is given."""
        if fixed:
            return cls(lambda _persons, _looks, _group: fixed)
        return cls(lambda persons, looks, group: thresholds.name_threshold(persons, fpir, looks, group))


class FaceSense:
    """Finds faces in a small picture and reads them in the full one."""

    kind: config_types.Sense = "face"
    hold_ms = 6000
    search = 1.0
    selective = True

    def __init__(
        self,
        finder: FindsFaces,
        reader: ReadsFaces,
        gallery: Gallery,
        naming: Naming,
        *,
        live: LiveCheck | None = None,
    ) -> None:
        self._finder = finder
        self._reader = reader
        self._naming = naming
        self._live = live or LiveCheck(None)
        self.gallery = gallery
        self.claims = Claims()

    def find(self, frame: Frame, where: Where | None = None) -> Sequence[Detection]:
        return self._finder.everywhere(frame) if where is None else self._finder.at(frame, where)

    def look(self, dossier: Dossier[FaceView], frame: Frame, detection: Detection) -> bool:
        if dossier.hits < 2 or dossier.looks >= ENOUGH_LOOKS or self._patient(dossier):
            return False
        view = self._view(dossier, frame, detection)
        if view is None:
            return False
        shots.keep(dossier.views, view)
        return True

    def denies(self, dossier: Dossier[FaceView], frame: Frame, detection: Detection) -> bool:
        if not dossier.views:
            return False
        close, face = _close(frame, detection)
        if measure(close, face).score < FAIR:
            return False
        known = _fused(dossier.views)
        if float(self._reader.glance(close, face) @ known) >= SAME:
            return False
        return float(self._reader.read(close, face) @ known) < OTHER

    def same(self, lost: Dossier[FaceView], found: Dossier[FaceView]) -> bool:
        if not lost.views or not found.views:
            return False
        before, now = _fused(lost.views), _fused(found.views)
        return float(before @ now) >= SAME and self._may_be_one(before, now)

    def _may_be_one(self, before: Template, now: Template) -> bool:
        """Two looks of whom one is somebody are one person only if the other is most like the same one."""
        matches = self.gallery.search(before), self.gallery.search(now)
        size = max(self.gallery.size, 1)
        known = any(m.person_id and m.score >= self._naming.threshold(size, 1, m.group or "default") for m in matches)
        return not known or matches[0].person_id == matches[1].person_id

    def judge(self, dossier: Dossier[FaceView]) -> Judgement[FaceView] | None:
        if not dossier.views:
            return None
        views = _agreeing(dossier.views)
        fused = _fused(views)
        match = self.gallery.search(fused)
        threshold = self._naming.threshold(max(self.gallery.size, 1), len(views), match.group or "default")
        best = shots.best(views)
        named = match.person_id is not None and match.score >= threshold + (ALONE if len(views) == 1 else 0.0)
        apart = named and match.margin >= self._naming.margin
        refused = apart and self._live.refuses(dossier)
        checks = self._checks(dossier, views, fused)
        if apart and not refused:
            return replace(self._named(match, dossier, views, threshold), checks=checks)
        if self.dismissal(dossier):
            return None
        decided = _full(views) and match.score <= threshold - DECIDED
        return Judgement(
            view=best,
            reason=reasons.NOT_LIVE if refused else reasons.AMBIGUOUS if named else reasons.BELOW_THRESHOLD,
            certain=dossier.looks >= ENOUGH_LOOKS or (decided and not refused),
            decided=decided,
            score=round(match.score, 4) if match.person_id is not None else None,
            key=self._reader.key,
            shots=len(views),
            live=self._live.score(dossier),
            checks=checks,
        )

    def _checks(self, dossier: Dossier[FaceView], views: list[FaceView], fused: Template) -> tuple[Check, ...]:
        fair = sum(view.quality >= FAIR for view in views)
        live = not self._live.refuses(dossier)
        return self.claims.check(dossier.camera, fused, self.gallery, looks=fair, live=live)

    def dismissal(self, dossier: Dossier[FaceView]) -> str:
        if not dossier.views or dossier.hits < LEAST_HITS:
            return "brief"
        if shots.best(dossier.views).quality < SEEN_WELL:
            return "poor"
        return "unsure" if dossier.mean_score < LEAST_SCORE else ""

    def settled(self, dossier: Dossier[FaceView]) -> bool:
        told = dossier.judgement
        if dossier.looks >= ENOUGH_LOOKS or told is None:
            return dossier.looks >= ENOUGH_LOOKS
        return told.decided or (told.certain and len(dossier.views) >= shots.KEEP)

    def _named(
        self, match: Match, dossier: Dossier[FaceView], views: list[FaceView], threshold: float
    ) -> Judgement[FaceView]:
        clear = len(views) > 1 and match.score >= threshold + CLEAR.get(len(views), 0.0)
        return Judgement(
            view=shots.best(views),
            reason=reasons.NAMED,
            certain=clear and self._live.done(dossier),
            decided=_full(views) and self._live.done(dossier) and match.score >= threshold + DECIDED,
            person_id=match.person_id,
            score=round(match.score, 4),
            margin=round(match.margin, 4) if match.second_id is not None else None,
            key=self._reader.key,
            shots=len(views),
            live=self._live.score(dossier),
        )

    def _patient(self, dossier: Dossier[FaceView]) -> bool:
        """Whether there is enough of good looks already."""
        return self.settled(dossier) and min(view.quality for view in dossier.views) > 0.5

    def _view(self, dossier: Dossier[FaceView], frame: Frame, detection: Detection) -> FaceView | None:
        close, face = _close(frame, detection)
        quality = measure(close, face).score
        if quality < LEAST_QUALITY or not shots.wanted(dossier.views, quality, frame.at_ms):
            return None
        if _decided(dossier) and quality < MUCH_BETTER * shots.best(dossier.views).quality:
            return None
        dossier.looks += 1
        self._live.look(dossier, frame, detection, quality)
        return FaceView(
            frame=frame.index,
            at_ms=frame.at_ms,
            media_time_s=frame.media_time_s,
            box=detection.box,
            quality=quality,
            picture=close,
            template=self._reader.read(close, face),
        )


def _close(frame: Frame, detection: Detection) -> tuple[Picture, Face]:
    """The face with its surroundings from the full-resolution frame, and where it lies in that crop."""
    assert detection.points is not None
    region = widened(detection.box, 2.0)
    left, top = max(region[0], 0), max(region[1], 0)
    x, y, w, h = detection.box
    shift = np.array([left, top], np.float32)
    return frame.crop(region), Face((x - left, y - top, w, h), detection.points - shift, detection.score)


def _fused(views: Sequence[FaceView]) -> Template:
    """One template: looks count by their quality."""
    weights = np.array([view.quality for view in views], np.float32)
    return fuse(np.stack([view.template for view in views]), weights)


def _full(views: Sequence[FaceView]) -> bool:
    """Whether so many good looks are there that others would say the same."""
    return len(views) >= DECIDING and sum(view.quality for view in views) >= DECIDING * GOOD


def _decided(dossier: Dossier[FaceView]) -> bool:
    return dossier.judgement is not None and dossier.judgement.decided


def _agreeing(views: Sequence[FaceView]) -> list[FaceView]:
    """The looks without those that resemble none of the others: a hand before the face, or another face."""
    if len(views) < 3:
        return list(views)
    table = np.stack([view.template for view in views])
    alike = table @ table.T
    np.fill_diagonal(alike, -1.0)
    kept = [view for view, row in zip(views, alike, strict=True) if row.max() >= STRAY]
    return kept or list(views)
