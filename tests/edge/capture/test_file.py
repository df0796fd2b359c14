"""A file gives all its frames in time, however it was made or broken, and says clearly when it has none."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from zhian_edge.capture import open_file
from zhian_edge.capture.media import MediaClock
from zhian_edge.errors import SourceRefused

MakeVideo = Callable[..., Path]


def test_frames_come_in_order_with_their_times(make_video: MakeVideo) -> None:
    frames = list(open_file(make_video(frames=10), camera="gate"))
    assert [frame.index for frame in frames] == list(range(10))
    assert [frame.media_time_s for frame in frames] == pytest.approx([n / 25 for n in range(10)])
    assert [frame.at_ms for frame in frames] == [n * 40 for n in range(10)]
    assert {(frame.camera, frame.source) for frame in frames} == {("gate", "video.mp4")}


def test_a_variable_rate_keeps_its_own_times(make_video: MakeVideo) -> None:
    stamps = [50, 54, 70, 71, 150]
    frames = list(open_file(make_video("v.mkv", frames=5, stamps=stamps)))
    assert [frame.media_time_s for frame in frames] == pytest.approx([0, 0.04, 0.2, 0.21, 1.0])


def test_a_stream_without_time_stamps_is_timed_by_its_rate(make_video: MakeVideo) -> None:
    frames = list(open_file(make_video("v.h264", frames=6)))
    times = [frame.media_time_s for frame in frames]
    assert len(times) == 6
    assert times == sorted(set(times))


def test_two_readings_are_equal(make_video: MakeVideo) -> None:
    path = make_video(frames=4)
    one, two = ([(f.index, f.media_time_s, f.bgr().tobytes()) for f in open_file(path)] for _ in range(2))
    assert one == two


def test_a_truncated_file_gives_what_it_has(make_video: MakeVideo) -> None:
    path = make_video("v.mkv", frames=50, size=(160, 120))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    frames = list(open_file(path))
    assert 5 < len(frames) < 50


def test_damage_is_counted_and_the_rest_is_read(make_video: MakeVideo) -> None:
    path = make_video("v.avi", frames=60, codec="mjpeg", pix_fmt="yuvj420p", size=(160, 120))
    data = bytearray(path.read_bytes())
    start = data.index(b"\xff\xd8", len(data) // 2)
    data[start : start + 700] = bytes(700)
    path.write_bytes(bytes(data))
    source = open_file(path)
    frames = list(source)
    assert 50 <= len(frames) < 60
    assert source.damaged >= 1


@pytest.mark.parametrize("seed", range(8))
def test_noise_anywhere_never_raises(make_video: MakeVideo, seed: int) -> None:
    path = make_video("v.mkv", frames=40, size=(160, 120))
    data = bytearray(path.read_bytes())
    at = 600 + seed * (len(data) - 1200) // 8
    data[at : at + 150] = os.urandom(150)
    path.write_bytes(bytes(data))
    assert len(list(open_file(path))) <= 41


def test_sound_alone_is_refused(make_sound: Callable[[], Path]) -> None:
    with pytest.raises(SourceRefused, match="no video"):
        open_file(make_sound())


def test_what_is_no_video_is_refused_by_name(tmp_path: Path) -> None:
    text = tmp_path / "notes.mp4"
    text.write_text("not a film" * 100)
    for path, says in [(text, "notes.mp4"), (tmp_path / "none.mp4", "no such file"), (tmp_path, "not a file")]:
        with pytest.raises(SourceRefused, match=says):
            open_file(path)


def test_a_file_that_was_never_finished_is_refused(make_video: MakeVideo) -> None:
    path = make_video()
    data = path.read_bytes()
    path.write_bytes(data[: data.index(b"moov") - 8])
    with pytest.raises(SourceRefused, match=r"video\.mp4"):
        open_file(path)


@pytest.mark.parametrize(
    ("stamps", "times"),
    [
        ([5.0, 5.1, 5.2], [0, 0.1, 0.2]),
        ([None, None, None], [0, 0.1, 0.2]),
        ([1.0, None, 1.2], [0, 0.1, 0.2]),
        ([7.0, 7.1, 0.0, 0.1], [0, 0.1, 0.2, 0.3]),
        ([0.0, 0.0, 0.0], [0, 0.1, 0.2]),
        ([0.0, 3.0, 3.1], [0, 3.0, 3.1]),
    ],
)
def test_media_time_always_grows(stamps: list[float | None], times: list[float]) -> None:
    clock = MediaClock(rate=10)
    assert [clock.at(stamp) for stamp in stamps] == pytest.approx(times)


def test_media_time_goes_on_when_a_source_starts_again() -> None:
    clock = MediaClock(rate=10)
    first = [clock.at(n / 10) for n in range(3)]
    clock.restart()
    assert first + [clock.at(9 + n / 10) for n in range(2)] == pytest.approx([0, 0.1, 0.2, 0.3, 0.4])
