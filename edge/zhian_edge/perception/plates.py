"""Plates: several looks at a track are read and voted on, character by character; only whole readings count."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from zhian_models.plate.fuzzy import edits
from zhian_models.plate.geometry import cut_off
from zhian_models.plate.types import PlateBox, Reading, RejectReason
from zhian_models.plate.vote import Vote, fuse
from zhian_wire import reasons

from zhian_edge.capture.frame import Frame
from zhian_edge.config import types as config_types

from . import shots, unread
from .attention import Where
from .dossier import Dossier, Judgement, View
from .geometry import widened
from .parked import Parked
from .plate_finder import AROUND, FindsPlates
from .types import Box, Detection, Picture

KEEP: Final = 9
ENOUGH_LOOKS: Final = 16
"""Readings per track, kept or not; a plate that resists so many stays unread."""

SCENERY: Final = 5
NOTHING: Final = "no_symbols"
"""After so many readings without a symbol it is no plate, unless it comes much nearer."""

PARKED: Final = "parked"
"""Why a plate that was read is not told: it stands where it was left."""

AT_ONCE: Final = 0.9
"""Two readings of one text, the vote this sure, are told, however close in time."""

TELL: Final = {3: 0.75, 4: 0.6}
"""Read alike at so many moments, the vote this sure: it is told while the car is still there. With `AT_ONCE` and these,
nine versions of the car reel (dark, small, noisy, coarse, half the frames, all at once) had no wrong text among 200
that were told so; with .65 at three moments it were three, with .5 at four one."""

LARGE: Final = 110.0
SOON_MS: Final = 60
"""A plate of `LARGE` pixels, or one that was read as surely as `AT_ONCE` asks, is read again in the next frame of a
camera that sends 15 a second. Smaller ones are misread by blur and packing, alike in frames close together: what is
closer than `shots.APART_MS` counts as one moment with them."""

ENOUGH: Final = {3: 0.85, 6: 0.6}
"""So many, this sure: nothing more to learn. What stays a little unsure then is dirt and blur; they do not go away."""

NEAR: Final = 2
"""Readings of one plate that differ in so many characters may be one plate, read badly once."""

GROWN: Final = 1.3
"""A plate that was read for certain is read again when a look promises so many times more."""

THOROUGH_MS: Final = 400
"""A track is read as well as can be this often, or sooner where a look promises `GROWN` times more; else at a glance.
What is unsure at a glance costs five times as much to read, and two such readings close in time fail alike."""


class ReadsPlates(Protocol):
    """Reads one plate of a picture, at a glance or as well as can be; says whether it plainly shows another text."""

    def glance_at(self, bgr: Picture, box: PlateBox) -> Reading: ...

    def read_at(self, bgr: Picture, box: PlateBox) -> Reading: ...

    def contradicts(self, bgr: Picture, box: PlateBox, text: str) -> bool: ...


@dataclass(eq=False, kw_only=True)
class PlateView(View):
    """A look at a plate with what was read there; `thorough`: as well as can be, not at a glance."""

    reading: Reading
    thorough: bool


class PlateSense:
    """Finds plates in a small picture and reads them in the full one; `rejected` counts why readings were refused."""

    kind: config_types.Sense = "plate"
    hold_ms = 4000
    search = 2.0
    selective = True

    def __init__(self, finder: FindsPlates, reader: ReadsPlates) -> None:
        self._finder = finder
        self._reader = reader
        self._parked = Parked()
        self.rejected: Counter[str] = Counter()

    def find(self, frame: Frame, where: Where | None = None) -> Sequence[Detection]:
        return self._finder.everywhere(frame) if where is None else self._finder.at(frame, where)

    def look(self, dossier: Dossier[PlateView], frame: Frame, detection: Detection) -> bool:
        quality = _promise(detection, frame)
        apart_ms = SOON_MS if _is_large(detection.box) or _to_confirm(dossier) else shots.APART_MS
        if (self.settled(dossier) and not _much_larger(dossier, quality)) or not shots.wanted(
            dossier.views, quality, frame.at_ms, KEEP, apart_ms
        ):
            return False
        if detection.points is None or cut_off(detection.points, frame.width, frame.height):
            self.rejected[RejectReason.CUT_OFF] += 1
            return False
        dossier.looks += 1
        shots.keep(dossier.views, self._read(frame, detection, thorough=_due(dossier, frame, quality)), KEEP, apart_ms)
        return True

    def denies(self, dossier: Dossier[PlateView], frame: Frame, detection: Detection) -> bool:
        known = _vote(dossier).plate
        if known is None:
            return False
        return self._reader.contradicts(*_cut(frame, detection), known.text)

    def same(self, lost: Dossier[PlateView], found: Dossier[PlateView]) -> bool:
        before, after = _vote(lost).plate, _vote(found).plate
        if before is None or after is None:
            return False
        return edits(before.text, after.text) <= NEAR

    def judge(self, dossier: Dossier[PlateView]) -> Judgement[PlateView] | None:
        if not dossier.views:
            return None
        vote = _vote(dossier)
        if vote.plate is None:
            return None if _no_plate(dossier) else _unread(dossier)
        plate = vote.plate
        agreeing = [view for view in dossier.views if view.reading.text == plate.text]
        if self._parked.knows(dossier, plate.text, [v.box for v in sorted(agreeing, key=lambda v: v.at_ms)]):
            return None
        return Judgement(
            view=max(agreeing or dossier.views, key=lambda view: (view.reading.confidence, view.quality, -view.at_ms)),
            reason=reasons.PLATE_READ,
            certain=_certain(agreeing, plate.confidence),
            decided=_reaches(ENOUGH, len(agreeing), plate.confidence),
            plate=plate.text,
            plate_colour=str(plate.colour),
            plate_kind=str(plate.kind),
            score=round(plate.confidence, 4),
            shots=len(dossier.views),
        )

    def settled(self, dossier: Dossier[PlateView]) -> bool:
        decided = dossier.judgement is not None and dossier.judgement.decided
        return decided or dossier.looks >= ENOUGH_LOOKS or (dossier.looks >= SCENERY and _no_plate(dossier) == NOTHING)

    def dismissal(self, dossier: Dossier[PlateView]) -> str:
        vote = _vote(dossier)
        return PARKED if vote.plate is not None else _no_plate(dossier) or str(vote.reject)

    def _read(self, frame: Frame, detection: Detection, *, thorough: bool) -> PlateView:
        """What the detection shows."""
        close, box = _cut(frame, detection)
        reading = self._reader.read_at(close, box) if thorough else self._reader.glance_at(close, box)
        if reading.reject is not None:
            self.rejected[reading.reject] += 1
        return PlateView(
            frame=frame.index,
            at_ms=frame.at_ms,
            media_time_s=frame.media_time_s,
            box=detection.box,
            quality=_promise(detection, frame),
            picture=close,
            reading=reading,
            thorough=thorough,
        )


def _cut(frame: Frame, detection: Detection) -> tuple[Picture, PlateBox]:
    """The plate with its surroundings from the full-resolution frame, and where it lies in that cut."""
    assert detection.points is not None
    region = widened(detection.box, AROUND)
    left, top = max(region[0], 0), max(region[1], 0)
    x, y, w, h = detection.box
    corners = detection.points - np.array([left, top], np.float32)
    return frame.crop(region), PlateBox(corners, (x - left, y - top, w, h), detection.score)


def _to_confirm(dossier: Dossier[PlateView]) -> bool:
    """Whether one more reading as sure as the last one would tell the plate."""
    latest = max(dossier.views, key=lambda view: view.at_ms, default=None)
    told = dossier.judgement is not None and dossier.judgement.certain
    return latest is not None and latest.reading.confidence >= AT_ONCE and not told


def _certain(agreeing: Sequence[PlateView], confidence: float) -> bool:
    """Whether readings of one text are enough to tell it."""
    at_once = len(agreeing) >= 2 and confidence >= AT_ONCE
    decided = _reaches(ENOUGH, len(agreeing), confidence)
    return at_once or decided or _reaches(TELL, _moments(agreeing), confidence)


def _reaches(steps: Mapping[int, float], agreeing: int, confidence: float) -> bool:
    """Whether so many that agree are enough for a vote this sure."""
    return any(agreeing >= looks and confidence >= sure for looks, sure in steps.items())


def _moments(views: Sequence[PlateView]) -> int:
    """At how many moments the views were taken; each of a large plate is one."""
    moments, last_ms = 0, -math.inf
    for view in sorted(views, key=lambda view: view.at_ms):
        if view.at_ms - last_ms >= shots.APART_MS or _is_large(view.box):
            moments, last_ms = moments + 1, view.at_ms
    return moments


def _is_large(box: Box) -> bool:
    """Whether a plate is shown so large that only what is on it makes it misread."""
    return box[2] >= LARGE


def _due(dossier: Dossier[PlateView], frame: Frame, quality: float) -> bool:
    """Whether a look is worth reading as well as can be."""
    before = [view for view in dossier.views if view.thorough]
    return all(frame.at_ms - view.at_ms >= THOROUGH_MS or quality > GROWN * view.quality for view in before)


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
