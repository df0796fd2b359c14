"""Peers for the stages: a sense that finds what a script says, and frames that cost nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from zhian_edge.capture.frame import Frame
from zhian_edge.config import types as config_types
from zhian_edge.perception import shots
from zhian_edge.perception.attention import Where
from zhian_edge.perception.dossier import Dossier, Judgement, View
from zhian_edge.perception.types import Box, Detection

Scene = Mapping[str, Box]
"""Who is where: a name and a box."""


def picture(seed: int = 1) -> np.ndarray:
    """A room of blocks of different greys, 320x180, with some structure."""
    rng = np.random.default_rng(seed)
    blocks = np.kron(rng.integers(20, 230, (9, 16)), np.ones((20, 20)))
    texture = cv2.GaussianBlur(rng.normal(0, 60, (180, 320)), (9, 9), 0)
    return np.dstack([np.clip(blocks + texture, 0, 255).astype(np.uint8)] * 3)


def frame(index: int, *, camera: str = "gate", room: int = 1, who: Sequence[Box] = (), step_ms: int = 200) -> Frame:
    """A frame of room number `room`, with a dark mark wherever somebody is, so that it moves."""
    bgr = picture(room).copy()
    for x, y, w, h in who:
        bgr[int(y) : int(y + h), int(x) : int(x + w)] = (7 * index) % 90
    return Frame.of_picture(
        bgr, camera=camera, source=f"{camera}.mp4", index=index, media_time_s=index * step_ms / 1000
    )


@dataclass(eq=False, kw_only=True)
class NamedView(View):
    name: str


class ScriptedSense:
    """Finds the people of `scenes[frame.index]` and knows them by name; those of `enrolled` are called by it."""

    hold_ms = 4000
    search = 1.0
    selective = False

    def __init__(
        self, scenes: Sequence[Scene], *, enrolled: Sequence[str] = (), kind: config_types.Sense = "face"
    ) -> None:
        self.kind: config_types.Sense = kind
        self._scenes = scenes
        self._enrolled = frozenset(enrolled)
        self.checks = 0

    def find(self, frame: Frame, where: Where | None = None) -> Sequence[Detection]:
        del where
        label = "person" if self.kind == "body" else None
        return [Detection(self.kind, box, 0.9, None, label) for box in self._scenes[frame.index].values()]

    def look(self, dossier: Dossier[NamedView], frame: Frame, detection: Detection) -> bool:
        if not shots.wanted(dossier.views, 0.5, frame.at_ms):
            return False
        view = NamedView(
            frame=frame.index, at_ms=frame.at_ms, media_time_s=frame.media_time_s, box=detection.box, quality=0.5,
            picture=frame.bgr()[:2, :2], name=self._name(frame, detection),
        )  # fmt: skip
        view.label = "person"  # type: ignore[attr-defined]
        shots.keep(dossier.views, view)
        return True

    def denies(self, dossier: Dossier[NamedView], frame: Frame, detection: Detection) -> bool:
        self.checks += 1
        return bool(dossier.views) and dossier.views[-1].name != self._name(frame, detection)

    def same(self, lost: Dossier[NamedView], found: Dossier[NamedView]) -> bool:
        return lost.views[-1].name == found.views[-1].name

    def judge(self, dossier: Dossier[NamedView]) -> Judgement[NamedView] | None:
        if len(dossier.views) < 2:
            return None
        name = dossier.views[-1].name
        known = name.rstrip("'") if name.rstrip("'") in self._enrolled else None
        score = 0.7 if name.endswith("'") else 0.9
        return Judgement(
            view=dossier.views[0], reason="named" if known else "below_threshold", certain=known is not None,
            person_id=known, score=score, shots=len(dossier.views),
        )  # fmt: skip

    def dismissal(self, dossier: Dossier[NamedView]) -> str:
        return "brief"

    def settled(self, dossier: Dossier[NamedView]) -> bool:
        return len(dossier.views) >= shots.KEEP

    def _name(self, frame: Frame, detection: Detection) -> str:
        return next(name for name, box in self._scenes[frame.index].items() if box == detection.box)
