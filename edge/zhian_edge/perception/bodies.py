"""Bodies: people and vehicles are counted; they have no name, only a kind and colours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray
from zhian_wire import reasons
from zhian_wire.events import BodyKind

from zhian_edge.capture.frame import Frame
from zhian_edge.config import types as config_types

from . import shots
from .attention import Where
from .dossier import Dossier, Judgement, View
from .geometry import alike_in_size, at_edge, distance, inside
from .types import Box, Detection, Picture

WIDTH: Final = 416
"""Pixels of the picture that is looked at, and that colours are taken from."""

KEEP: Final = 3
LEAST_HITS: Final = 3
LEAST_MS: Final = 500
LEAST_SCORE: Final = 0.45
"""What was there for less, or less surely, is a shadow."""

SAME_COLOURS: Final = 0.55
OTHER_COLOURS: Final = 0.25
"""Correlation of two colour histograms; clothes do not change within seconds, light does a little."""

NEAR: Final = 1.5
"""A body that is found again may have moved by so many of its sides."""

WHEELED: Final = frozenset({"bicycle", "motorcycle"})


class FoundBody(Protocol):
    """What a body detector returns: kind, score, box in the picture's pixels."""

    @property
    def kind(self) -> BodyKind: ...
    @property
    def score(self) -> float: ...
    @property
    def box(self) -> Box: ...


class FindsBodies(Protocol):
    """People and vehicles of a picture."""

    def detect(self, bgr: Picture) -> Sequence[FoundBody]: ...


@dataclass(eq=False, kw_only=True)
class BodyView(View):
    """A look at a body: its kind and its colours (histogram of hue and saturation, sum 1)."""

    label: BodyKind
    colours: NDArray[np.float32]


class BodySense:
    """Finds and counts bodies."""

    kind: config_types.Sense = "body"
    hold_ms = 2500
    search = 2.0
    selective = False

    def __init__(self, detector: FindsBodies) -> None:
        self._detector = detector

    def find(self, frame: Frame, where: Where | None = None) -> Sequence[Detection]:
        del where
        small = frame.bgr(WIDTH)
        scale = frame.width / small.shape[1]
        found = sorted(self._detector.detect(small), key=lambda body: -body.score)
        enlarged = [_enlarged(body, scale) for body in found]
        return _single(enlarged)

    def look(self, dossier: Dossier[BodyView], frame: Frame, detection: Detection) -> bool:
        quality = detection.score * (0.5 if at_edge(detection.box, frame.width, frame.height) else 1.0)
        if not shots.wanted(dossier.views, quality, frame.at_ms, KEEP):
            return False
        assert detection.label is not None
        x, y, w, h = detection.box
        view = BodyView(
            frame=frame.index,
            at_ms=frame.at_ms,
            media_time_s=frame.media_time_s,
            box=detection.box,
            quality=quality,
            picture=frame.crop((int(x), int(y), int(w) + 1, int(h) + 1)),
            label=detection.label,
            colours=_colours(frame, detection.box),
        )
        shots.keep(dossier.views, view, KEEP)
        return True

    def denies(self, dossier: Dossier[BodyView], frame: Frame, detection: Detection) -> bool:
        if not dossier.views:
            return False
        return _likest(dossier.views, _colours(frame, detection.box)) < OTHER_COLOURS

    def same(self, lost: Dossier[BodyView], found: Dossier[BodyView]) -> bool:
        if not lost.views or not found.views or _label(lost) != _label(found):
            return False
        before, after = lost.box, found.path[0].box
        if distance(before, after) > NEAR or alike_in_size(before, after) < 0.4:
            return False
        return max(_likest(lost.views, view.colours) for view in found.views) >= SAME_COLOURS

    def judge(self, dossier: Dossier[BodyView]) -> Judgement[BodyView] | None:
        if self.dismissal(dossier):
            return None
        view = shots.best(dossier.views)
        return Judgement(
            view=view, reason=reasons.SEEN, body=_label(dossier), score=round(view.quality, 4), shots=dossier.hits
        )

    def dismissal(self, dossier: Dossier[BodyView]) -> str:
        if not dossier.views or dossier.hits < LEAST_HITS or dossier.last_ms - dossier.first_ms < LEAST_MS:
            return "brief"
        if dossier.mean_score < LEAST_SCORE:
            return "unsure"
        return "" if _label(dossier) == "person" or dossier.moved else "parked"

    def settled(self, dossier: Dossier[BodyView]) -> bool:
        return dossier.hits > LEAST_HITS


def _label(dossier: Dossier[BodyView]) -> BodyKind:
    return Counter(view.label for view in dossier.views).most_common(1)[0][0]


def _single(found: Sequence[Detection]) -> list[Detection]:
    """One detection per subject: whoever rides is one with the bicycle."""
    kept: list[Detection] = []
    for body in found:
        if not any(_one_subject(body, other) for other in kept):
            kept.append(body)
    return kept


def _one_subject(a: Detection, b: Detection) -> bool:
    kinds = {a.label, b.label}
    if "person" in kinds and kinds & WHEELED:
        person, wheels = (a, b) if a.label == "person" else (b, a)
        return inside(wheels.box, person.box) > 0.4 or inside(person.box, wheels.box) > 0.4
    return False


def _enlarged(body: FoundBody, scale: float) -> Detection:
    x, y, w, h = (side * scale for side in body.box)
    return Detection("body", (x, y, w, h), body.score, None, body.kind)


def _colours(frame: Frame, box: Box) -> NDArray[np.float32]:
    small = frame.bgr(WIDTH)
    scale = small.shape[1] / frame.width
    x, y, w, h = (round(side * scale) for side in box)
    cut = small[max(y, 0) : max(y, 0) + max(h, 2), max(x, 0) : max(x, 0) + max(w, 2)]
    hsv = cv2.cvtColor(cut, cv2.COLOR_BGR2HSV)
    table = cv2.calcHist([hsv], [0, 1, 2], None, [8, 4, 4], [0, 180, 0, 256, 0, 256]).ravel()
    return np.asarray(table / max(float(table.sum()), 1.0), np.float32)


def _likest(views: Sequence[BodyView], colours: NDArray[np.float32]) -> float:
    return max(float(cv2.compareHist(view.colours, colours, cv2.HISTCMP_CORREL)) for view in views)
