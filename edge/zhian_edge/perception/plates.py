"""Plates: several looks at a track are read and voted on, character by character; only whole readings count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray
from zhian_models.plate.types import PlateBox, Reading
from zhian_models.plate.vote import Vote, fuse
from zhian_wire import reasons

from zhian_edge.capture.frame import Frame
from zhian_edge.config import types as config_types

from . import shots, unread
from .attention import Where
from .dossier import Dossier, Judgement, View
from .geometry import overlap, widened
from .types import Detection, Picture

KEEP: Final = 9
ENOUGH_LOOKS: Final = 16
"""Readings per track, kept or not; a plate that resists so many stays unread."""

SCENERY: Final = 5
NOTHING: Final = "no_symbols"
"""After so many readings without a symbol it is no plate, unless it comes much nearer."""

AGREE: Final = 3
SURE: Final = 0.85
"""So many readings of one text, the vote this sure: nothing more to learn."""

NEAR: Final = 2
"""Readings of one plate that differ in so many characters may be one plate, read badly once."""

GROWN: Final = 1.3
"""A plate that was read for certain is read again when a look promises so many times more."""

SURE_FIND: Final = 0.8
"""Detection score of a plate that a look in the small picture has plainly found."""

THOROUGH_MS: Final = 600
"""Where something moves and no plate is plain, the full picture is looked at this often: dark, blurred and distant
plates are found only there, at four times the cost."""

BARREN_MS: Final = 1200
"""The same where the last look at the full picture found nothing: a vehicle stays in view for longer."""

FULL: Final = 1280
"""Longer side at which the full picture is looked at; larger frames are made smaller."""

SAME_PLACE: Final = 0.3
"""Overlap at which two finds are one plate."""


class FindsPlates(Protocol):
    """Plates of a picture in its pixels, looked at with `scale` times its size."""

    def detect_at(self, bgr: Picture, scale: float) -> list[PlateBox]: ...


class ReadsPlates(Protocol):
    """Reads one plate of a picture."""

    def read_at(self, bgr: Picture, box: PlateBox) -> Reading: ...


@dataclass(eq=False, kw_only=True)
class PlateView(View):
    """A look at a plate with what was read there."""

    reading: Reading


class PlateSense:
    """Finds plates in a small picture and reads them in the full one; `rejected` counts why readings were refused."""

    kind: config_types.Sense = "plate"
    hold_ms = 4000
    search = 2.0
    selective = False

    def __init__(self, detector: FindsPlates, reader: ReadsPlates, width: int) -> None:
        self._detector = detector
        self._reader = reader
        self._width = width
        self._thorough: dict[str, tuple[int, int]] = {}
        self.rejected: Counter[str] = Counter()

    def find(self, frame: Frame, where: Where | None = None) -> Sequence[Detection]:
        del where
        small = frame.bgr(self._width)
        scale = frame.width / small.shape[1]
        found = [_enlarged(box, scale) for box in self._detector.detect_at(small, 1.0)]
        if any(plate.score >= SURE_FIND for plate in found) or not self._full_due(frame):
            return found
        full = [_enlarged(box, 1.0) for box in self._detector.detect_at(frame.bgr(), _full_scale(frame))]
        self._thorough[frame.camera] = frame.at_ms, THOROUGH_MS if full else BARREN_MS
        return full + [plate for plate in found if all(overlap(plate.box, f.box) < SAME_PLACE for f in full)]

    def _full_due(self, frame: Frame) -> bool:
        """Whether the full picture's turn has come at this camera."""
        last_ms, pause_ms = self._thorough.get(frame.camera, (0, 0))
        return not 0 <= frame.at_ms - last_ms < pause_ms

    def look(self, dossier: Dossier[PlateView], frame: Frame, detection: Detection) -> bool:
        quality = _promise(detection, frame)
        if (self.settled(dossier) and not _much_larger(dossier, quality)) or not shots.wanted(
            dossier.views, quality, frame.at_ms, KEEP
        ):
            return False
        dossier.looks += 1
        shots.keep(dossier.views, self._read(frame, detection, quality), KEEP)
        return True

    def denies(self, dossier: Dossier[PlateView], frame: Frame, detection: Detection) -> bool:
        known = _vote(dossier).plate
        if known is None:
            return False
        reading = self._read(frame, detection, 0.0).reading
        return reading.reject is None and apart(reading.text, known.text) > NEAR

    def same(self, lost: Dossier[PlateView], found: Dossier[PlateView]) -> bool:
        before, after = _vote(lost).plate, _vote(found).plate
        if before is None or after is None:
            return False
        return apart(before.text, after.text) <= NEAR

    def judge(self, dossier: Dossier[PlateView]) -> Judgement[PlateView] | None:
        if not dossier.views:
            return None
        vote = _vote(dossier)
        if vote.plate is None:
            return None if _no_plate(dossier) else _unread(dossier)
        plate = vote.plate
        readers = [view for view in dossier.views if view.reading.text == plate.text] or dossier.views
        return Judgement(
            view=max(readers, key=lambda view: (view.reading.confidence, view.quality, -view.at_ms)),
            reason=reasons.PLATE_READ,
            certain=len(readers) >= AGREE and plate.confidence >= SURE,
            plate=plate.text,
            plate_colour=str(plate.colour),
            plate_kind=str(plate.kind),
            score=round(plate.confidence, 4),
            shots=len(dossier.views),
        )

    def settled(self, dossier: Dossier[PlateView]) -> bool:
        certain = dossier.judgement is not None and dossier.judgement.certain
        return certain or dossier.looks >= ENOUGH_LOOKS or (dossier.looks >= SCENERY and _no_plate(dossier) == NOTHING)

    def dismissal(self, dossier: Dossier[PlateView]) -> str:
        return _no_plate(dossier) or "unread"

    def _read(self, frame: Frame, detection: Detection, quality: float) -> PlateView:
        assert detection.points is not None
        region = widened(detection.box, 3.0)
        left, top = max(region[0], 0), max(region[1], 0)
        close = frame.crop(region)
        x, y, w, h = detection.box
        corners = detection.points - np.array([left, top], np.float32)
        reading = self._reader.read_at(close, PlateBox(corners, (x - left, y - top, w, h), detection.score))
        if reading.reject is not None:
            self.rejected[str(reading.reject)] += 1
        return PlateView(
            frame=frame.index,
            at_ms=frame.at_ms,
            media_time_s=frame.media_time_s,
            box=detection.box,
            quality=quality,
            picture=close,
            reading=reading,
        )


