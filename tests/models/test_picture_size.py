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


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".bmp", ".webp"])
@pytest.mark.parametrize(("height", "width"), [(1, 1), (37, 640), (2000, 3)])
def test_it_is_what_a_decoder_finds(suffix: str, height: int, width: int) -> None:
    for options in ([], [cv2.IMWRITE_JPEG_PROGRESSIVE, 1] if suffix == ".jpg" else []):
        data = cv2.imencode(suffix, np.zeros((height, width, 3), np.uint8), options)[1].tobytes()
        assert pixels(data) == height * width


@pytest.mark.parametrize("quality", [50, 100, 101])
def test_a_webp_of_every_kind_is_measured(quality: int) -> None:
    # Above 100 it is without loss; noise does not become a plain one.
    noise = np.random.default_rng(1).integers(0, 255, (37, 640, 3), np.uint8)
    data = cv2.imencode(".webp", noise, [cv2.IMWRITE_WEBP_QUALITY, quality])[1].tobytes()
    assert pixels(data) == 37 * 640
    extended = b"VP8X" + bytes(8) + (639).to_bytes(3, "little") + (36).to_bytes(3, "little")
    assert pixels(data[:12] + extended + data[12:]) == 37 * 640


@given(st.binary(max_size=200), st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFFaaaaWEBP", b"BM"]))
def test_whatever_it_is_it_is_no_failure(data: bytes, head: bytes) -> None:
    assert (pixels(head + data) or 0) >= 0


@pytest.mark.parametrize(
    "data",
    [
        b"P5 30000 30000 255\n",
        b"P6\n# a comment\n40000 40000\n255\n",
        b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 30000 +X 30000\n",
        b"BM" + bytes(12) + (40).to_bytes(4, "little") + (30000).to_bytes(4, "little") * 2 + bytes(40),
        b"RIFF" + bytes(4) + b"WEBPVP8X" + bytes(8) + b"\xff\x3f\x00" * 2 + bytes(20),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a" + bytes(100),
        b"just text",
        b"",
    ],
)
def test_what_would_unfold_to_gigabytes_or_is_no_picture_is_not_decoded(tmp_path: Path, data: bytes) -> None:
    place = tmp_path / "one.jpg"
    place.write_bytes(data)
    assert read_picture(place) is None


def test_a_bomb_is_no_picture(tmp_path: Path) -> None:
    side = int(MOST_PIXELS**0.5) + 1
    place = tmp_path / "bomb.png"
    place.write_bytes(bomb_png(side))
    assert place.stat().st_size < 100_000
    assert read_picture(place) is None
