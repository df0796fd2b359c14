"""What the plate stages hand each other: frozen data, no logic."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray


class Colour(StrEnum):
    """The ground a plate is printed on."""

    BLUE = "blue"
    YELLOW = "yellow"
    GREEN = "green"
    YELLOW_GREEN = "yellowgreen"
    WHITE = "white"
    BLACK = "black"


class Kind(StrEnum):
    """What a plate is issued for (GA 36-2018, and what else drives on the road)."""

    CIVIL = "civil"
    NEV = "nev"
    NEV_LARGE = "nev_large"
    LEARNER = "learner"
    TRAILER = "trailer"
    POLICE = "police"
    ARMED_POLICE = "armed_police"
    MILITARY = "military"
    EMBASSY = "embassy"
    CONSULATE = "consulate"
    HK_MACAU = "hk_macau"
    AVIATION = "aviation"
    FARM = "farm"
    EMERGENCY = "emergency"
    TEMPORARY = "temporary"


class RejectReason(StrEnum):
    """Why something that looked like a plate was not reported; each is counted."""

    TOO_SMALL = "too_small"
    CUT_OFF = "cut_off"
    NO_TEXT = "no_text"
    TOO_SHORT = "too_short"
    BAD_PROVINCE = "bad_province"
    BAD_LENGTH = "bad_length"
    NOT_PLATE_TEXT = "not_plate_text"
    LOW_CONFIDENCE = "low_confidence"
    TOO_FEW_READINGS = "too_few_readings"
    READINGS_DISAGREE = "readings_disagree"


@dataclass(frozen=True, slots=True)
class PlateBox:
    """Where a plate is: pixels of the picture it was found in."""

    corners: NDArray[np.float32]
    """(4, 2): top left, top right, bottom right, bottom left of the plate itself."""
    box: tuple[float, float, float, float]
    """x, y, width, height of the upright box around it."""
    score: float


@dataclass(frozen=True, slots=True)
class Reading:
    """One look at one plate, with enough left in it for a track to vote on."""

    text: str
    """The likeliest text; empty where nothing was read."""
    kind: Kind | None
    """What the text is issued for, None where it is no plate's."""
    colour: Colour
    rows: int
    confidence: float
    """Of the least certain character, 0 to 1."""
    positions: tuple[dict[str, float], ...]
    """Per character what it may be, probabilities that add up to at most 1."""
    where: PlateBox
    sharpness: float
    """Variance of the Laplacian over the rectified plate's contrast, about 0 to 1."""
    reject: RejectReason | None = None
    """Set where the look alone is no plate to report."""
    readers: int = 1
    """How many of the networks looked: two that agree outweigh one that is sure of itself."""

    @property
    def width(self) -> float:
        """Length of the plate's upper edge in pixels."""
        return float(np.linalg.norm(self.where.corners[1] - self.where.corners[0]))


@dataclass(frozen=True, slots=True)
class Plate:
    """A plate that may be reported."""

    text: str
    """Two rows are joined without a space, dots are left out."""
    colour: Colour
    kind: Kind
    rows: int
    confidence: float
    characters: tuple[tuple[str, float], ...]
    corners: NDArray[np.float32] = field(compare=False)
    """(4, 2), top left first, clockwise, in pixels of the given picture."""
    score: float
    """The detector's."""
