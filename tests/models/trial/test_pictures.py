"""Pictures as people have them are read, or answered with a reason."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from zhian_models.errors import UnreadablePicture
from zhian_models.trial import pictures
from zhian_models.trial.pictures import read_picture, stated_size

BLUE_LEFT = np.zeros((4, 6, 3), np.uint8)
BLUE_LEFT[:, :3] = (255, 0, 0)


def save(path: Path, picture: np.ndarray, suffix: str = ".png") -> Path:
    path.write_bytes(cv2.imencode(suffix, picture)[1].tobytes())
    return path


def exif(orientation: int) -> bytes:
    """A JPEG segment that says how the camera was held."""
    tiff = b"II*\0" + struct.pack("<IHHHIII", 8, 1, 0x0112, 3, 1, orientation, 0)
    body = b"Exif\0\0" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def test_a_chinese_path_is_no_obstacle(tmp_path: Path) -> None:
    assert (read_picture(save(tmp_path / "门口 一号.png", BLUE_LEFT)) == BLUE_LEFT).all()


@pytest.mark.parametrize(
    "picture",
    [
        np.full((4, 6), 77, np.uint8),
        np.full((4, 6, 4), 77, np.uint8),
        np.full((4, 6), 77 * 257, np.uint16),
        np.full((4, 6, 3), 77 * 257, np.uint16),
    ],
    ids=["grey", "alpha", "grey16", "colour16"],
)
def test_other_depths_and_channels_become_bgr(picture: np.ndarray, tmp_path: Path) -> None:
    read = read_picture(save(tmp_path / "p.png", picture))
    assert read.shape == (4, 6, 3)
    assert read.dtype == np.uint8
    assert (read == 77).all()


def test_a_picture_is_upright_by_its_exif(tmp_path: Path) -> None:
    data = cv2.imencode(".jpg", np.repeat(np.repeat(BLUE_LEFT, 16, 0), 16, 1))[1].tobytes()
    (tmp_path / "turned.jpg").write_bytes(data[:2] + exif(6) + data[2:])
    upright = read_picture(tmp_path / "turned.jpg")
    assert upright.shape == (96, 64, 3)
    assert upright[4, 32, 0] > 200, "the left side is now the upper one"
    assert upright[-4, 32, 0] < 50


@pytest.mark.parametrize(
    ("data", "says"),
    [(b"", "the file is empty"), (b"not a picture", "not a picture"), (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "picture")],
)
def test_what_is_no_picture_is_said_so(data: bytes, says: str, tmp_path: Path) -> None:
    (tmp_path / "p.jpg").write_bytes(data)
    with pytest.raises(UnreadablePicture, match=says):
        read_picture(tmp_path / "p.jpg")


def test_a_folder_and_a_missing_file_are_said_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadablePicture, match="Is a directory"):
        read_picture(tmp_path)
    with pytest.raises(UnreadablePicture, match="No such file"):
        read_picture(tmp_path / "gone.jpg")


def test_a_bomb_is_refused_by_its_header(tmp_path: Path) -> None:
    header = struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    data = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    (tmp_path / "bomb.png").write_bytes(data)
    with pytest.raises(UnreadablePicture, match="60000x60000 pixels are too many"):
        read_picture(tmp_path / "bomb.png")


def test_a_large_picture_is_read_up_to_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(tmp_path / "p.png", np.zeros((100, 100, 3), np.uint8))
    monkeypatch.setattr(pictures, "LARGEST", 10_000)
    assert read_picture(path).shape == (100, 100, 3)
    monkeypatch.setattr(pictures, "LARGEST", 9_999)
    with pytest.raises(UnreadablePicture):
        read_picture(path)


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".bmp"])
def test_headers_state_the_size_that_is_read(suffix: str) -> None:
    assert stated_size(cv2.imencode(suffix, BLUE_LEFT)[1].tobytes()) == (6, 4)


def test_an_unknown_header_states_nothing() -> None:
    assert stated_size(b"RIFF....WEBP") == (0, 0)
    assert stated_size(b"\xff\xd8\xff") == (0, 0)
