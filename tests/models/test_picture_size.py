"""The head of a picture says how large it is; what is too large is never decoded."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.bombs import bomb_png
from zhian_models.face.enrol import read_picture
from zhian_models.picture_size import MOST_PIXELS, pixels


@pytest.mark.parametrize("suffix", [".png", ".jpg"])
@pytest.mark.parametrize(("height", "width"), [(1, 1), (37, 640), (2000, 3)])
def test_it_is_what_a_decoder_finds(suffix: str, height: int, width: int) -> None:
    for options in ([], [cv2.IMWRITE_JPEG_PROGRESSIVE, 1] if suffix == ".jpg" else []):
        data = cv2.imencode(suffix, np.zeros((height, width, 3), np.uint8), options)[1].tobytes()
        assert pixels(data) == height * width


@given(st.binary(max_size=200), st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"]))
def test_whatever_it_is_it_is_no_failure(data: bytes, head: bytes) -> None:
    assert (pixels(head + data) or 0) >= 0


def test_a_bomb_is_no_picture(tmp_path: Path) -> None:
    side = int(MOST_PIXELS**0.5) + 1
    place = tmp_path / "bomb.png"
    place.write_bytes(bomb_png(side))
    assert place.stat().st_size < 100_000
    assert read_picture(place) is None
