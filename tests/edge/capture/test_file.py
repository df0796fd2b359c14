"""A file gives all its frames in time, however it was made or broken, and says clearly when it has none."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
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


@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_a_bare_coded_stream_keeps_the_rate_that_it_states(make_video: MakeVideo, codec: str) -> None:
    frames = list(
        open_file(make_video(f"v.{'h264' if codec == 'libx264' else 'hevc'}", frames=6, rate=10, codec=codec))
    )
    assert [frame.media_time_s for frame in frames] == pytest.approx([n / 10 for n in range(6)])


def test_two_readings_are_equal(make_video: MakeVideo) -> None:
    path = make_video(frames=4)
    one, two = ([(f.index, f.media_time_s, f.bgr().tobytes()) for f in open_file(path)] for _ in range(2))
    assert one == two


def test_a_truncated_file_gives_what_it_has(make_video: MakeVideo) -> None:
    path = make_video("v.mkv", frames=125, size=(160, 120))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    source = open_file(path)
    frames = list(source)
    assert 5 < len(frames) < 100
    (fault,) = source.faults()
    assert "ends after" in fault


@pytest.mark.parametrize("stamps", [[0, 100, 300, 400], [900_000, 900_100, 900_300, 900_400]])
@pytest.mark.parametrize("name", ["v.mkv", "v.mp4", "v.ts"])
def test_a_whole_file_has_no_faults(make_video: MakeVideo, name: str, stamps: list[int]) -> None:
    source = open_file(make_video(name, frames=4, stamps=stamps))
    assert len(list(source)) == 4
    assert not source.faults()


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
    assert source.faults() == [f"damaged: {source.damaged} packets and pictures of it were left out"]


@pytest.mark.parametrize("seed", range(8))
def test_noise_anywhere_never_raises(make_video: MakeVideo, seed: int) -> None:
    path = make_video("v.mkv", frames=40, size=(160, 120))
    data = bytearray(path.read_bytes())
    at = 600 + seed * (len(data) - 1200) // 8
    data[at : at + 150] = os.urandom(150)
    path.write_bytes(bytes(data))
    assert len(list(open_file(path))) <= 41


def test_a_hole_in_a_transport_stream_costs_only_itself(make_video: MakeVideo) -> None:
    data = make_video("v.ts", frames=60, size=(160, 120), options={"mpegts_flags": "resend_headers"}).read_bytes()
    cut = len(data) // 2 // 188 * 188
    path = make_video("v.ts", frames=1)
    path.write_bytes(data[:cut] + bytes(200_000) + data[cut:])
    source = open_file(path)
    assert len(list(source)) > 40
    assert source.damaged >= 1


def test_another_codec_in_the_middle_ends_nothing_else(make_video: MakeVideo) -> None:
    first, second = (make_video(f"{codec}.ts", frames=20, codec=codec) for codec in ("libx265", "libx264"))
    path = first.with_name("both.ts")
    path.write_bytes(first.read_bytes() + second.read_bytes())
    source = open_file(path)
    assert len(list(source)) >= 20
    assert source.damaged >= 1


@pytest.mark.parametrize("sizes", [((64, 48), (160, 120)), ((160, 120), (64, 48))])
def test_of_several_video_streams_the_largest_is_looked_at(
    tmp_path: Path, sizes: tuple[tuple[int, int], tuple[int, int]]
) -> None:
    path = tmp_path / "both.mkv"
    write_streams(path, [("libx264", size, 5) for size in sizes])
    assert [(frame.width, frame.height) for frame in open_file(path)] == [(160, 120)] * 5


def test_a_poster_beside_the_film_is_no_film(tmp_path: Path) -> None:
    path = tmp_path / "poster.mov"
    write_streams(path, [("png", (320, 240), 1), ("libx264", (64, 48), 5)])
    assert [(frame.width, frame.height) for frame in open_file(path)] == [(64, 48)] * 5


def write_streams(path: Path, streams: list[tuple[str, tuple[int, int], int]]) -> None:
    """A file with grey films, each of a codec, a size and so many frames."""
    with av.open(str(path), "w") as out:
        added = [(out.add_stream(codec, rate=25), codec, size, frames) for codec, size, frames in streams]
        packets = []  # the header is written with the first packet, and needs every stream's
        for stream, codec, (width, height), frames in added:
            assert isinstance(stream, av.VideoStream)
            stream.width, stream.height = width, height
            stream.pix_fmt = "rgb24" if codec == "png" else "yuv420p"
            grey = np.full((height, width, 3), 90, np.uint8)
            for _ in range(frames):
                packets += stream.encode(av.VideoFrame.from_ndarray(grey, format="rgb24"))
            packets += stream.encode(None)
        out.mux(packets)


@pytest.mark.parametrize("name", ["2026-01-01 08:00.mp4", "file:x.mp4", "大门 %03d.mp4", "-y.mp4"])
def test_a_name_is_never_taken_for_an_address(
    make_video: MakeVideo, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_video(frames=3).rename(tmp_path / name)
    monkeypatch.chdir(tmp_path)
    assert len(list(open_file(name))) == 3


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
