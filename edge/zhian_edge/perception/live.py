"""Liveness: a few looks at each face's track ask whether it is a face, or a print or screen that shows one."""

from __future__ import annotations

from collections.abc import Container
from typing import Any, Final, Protocol

from zhian_models.face.liveness import over_track
from zhian_models.store import Store
from zhian_wire.evidence import Liveness as Verdict

from zhian_edge.capture.frame import Frame
from zhian_edge.config.types import Config, Liveness

from .dossier import Dossier
from .geometry import clipped, widened
from .types import Box, Detection, Picture

SHOTS: Final = 5
"""Looks per track that are scored where liveness is required; their mean counts."""

LEAST_SHOTS: Final = 3
"""Fewer show nothing where liveness is required: one lucky look opens no door."""

TOLD_SHOTS: Final = 3
LEAST_TOLD: Final = 2
"""And where it is only told: each costs as much as an embedding."""

VIEW: Final = 8.5
"""Sides of the face that scoring may look at: 4 and a pixel, moved inwards where the face is at the frame's edge."""

FAIR: Final = 0.15
"""Quality of a look that liveness is judged by; blur and darkness look like a print."""

LIVE: Final = 0.5
"""Mean score from which a track is live (docs/recognition.md, liveness: what that lets pass and refuses)."""

MINIFASNET: Final = ("minifasnet_v2", "minifasnet_v1se")
REGISTRY: Final = ("fr_liveness",)


class ScoresLiveness(Protocol):
    """Scores one face in a picture: 0 (an attack) to 1 (live)."""

    def score(self, bgr: Picture, box: Box) -> float: ...


class LiveCheck:
    """Scores tracks; `required` names the cameras at which whoever is not live is not named."""

    def __init__(self, scorer: ScoresLiveness | None, required: Container[str] = ()) -> None:
        self._scorer = scorer
        self._required = required

    def look(self, dossier: Dossier[Any], frame: Frame, detection: Detection, quality: float) -> None:
        """Score this look if the look is fair, and the track's verdict still depends on it."""
        if self._scorer is None or quality < FAIR or self._settled(dossier):
            return
        region = clipped(widened(detection.box, VIEW), frame.width, frame.height)
        if region is not None:
            x, y, w, h = detection.box
            dossier.live.append(self._scorer.score(frame.crop(region), (x - region[0], y - region[1], w, h)))

    def score(self, dossier: Dossier[Any]) -> float | None:
        """How surely the track is live; None where it was never scored."""
        mean = over_track(dossier.live)
        return None if mean is None else round(mean, 4)

    def refuses(self, dossier: Dossier[Any]) -> bool:
        """Whether the track must not be named: liveness is required here and not shown, or not shown yet."""
        if dossier.camera not in self._required:
            return False
        return len(dossier.live) < LEAST_SHOTS or verdict(self.score(dossier)) != "live"

    def done(self, dossier: Dossier[Any]) -> bool:
        """Whether further looks would not change what was found, or nobody asks."""
        return dossier.camera not in self._required or self._settled(dossier)

    def _settled(self, dossier: Dossier[Any]) -> bool:
        """Whether all looks that the track may have would give the verdict that those so far give."""
        required = dossier.camera in self._required
        least, most = (LEAST_SHOTS, SHOTS) if required else (LEAST_TOLD, TOLD_SHOTS)
        looks, total = len(dossier.live), sum(dossier.live)
        return looks >= least and (total >= LIVE * most or total + most - looks < LIVE * most)


def verdict(score: float | None) -> Verdict | None:
    """What a track's score means; None where nothing was scored."""
    if score is None:
        return None
    return "live" if score >= LIVE else "not_live"


def networks_for(choice: Liveness, store: Store, required: Container[str]) -> tuple[str, ...]:
    """The networks whose mean score is liveness: as chosen; `auto` takes all that were brought.

    The three together let fewer attacks pass than any of them, with as many living people (docs/recognition.md).
    Where nobody requires it and nothing was pulled there are none; where somebody does, loading says what is missing.
    """
    if choice == "minifasnet":
        return MINIFASNET
    if choice == "auto" and all(map(store.has, MINIFASNET)):
        return (*REGISTRY, *MINIFASNET) if all(map(store.has, REGISTRY)) else MINIFASNET
    if choice == "fr_liveness" or required or all(map(store.has, REGISTRY)):
        return REGISTRY
    return ()


def cameras_requiring(config: Config) -> frozenset[str]:
    """The cameras that must see a live face before they name anybody: by their own setting or their lane's."""
    lanes = {lane.id for lane in config.lanes if lane.liveness == "required"}
    return frozenset(c.id for c in config.cameras if c.liveness == "required" or c.lane in lanes)
