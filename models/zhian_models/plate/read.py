"""The two readers: a rectified plate in, frames in the common alphabet out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from zhian_models.plate.alphabet import DIGITS_FOR_MARKS, FLOOR, INDEX, PROVINCES, SYMBOLS, columns_of, doubted, fold
from zhian_models.plate.ctc import Frames
from zhian_models.plate.detect import Runs
from zhian_models.plate.ppocr_classes import COUNT, ON_PLATES

FIRST = "clp_rec"
SECOND = "ppocr_rec"
# One class a character, in the network's order (clp_dict.txt of its package); no letter O or I, no 民航.
_CLASSES_OF_FIRST = (
    "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ云京使冀吉学宁川挂新晋桂沪津浙渝港湘澳琼甘皖粤苏蒙藏警豫贵赣辽鄂闽陕青领鲁黑"
)
BLIND = frozenset(SYMBOLS) - frozenset(_CLASSES_OF_FIRST) - frozenset("OI")
"""What the first reader cannot say; O and I it says as 0 and 1."""
_DOUBT = 0.02
"""What each reader leaves to look-alikes. On real pictures one character in a hundred is misread, nearly always as one
of those and often with .99 and more; at 0 the first reader's certainty overruled three looks of the second."""
_FAVOURITE, _FAVOURED = "皖", 30.0
"""The first reader learned from pictures taken in one province and says so when in doubt: that province's
probability is divided by its advantage, as one corrects a class prior (measured: docs and scripts/bench/plates.py)."""

_PROVINCE_DOUBT = 0.005
"""What the first reader leaves to other provinces: it takes those that it has seldom seen (藏, 琼) for others, for
certain and alike in all its looks."""
_PROVINCES = [INDEX[province] for province in PROVINCES]
_MARK_DOUBT = 0.03
"""The first reader gives these digits for certain where a mark stands. Left so much, a mark is the second reader's to
tell: on drawn plates spoiled hard 10 wrong texts instead of 13."""


class FirstReader:
    """The plate reader (clp_v2_c_rec): 32 rows, zeroes to the right."""

    _HEIGHT, _WIDTH = 32, 256

    def __init__(self, runtime: Runs) -> None:
        self._runtime = runtime
        self._columns = columns_of(["", *_CLASSES_OF_FIRST])

    def read(self, crops: Sequence[NDArray[np.uint8]]) -> list[Frames]:
        """Frames (64, WIDTH) for every upright crop of 32 rows and at most 256 columns."""
        batch = np.zeros((len(crops), 3, self._HEIGHT, self._WIDTH), dtype=np.float32)
        for row, crop in zip(batch, crops, strict=True):
            row[:, :, : crop.shape[1]] = _scaled(crop)
        (out,) = self._runtime.run(FIRST, {"x": batch}).values()
        return [_prepared(fold(frames, self._columns)) for frames in out]


class SecondReader:
    """The reader of general Chinese text (PP-OCRv4), masked to what stands on plates: 48 rows, any width."""

    HEIGHT = 48

    def __init__(self, runtime: Runs) -> None:
        self._runtime = runtime
        self._columns = columns_of([ON_PLATES.get(at, "") for at in range(COUNT)])

    def read(self, crops: Sequence[NDArray[np.uint8]]) -> list[Frames]:
        """Frames (width / 8, WIDTH) for every upright crop of 48 rows; all crops of one width."""
        batch = np.stack([_scaled(crop) for crop in crops])
        (out,) = self._runtime.run(SECOND, {"x": batch}).values()
        return [doubted(fold(frames, self._columns), _DOUBT) for frames in out]


def _scaled(crop: NDArray[np.uint8]) -> NDArray[np.float32]:
    return (crop.astype(np.float32) / 127.5 - 1.0).transpose(2, 0, 1)


def _without_favourite(frames: Frames) -> Frames:
    """The favourite as unsure as the class prior makes it; nothing else becomes surer by that."""
    said = frames[:, INDEX[_FAVOURITE]]
    frames[:, INDEX[_FAVOURITE]] = said / _FAVOURED / (1 - said + said / _FAVOURED)
    return np.clip(frames, FLOOR, 1.0)


def _prepared(frames: Frames) -> Frames:
    """What the first reader says, without its habits."""
    return _with_marks(_with_provinces(doubted(_without_favourite(frames), _DOUBT)))


def _with_provinces(frames: Frames) -> Frames:
    """The same frames in which every province has at least a part of the likeliest one's probability."""
    frames[:, _PROVINCES] = np.maximum(
        frames[:, _PROVINCES], _PROVINCE_DOUBT * frames[:, _PROVINCES].max(axis=1, keepdims=True)
    )
    return frames


def _with_marks(frames: Frames) -> Frames:
    """The same frames in which a mark has at least a part of the digit's probability that is given for it."""
    for mark, digit in DIGITS_FOR_MARKS.items():
        frames[:, INDEX[mark]] = np.maximum(frames[:, INDEX[mark]], _MARK_DOUBT * frames[:, INDEX[digit]])
    return frames
