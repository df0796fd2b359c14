"""A frame shows its pixels rightly, whatever the format, size and rotation, and converts them once."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from zhian_edge.capture import Frame, open_file
from zhian_edge.capture.pixels import DecodedPixels

MakeVideo = Callable[..., Path]
RED, BLUE = (30, 30, 200), (200, 30, 30)


def first(path: Path) -> Frame:
    with open_file(path) as frames:
        return next(iter(frames))


def decoded(bgr: np.ndarray, name: str) -> DecodedPixels:
    return DecodedPixels(av.VideoFrame.from_ndarray(np.ascontiguousarray(bgr), format="bgr24").reformat(format=name))


@pytest.mark.parametrize(
    ("name", "codec", "pix_fmt"),
    [
        ("a.mp4", "libx264", "yuv420p"),
        ("a.mp4", "libx264", "yuvj420p"),
        ("a.mp4", "libx264", "yuv422p"),
        ("a.mp4", "libx264", "yuv444p"),
        ("a.mp4", "libx264", "yuv420p10le"),
        ("a.mp4", "libx264", "nv12"),
        ("a.avi", "mjpeg", "yuvj422p"),
        ("a.mkv", "ffv1", "bgr0"),
    ],
)
def test_colours_are_right_in_every_pixel_format(make_video: MakeVideo, name: str, codec: str, pix_fmt: str) -> None:
    frame = first(make_video(name, codec=codec, pix_fmt=pix_fmt, size=(96, 64)))
    bgr = frame.bgr()
    assert bgr.shape == (64, 96, 3)
    assert np.abs(bgr[28, 60].astype(int) - RED).max() <= 8
    assert np.abs(bgr[50, 60].astype(int) - BLUE).max() <= 8
    assert np.abs(frame.bgr(48)[25, 30].astype(int) - BLUE).max() <= 8


@pytest.mark.parametrize("color", [(1, 1), (1, 2), (5, 1), (9, 1)], ids=["709", "709-full", "601", "2020"])
def test_the_stated_colour_matrix_is_used(make_video: MakeVideo, color: tuple[int, int]) -> None:
    frame = first(make_video(color=color, size=(96, 64)))
    assert np.abs(frame.bgr()[28, 60].astype(int) - RED).max() <= 8


def test_ten_bits_and_packed_pictures_agree_with_the_plain_one() -> None:
    bgr = np.random.default_rng(1).integers(0, 255, (6, 8, 3)).astype(np.uint8).repeat(8, 0).repeat(8, 1)
    plain = decoded(bgr, "yuv444p").bgr((64, 48)).astype(int)
    for name in ("yuyv422", "yuv422p10le", "uyvy422", "rgb24"):
        assert np.abs(decoded(bgr, name).bgr((64, 48)) - plain).mean() < 6, name


def test_a_grey_camera_gives_grey_pictures() -> None:
    pixels = decoded(np.full((10, 14, 3), 77, np.uint8), "gray")
    assert np.abs(pixels.bgr((14, 10)).astype(int) - 77).max() <= 14
    assert pixels.crop((2, 2, 3, 4), (3, 4)).shape == (4, 3, 3)


def test_odd_sizes_lose_nothing(make_video: MakeVideo) -> None:
    frame = first(make_video("a.avi", codec="mpeg4", size=(65, 49)))
    assert (frame.width, frame.height) == (65, 49)
    assert frame.bgr().shape == (49, 65, 3)
    assert frame.crop((60, 44, 50, 50)).shape == (5, 5, 3)


@given(
    region=st.tuples(st.integers(-5, 70), st.integers(-5, 50), st.integers(1, 80), st.integers(1, 60)),
    name=st.sampled_from(["yuv420p", "yuv422p", "yuv444p", "nv12", "gray"]),
    shape=st.sampled_from([(48, 64), (49, 65)]),
)
@settings(max_examples=60, deadline=None)
def test_a_region_is_what_the_whole_picture_shows_there(
    region: tuple[int, int, int, int], name: str, shape: tuple[int, int]
) -> None:
    x, y, width, height = region
    bgr = np.random.default_rng(5).integers(0, 255, (*shape, 3)).astype(np.uint8)
    frame = Frame(camera="c", source="s", index=0, media_time_s=0, at_ms=0, pixels=decoded(bgr, name))
    if x >= shape[1] or y >= shape[0] or x + width <= 0 or y + height <= 0:
        with pytest.raises(ValueError, match="outside"):
            frame.crop(region)
        return
    crop = frame.crop(region)
    whole = frame.bgr()[max(y, 0) : y + height, max(x, 0) : x + width]
    if shape == (48, 64):
        assert np.array_equal(crop, whole)
    else:  # an odd picture's chroma is stretched by a hair when the whole is converted
        assert crop.shape == whole.shape


@pytest.mark.parametrize("name", ["yuv420p", "nv12", "gray"])
def test_a_region_can_be_had_smaller(name: str) -> None:
    bgr = np.full((48, 64, 3), 90, np.uint8)
    bgr[:, 32:] = 180
    frame = Frame(camera="c", source="s", index=0, media_time_s=0, at_ms=0, pixels=decoded(bgr, name))
    for it in (frame, Frame.of_picture(bgr)):
        small = it.crop((0, 0, 64, 32), 16)
        assert small.shape == (8, 16, 3)
        assert small[4, 3].mean() + 60 < small[4, 12].mean()
    assert frame.crop((0, 0, 10, 8), 16).shape == (8, 10, 3)


def test_pixels_are_converted_once_and_cannot_be_drawn_into() -> None:
    frame = Frame.of_picture(np.zeros((48, 64, 3), np.uint8))
    assert frame.bgr(32) is frame.bgr(32)
    assert frame.luma(16) is frame.luma(16)
    with pytest.raises(ValueError, match="read-only"):
        frame.bgr()[0, 0] = 1


def test_a_small_picture_is_never_enlarged() -> None:
    frame = Frame.of_picture(np.zeros((48, 64, 3), np.uint8))
    assert frame.bgr(1000).shape == (48, 64, 3)
    assert frame.luma(32).shape == (24, 32)


@pytest.mark.parametrize(
    ("aspect", "shown"),
    [((2, 1), (192, 64)), ((16, 11), (140, 64)), ((1, 2), (96, 128)), ((1279, 1280), (96, 64)), ((40, 1), (96, 64))],
)
def test_pixels_that_are_not_square_are_shown_in_their_proportions(
    make_video: MakeVideo, aspect: tuple[int, int], shown: tuple[int, int]
) -> None:
    frame = first(make_video(size=(96, 64), aspect=Fraction(*aspect)))
    assert (frame.width, frame.height) == shown
    assert frame.bgr().shape == (shown[1], shown[0], 3)
    # Red above and blue below still meet in the middle, and a region is what the whole picture shows there.
    middle = shown[1] // 2
    assert np.abs(frame.bgr()[middle + 8, 60].astype(int) - BLUE).max() <= 8
    part = first(make_video(size=(96, 64), aspect=Fraction(*aspect))).crop((40, middle - 8, 30, 16))
    assert np.array_equal(part, frame.bgr()[middle - 8 : middle + 8, 40:70])


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_camera_mounted_sideways_is_turned_upright(make_video: MakeVideo, degrees: int) -> None:
    path = make_video(size=(96, 64))
    turned = with_rotation(path, degrees)
    upright, plain = first(turned), first(path)
    expected = np.rot90(plain.bgr(), degrees // 90)
    assert (upright.height, upright.width) == expected.shape[:2]
    assert np.array_equal(upright.bgr(), expected)
    assert np.array_equal(upright.crop((3, 5, 20, 30)), expected[5:35, 3:23])
    assert upright.luma(16).shape[1] == 16


def with_rotation(path: Path, degrees: int) -> Path:
    """A copy whose track header's display matrix turns by `degrees` counter-clockwise (ISO 14496-12, 8.3.2)."""
    one = 1 << 16
    cos, sin = {90: (0, -1), 180: (-1, 0), 270: (0, 1)}[degrees]
    identity = b"".join(n.to_bytes(4, "big", signed=True) for n in (one, 0, 0, 0, one, 0, 0, 0, 1 << 30))
    matrix = (cos * one, sin * one, 0, -sin * one, cos * one, 0, 0, 0, 1 << 30)
    data = path.read_bytes()
    track = data.index(b"tkhd")
    at = data.index(identity, track)
    copy = path.with_name("turned.mp4")
    copy.write_bytes(
        data[:at] + b"".join(n.to_bytes(4, "big", signed=True) for n in matrix) + data[at + len(identity) :]
    )
    return copy
