"""Videos made on the spot, of any pixel format, size, rotation and timing, and a real RTSP server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from support.rtsp import RtspServer, require_rtsp

MakeVideo = Callable[..., Path]


def picture(number: int, width: int, height: int) -> NDArray[np.uint8]:
    """Red above, blue below, and a bright square that moves with `number`: no two frames are alike."""
    bgr = np.zeros((height, width, 3), np.uint8)
    bgr[: height // 2] = (30, 30, 200)
    bgr[height // 2 :] = (200, 30, 30)
    left = (number * 4) % max(width - 16, 1)
    bgr[8:24, left : left + 16] = 240
    return bgr


@pytest.fixture
def make_video(tmp_path: Path) -> MakeVideo:
    """Write a video of `frames` moving pictures; `stamps` are presentation times in hundredths of a second."""

    def make(
        name: str = "video.mp4",
        *,
        frames: int = 10,
        size: tuple[int, int] = (64, 48),
        codec: str = "libx264",
        pix_fmt: str = "yuv420p",
        rate: int = 25,
        stamps: list[int] | None = None,
        color: tuple[int, int] | None = None,
        aspect: Fraction | None = None,
        options: dict[str, str] | None = None,
    ) -> Path:
        path = tmp_path / name
        with av.open(str(path), "w", options=options or {}) as out:
            stream = out.add_stream(codec, rate=rate, options={"crf": "8"} if codec == "libx264" else {})
            assert isinstance(stream, av.VideoStream)
            stream.width, stream.height, stream.pix_fmt = *size, pix_fmt
            if color is not None:
                stream.codec_context.colorspace, stream.codec_context.color_range = color  # FFmpeg's numbers
            if aspect is not None:
                stream.sample_aspect_ratio = stream.codec_context.sample_aspect_ratio = aspect
            if stamps is not None:
                stream.codec_context.time_base = Fraction(1, 100)
            for number in range(frames):
                shown = av.VideoFrame.from_ndarray(picture(number, *size), format="bgr24")
                if color is not None:
                    shown = shown.reformat(format=pix_fmt, dst_colorspace=color[0], dst_color_range=color[1])
                if stamps is not None:
                    shown.pts, shown.time_base = stamps[number], Fraction(1, 100)
                out.mux(stream.encode(shown))
            out.mux(stream.encode(None))
        return path

    return make


@pytest.fixture
def make_sound(tmp_path: Path) -> Callable[[], Path]:
    """Write a file with sound alone."""

    def make() -> Path:
        path = tmp_path / "sound.wav"
        with av.open(str(path), "w") as out:
            stream = out.add_stream("pcm_s16le", rate=8000, layout="mono")
            silence = av.AudioFrame.from_ndarray(np.zeros((1, 800), np.int16), format="s16", layout="mono")
            silence.sample_rate = 8000
            out.mux(stream.encode(silence))
        return path

    return make


@pytest.fixture
def rtsp(request: pytest.FixtureRequest) -> Iterator[RtspServer]:
    """A running server; parametrise indirectly with (user, password) for one that asks for them."""
    require_rtsp()
    server = RtspServer(*getattr(request, "param", ()))
    yield server
    server.kill()