def apart(a: str, b: str) -> int:
    """Edits (insert, drop, change) between two texts (Levenshtein 1965)."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        left = row[0]
        row[0] = i
        for j, y in enumerate(b, 1):
            left, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, left + (x != y))
    return row[-1]


def _much_larger(dossier: Dossier[PlateView], quality: float) -> bool:
    """Whether a plate that was read from afar may now be read better."""
    return len(dossier.views) < KEEP and quality > GROWN * shots.best(dossier.views).quality


def _no_plate(dossier: Dossier[PlateView]) -> str:
    return unread.why_not([view.reading for view in dossier.views], dossier.hits, moved=dossier.moved)


def _unread(dossier: Dossier[PlateView]) -> Judgement[PlateView]:
    return Judgement(view=shots.best(dossier.views), reason=reasons.PLATE_UNREAD, shots=len(dossier.views))


def _vote(dossier: Dossier[PlateView]) -> Vote:
    return fuse([view.reading for view in dossier.views])


def _promise(detection: Detection, frame: Frame) -> float:
    """What a look may give before it is read: larger and surer plates more, those cut by the frame's edge little."""
    x, y, w, h = detection.box
    whole = x > 2 and y > 2 and x + w < frame.width - 2 and y + h < frame.height - 2
    return min(w, 200.0) / 200.0 * detection.score * (1.0 if whole else 0.3)


def _full_scale(frame: Frame) -> float:
    return min(1.0, FULL / max(frame.width, frame.height))


def _enlarged(box: PlateBox, scale: float) -> Detection:
    x, y, w, h = (side * scale for side in box.box)
    corners: NDArray[np.float32] = (box.corners * np.float32(scale)).astype(np.float32)
    return Detection("plate", (x, y, w, h), box.score, corners)
