"""A camera with two streams: the small one is watched, and detail comes from the large one's picture of the moment."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from zhian_edge.capture.frame import Frame
from zhian_edge.capture.full import FullStream, PairedPixels
from zhian_edge.capture.live import LiveSource
from zhian_edge.capture.media import Media, Timeouts
from zhian_edge.capture.pixels import ArrayPixels, Picture
from zhian_edge.capture.rtsp import full_stream, rtsp_source
from zhian_edge.capture.sources import full_stream_for, source_for
from zhian_edge.config.types import Camera
from zhian_edge.errors import SourceLost

RATE = 25
QUICK = Timeouts(open_s=5.0, read_s=2.0)


def numbered(path: Path, *, frames: int = 200, options: dict[str, str] | None = None) -> Path:
    """A film whose picture number n is all of grey 20 + n % 200, with a key frame every second."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=RATE, options={"preset": "ultrafast", "qp": "4", **(options or {})})
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "gray"
        stream.codec_context.gop_size = RATE
        for number in range(frames):
            frame = av.VideoFrame.from_ndarray(np.full((180, 320), 20 + number % 200, np.uint8), format="gray")
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


class Playing:
    """A full stream whose packets arrive as fast as their own times, on a clock that only they move."""

    def __init__(self, path: Path, late: int = 0) -> None:
        """`late`: pictures that the camera must have taken before it can send one that is told by later ones."""
        self.now = 100.0 + late / RATE
        self.stream = FullStream("gate", "camera", lambda: Media(av.open(str(path)), "camera"), clock=lambda: self.now)
        self.stream.open()

    def play(self, packets: int) -> None:
        for _ in range(packets):
            self.stream.step()
            self.now += 1 / RATE

    def number(self, at_s: float) -> int | None:
        """Which picture was on at `at_s` of the film."""
        pixels = self.stream.pixels(100 + at_s)
        return None if pixels is None else round(float(pixels.luma((320, 180)).mean())) - 20


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return numbered(tmp_path_factory.mktemp("full") / "v.mp4", options={"bf": "0"})


def test_the_picture_of_a_moment_is_that_of_its_time_whatever_was_asked_before(film: Path) -> None:
    playing = Playing(film)
    playing.play(70)
    for asked in (40, 41, 55, 30, 69, 69, 26, 12):
        assert playing.number(asked / RATE) == asked
    playing.stream.close()


def test_seconds_are_kept_not_minutes(film: Path) -> None:
    playing = Playing(film)
    playing.play(190)
    assert playing.number(1.0) is None
    assert playing.number(4.6) == 115
    assert playing.number(9.0) is None
    playing.stream.close()


def test_pictures_out_of_order_are_found_by_their_times(tmp_path: Path) -> None:
    playing = Playing(numbered(tmp_path / "v.mkv", options={"bf": "2", "b-adapt": "0"}), late=2)
    playing.play(70)
    for asked in (30, 31, 32, 40, 38, 55, 54, 29, 66):
        assert playing.number(asked / RATE) == asked
    playing.stream.close()


def test_a_lost_connection_is_said_and_a_new_one_begins_anew(film: Path) -> None:
    playing = Playing(film)
    playing.play(60)
    with pytest.raises(SourceLost, match="ended the stream"):
        playing.play(500)
    playing.stream.open()
    assert playing.stream.pixels(101.0) is None
    playing.stream.close()
    with pytest.raises(SourceLost, match="not open"):
        playing.stream.step()


def halves(width: int, height: int) -> Picture:
    """Dark on the left, light on the right."""
    picture = np.full((height, width, 3), 40, np.uint8)
    picture[:, width // 2 :] = 200
    return picture


def paired(full: Picture | None, asked: list[int] | None = None) -> Frame:
    def fetch() -> ArrayPixels | None:
        if asked is not None:
            asked.append(1)
        return None if full is None else ArrayPixels(full)

    pixels = PairedPixels(ArrayPixels(halves(160, 90)), fetch, (640, 360))
    return Frame(camera="gate", source="camera", index=0, media_time_s=0.0, at_ms=0, pixels=pixels)


def test_small_pictures_cost_no_look_at_the_full_stream() -> None:
    asked: list[int] = []
    frame = paired(halves(640, 360), asked)
    assert (frame.width, frame.height) == (640, 360)
    assert frame.luma(160).shape == (90, 160)
    assert frame.bgr(128).shape == (72, 128, 3)
    assert asked == []
    assert frame.bgr(416).shape == (234, 416, 3)
    frame.crop((0, 0, 64, 64))
    assert asked == [1]


@pytest.mark.parametrize("full", [halves(640, 360), None, halves(1280, 720)], ids=["full", "none", "another size"])
def test_a_cut_shows_the_same_place_with_and_without_the_full_picture(full: Picture | None) -> None:
    frame = paired(full)
    assert frame.crop((10, 20, 100, 60)).shape == (60, 100, 3)
    assert frame.crop((10, 20, 100, 60)).mean() == pytest.approx(40, abs=1)
    assert frame.crop((400, 20, 100, 60)).mean() == pytest.approx(200, abs=1)
    assert frame.bgr().shape == (360, 640, 3)


@contextmanager
def stepped(stream: FullStream) -> Iterator[None]:
    """`stream` open and stepped by another thread, once its first packets are there."""
    ready, over = threading.Event(), threading.Event()

    def run() -> None:
        stream.open()
        while not over.is_set():
            stream.step()
            ready.set()
        stream.close()

    thread = threading.Thread(target=run)
    thread.start()
    assert ready.wait(20)
    yield
    over.set()
    thread.join(20)


def ball(grey: Picture) -> tuple[float, float]:
    """The middle of what is bright, in shares of the picture's width and height."""
    rows, columns = np.nonzero(grey > 128)
    return float(columns.mean()) / grey.shape[1], float(rows.mean()) / grey.shape[0]


def frames_of(source: LiveSource) -> Iterator[Frame]:
    while True:
        yield from source.step()


def test_a_real_cameras_two_streams_show_one_moment(rtsp: Any) -> None:
    full = full_stream("gate", rtsp.address.replace("/gate", "/full"), timeouts=QUICK)
    with stepped(full):
        source = rtsp_source("gate", rtsp.address.replace("/gate", "/sub"), timeouts=QUICK, full=full)
        source.open()
        apart: list[float] = []
        for frame in frames_of(source):
            whole = frame.bgr()
            if whole.shape == (480, 640, 3) and frame.index >= 10:
                small, large = ball(frame.luma(160)), ball(whole[:, :, 0])
                apart.append(max(abs(one - other) for one, other in zip(small, large, strict=True)))
            if len(apart) == 25:
                break
        source.close()
    # The ball goes through a ninth of the picture from one frame to the next: the moments are less than two apart.
    assert float(np.median(apart)) < 0.2


def test_a_camera_goes_on_with_its_sub_stream_while_the_full_one_is_away(rtsp: Any) -> None:
    camera = Camera(id="gate", source=rtsp.address.replace("/gate", "/none"), sub=rtsp.address)
    full = full_stream_for(camera)
    assert full is not None
    with pytest.raises(SourceLost, match="404"):
        full.open()
    source: Any = source_for(camera, full=full)
    source.open()
    assert next(frames_of(source)).bgr().shape == (120, 160, 3)
    source.close()


def test_a_camera_with_one_stream_has_no_other() -> None:
    assert full_stream_for(Camera(id="gate", source="rtsp://10.0.0.1/live")) is None
