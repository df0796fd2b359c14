"""All stages of perception behind one object: frames in, signals out. `vision` and `replay` run exactly this."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import count
from types import MappingProxyType
from typing import Any, Final

from zhian_models.face.gallery import Gallery

from zhian_edge.capture.frame import Frame
from zhian_edge.config import types as config_types
from zhian_edge.config.types import Camera, Config
from zhian_edge.signals import Signal

from .eye import Eye
from .faces import FaceSense
from .meter import Meter
from .networks import Networks
from .observe import Keep
from .plates import PlateSense
from .sense import Sense
from .types import Picture

NOBODY: Final[Mapping[str, int]] = MappingProxyType({})


def keep_nothing(_picture: Picture) -> None:
    """Evidence without pictures, as in a replay."""
    return


class Pipeline:
    """Perception of a whole node. One thread uses it; it holds no thread, clock, file or socket itself.

    Args:
        networks: loaded for at least the senses of every camera.
        gallery: who may be recognised; `use_gallery` exchanges it while running.
        keep: stores a crop and returns its sha256; called once for each look that is told.
        meter: counts stages; give it a clock to have milliseconds.
    """

    def __init__(
        self,
        networks: Networks,
        gallery: Gallery,
        config: Config,
        *,
        keep: Keep = keep_nothing,
        meter: Meter | None = None,
    ) -> None:
        self._meter = meter or Meter()
        self._senses = networks.senses(gallery)
        self._eyes: dict[str, Eye] = {}
        self._lanes: dict[str, list[str]] = {}
        ids = count(1)
        for camera in config.cameras:
            senses = self._of(camera)
            self._lanes.setdefault(camera.lane or "", []).append(camera.id)
            self._eyes[camera.id] = Eye(
                camera, senses, ids, rate=config.recognition.detect_fps, keep=keep, meter=self._meter
            )

    def step(self, frame: Frame, now_ms: int, looks: Collection[str] | None = None) -> list[Signal]:
        """What `frame` gives rise to; KeyError for a camera that is not configured.

        `now_ms` is the frame's moment (its `at_ms`): signals never depend on how late it is processed. `looks` names
        the senses that look at it, as a trace recorded them; without it the schedule decides.
        """
        self._meter.count("frames")
        return self._eyes[frame.camera].step(frame, now_ms, looks)

    def looked(self, camera: str) -> tuple[str, ...]:
        """The senses that looked at the last frame of `camera`: what a trace records."""
        return self._eyes[camera].looked

    def busy(self, camera: str) -> bool:
        """Whether something moves at `camera`, or a card waits there: its source must not rest. Any thread may ask."""
        return self._eyes[camera].busy

    def urgent(self, camera: str) -> bool:
        """Whether somebody at `camera` is about to cross its line: its frames go first. Any thread may ask."""
        return self._eyes[camera].urgent

    def flush(self, camera: str) -> list[Signal]:
        """The source of `camera` ended or broke off: its subjects' last words."""
        return self._eyes[camera].flush()

    def use_gallery(self, gallery: Gallery) -> None:
        """Recognise by another gallery from now on (a new roster)."""
        face = self._senses.get("face")
        if isinstance(face, FaceSense):
            face.gallery = gallery

    def compare_at(self, camera: str, person_ids: tuple[str, ...], awaited: Mapping[str, int] = NOBODY) -> list[Signal]:
        """Compare the faces at a camera 1:1 with these persons from now on; what that tells at once.

        `awaited`: when the cards that wait for their owner's face were read; who is seen since is told once more.
        """
        face = self._senses.get("face")
        if not isinstance(face, FaceSense):
            return []
        face.claims.use({camera: person_ids})
        return self._eyes[camera].again("face", awaited)

    def cameras(self, lane: str) -> tuple[str, ...]:
        """The cameras of a lane."""
        return tuple(self._lanes.get(lane, ()))

    def press(self, pressure: float) -> None:
        """Look less often by this factor while the node cannot keep up (1: as configured)."""
        for eye in self._eyes.values():
            eye.press(pressure)

    @property
    def counters(self) -> dict[str, int]:
        """What was done per stage, and why plates were refused."""
        rejected: dict[str, int] = {}
        plate = self._senses.get("plate")
        if isinstance(plate, PlateSense):
            rejected = {f"plate_refused_{reason}": number for reason, number in plate.rejected.items()}
        return dict(sorted({**self._meter.counters(), **rejected}.items()))

    def _of(self, camera: Camera) -> list[Sense[Any]]:
        """Bodies first, so that a face finds the body it belongs to."""
        order: tuple[config_types.Sense, ...] = ("body", "face", "plate")
        return [self._senses[kind] for kind in order if kind in camera.senses]
