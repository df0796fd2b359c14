"""A file plays like a camera: each frame when it is due, on over its end, and never deaf to a request to stop."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from zhian_edge.capture.file import PacedFile
from zhian_edge.capture.frame import Frame
from zhian_edge.errors import SourceEnded, SourceRefused

MakeVideo = Callable[..., Path]


class Time:
    """A clock that only waiting moves."""

    def __init__(self) -> None:
        self.now = 50.0
        self.longest = 0.0

    def clock(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.longest = max(self.longest, seconds)
        self.now += seconds


def play(source: PacedFile, count: int) -> list[Frame]:
    frames: list[Frame] = []
    while len(frames) < count:
        frames += source.step()
    return frames


def opened(path: Path, time: Time, *, loop: bool = False) -> PacedFile:
    source = PacedFile("gate", path, loop=loop, clock=time.clock, wait=time.wait)
    source.open()
    return source


def test_each_frame_comes_when_it_is_due(make_video: MakeVideo) -> None:
    time = Time()
    source = opened(make_video(frames=10), time)
    frames = play(source, 10)
    assert [frame.at_ms for frame in frames] == [50_000 + 40 * n for n in range(10)]
    assert time.now == pytest.approx(50.36)
    source.close()


def test_media_time_and_numbers_go_on_over_the_loop(make_video: MakeVideo) -> None:
    source = opened(make_video(frames=5), Time(), loop=True)
    frames = play(source, 12)
    assert [frame.index for frame in frames] == list(range(12))
    assert [frame.media_time_s for frame in frames] == pytest.approx([n * 0.04 for n in range(12)])
    source.close()


def test_a_file_that_does_not_loop_ends(make_video: MakeVideo) -> None:
    source = opened(make_video(frames=3), Time())
    with pytest.raises(SourceEnded, match=r"video\.mp4"):
        play(source, 4)


def test_one_step_never_waits_longer_than_a_moment(make_video: MakeVideo) -> None:
    time = Time()
    source = opened(make_video("v.mkv", frames=3, stamps=[0, 10, 3000]), time)
    frames = play(source, 3)
    assert frames[-1].at_ms == 80_000
    assert time.longest <= 0.1
    source.close()


def test_time_that_the_reader_lost_is_given_up(make_video: MakeVideo) -> None:
    time = Time()
    source = opened(make_video(frames=10), time)
    play(source, 2)
    time.now += 60
    late = play(source, 3)
    assert [frame.at_ms for frame in late] == [110_040, 110_080, 110_120]
    source.close()


def test_a_loop_without_a_picture_is_refused_and_does_not_spin(make_video: MakeVideo) -> None:
    path = make_video("v.mkv", frames=20)
    data = bytearray(path.read_bytes())
    for at in range(data.index(b"\xa3") if b"\xa3" in data else 600, len(data)):
        data[at] = 0
    path.write_bytes(bytes(data))
    with pytest.raises(SourceRefused):
        play(opened(path, Time(), loop=True), 1)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceRefused, match="no such file"):
        opened(tmp_path / "gone.mp4", Time())
