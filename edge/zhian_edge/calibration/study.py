"""Everything known of one camera after looking at it, and its items once line and zone are chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zhian_edge.calibration.geometry import Geometry
from zhian_edge.calibration.optics import Optics, measure
from zhian_edge.calibration.sampling import Sample
from zhian_edge.calibration.subjects import Finder, Kind, Subject, width_at
from zhian_edge.calibration.verdicts import (
    Item,
    judge_exposure,
    judge_line,
    judge_opening,
    judge_rate,
    judge_sharpness,
    judge_width,
)
from zhian_edge.capture.frame import Frame
from zhian_edge.config.types import Camera


@dataclass(frozen=True, slots=True)
class Study:
    """One camera: its configuration, its sample, and what was found in it. `picture` shows most of what passed."""

    camera: Camera
    sample: Sample
    optics: Optics | None
    subjects: tuple[Subject, ...]
    picture: Frame | None

    @property
    def aspect(self) -> float:
        """Width over height; 16:9 without a picture."""
        return self.picture.width / self.picture.height if self.picture else 16 / 9

    def items(self, geometry: Geometry) -> list[Item]:
        """What was measured, judged for this line."""
        items = [judge_opening(self.sample)]
        if self.picture is None:
            return items
        items += [judge_rate(self.sample), judge_sharpness(self.optics), judge_exposure(self.optics)]
        for kind in wanted(self.camera):
            items.append(judge_width(kind, width_at(self.subjects, kind, geometry.line, self.aspect)))
        return [*items, judge_line(geometry)]


def wanted(camera: Camera) -> list[Kind]:
    """The senses of a camera whose size in the picture matters."""
    return [kind for kind in ("face", "plate") if kind in camera.senses]


def study(camera: Camera, sample: Sample, finder: Finder | None) -> Study:
    """Look at every frame of the sample; without a finder only at the picture itself."""
    found: list[tuple[Frame, Sequence[Subject]]] = [
        (frame, finder.find(frame) if finder else ()) for frame in sample.frames
    ]
    subjects = tuple(subject for _, subjects in found for subject in subjects)
    # The first of those that show most: an empty picture says least about where a line should be.
    picture = max(found, key=lambda pair: len(pair[1]))[0] if found else None
    return Study(camera, sample, measure(sample.frames), subjects, picture)
