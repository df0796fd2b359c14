"""A resting source leaves out only what nothing happened in: the same pictures, numbers and times as without rest."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from zhian_edge.capture import Frame, Rest, open_file
from zhian_edge.capture.file import PacedFile
from zhian_edge.capture.live import LiveSource
from zhian_edge.capture.media import Media, open_media
from zhian_edge.capture.packets import facts_of, sort_for
from zhian_edge.capture.resting import Decoded, Reader

SIZE = (320, 180)
RATE = 25
_CHANCE = np.random.default_rng(11)
ROOM = _CHANCE.integers(40, 200, (9, 16, 3)).repeat(20, 0).repeat(20, 1)
NOISE = [_CHANCE.normal(0, 2, ROOM.shape) for _ in range(7)]
#: Somebody crosses the room in these seconds.
PASSES = ((8.3, 9.5), (15.0, 16.2))
SECONDS = 20


def pictures() -> Iterator[np.ndarray[Any, np.dtype[np.uint8]]]:
    for number in range(SECONDS * RATE):
        shown = ROOM + NOISE[number * 5 % 7]
        for first_s, last_s in PASSES:
            if first_s <= number / RATE < last_s:
                left = round((number / RATE - first_s) / (last_s - first_s) * 280)
                shown[90:150, left : left + 24] = 20
        yield np.clip(shown, 0, 255).astype(np.uint8)


CODERS: dict[str, tuple[str, str, dict[str, str]]] = {
    "h264": ("v.mp4", "libx264", {"preset": "ultrafast", "bf": "0"}),
    "h264 with B and open groups": ("v.mkv", "libx264", {"preset": "veryfast", "bf": "2", "x264-params": "open-gop=1"}),
    "h264 with start codes": ("v.ts", "libx264", {"preset": "ultrafast", "bf": "0"}),
    "h264 at a constant rate": (
        "v.mp4",
        "libx264",
        {"preset": "ultrafast", "x264-params": "bitrate=600:vbv-maxrate=600:vbv-bufsize=300"},
    ),
    "hevc": ("v.mp4", "libx265", {"preset": "ultrafast", "x265-params": "log-level=none"}),
    "mpeg4": ("v.avi", "mpeg4", {}),
}


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The film of the room by one coder, made once."""
    folder, made = tmp_path_factory.mktemp("room"), dict[str, Path]()

    def make(coder: str) -> Path:
        if coder not in made:
            made[coder] = encode(folder / f"{len(made)}{CODERS[coder][0]}", *CODERS[coder][1:])
        return made[coder]

    return make


def encode(path: Path, codec: str, options: dict[str, str]) -> Path:
    with av.open(str(path), "w") as out:
        stream = out.add_stream(codec, rate=RATE, options=options)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuvj420p" if codec == "mjpeg" else "yuv420p"
        stream.codec_context.gop_size = 25
        for number, shown in enumerate(pictures()):
            frame = av.VideoFrame.from_ndarray(shown, format="bgr24")
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def seen(frame: Frame) -> tuple[int, float, bytes]:
    return frame.index, round(frame.media_time_s, 4), frame.bgr().tobytes()


class Watcher:
    """Whoever looks at the frames: busy while somebody passes in the last one."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []

    def sees(self, frame: Frame) -> None:
        self.frames.append(frame)

    def busy(self) -> bool:
        return bool(self.frames) and passing(self.frames[-1].media_time_s)


def passing(at_s: float) -> bool:
    return any(first_s <= at_s < last_s for first_s, last_s in PASSES)


def rested(path: Path, busy: Callable[[], bool] | None = None, after_s: float = 1.0) -> list[tuple[int, float, bytes]]:
    watcher = Watcher()
    with open_file(path) as video:
        video.rest(Rest(after_s, busy or watcher.busy))
        for frame in video:
            watcher.sees(frame)
        return [seen(frame) for frame in watcher.frames]


@pytest.mark.parametrize("coder", CODERS)
def test_all_that_is_shown_is_as_without_rest_and_no_passing_is_left_out(
    room: Callable[[str], Path], coder: str
) -> None:
    path = room(coder)
    whole = {frame[0]: frame for frame in map(seen, open_file(path))}
    shown = rested(path)
    assert len(shown) < 0.65 * len(whole)
    assert [whole[frame[0]] for frame in shown] == shown
    assert {n for n in range(SECONDS * RATE) if passing(n / RATE)} <= {index for index, _, _ in shown}


def test_two_readings_with_rest_are_equal(room: Callable[[str], Path]) -> None:
    assert rested(room("h264")) == rested(room("h264"))


class Restarted(Media):
    """A camera whose clock is set back after five seconds."""

    def packet(self) -> Any:
        packet = super().packet()
        if packet is not None and packet.pts is not None and packet.pts * packet.time_base >= 5:
            packet.pts -= round(4 / packet.time_base)
            packet.dts = packet.pts
        return packet


def test_time_stamps_that_are_set_back_cost_no_picture(room: Callable[[str], Path]) -> None:
    media = Restarted(av.open(str(room("h264"))), "camera")
    reader, shown = Reader(media, Rest(1.0, lambda: True)), 0
    while (pictures := reader.read()) is not None:
        shown += len(pictures)
    media.close()
    assert shown == SECONDS * RATE


def test_who_is_busy_keeps_it_awake(room: Callable[[str], Path]) -> None:
    assert len(rested(room("h264"), lambda: True)) == SECONDS * RATE


def test_the_last_seconds_of_a_file_are_whole(room: Callable[[str], Path]) -> None:
    assert rested(room("h264"))[-1][0] == SECONDS * RATE - 1


def test_asleep_a_picture_comes_now_and_then(room: Callable[[str], Path]) -> None:
    times = [time for _, time, _ in rested(room("h264"))]
    assert 1 < max(later - earlier for earlier, later in itertools.pairwise(times)) < 4.1


def test_it_falls_asleep_in_the_middle_of_a_group(room: Callable[[str], Path]) -> None:
    frames = rested(room("h264"), lambda: False, after_s=1.3)
    last = next(index for (index, _, _), (later, _, _) in itertools.pairwise(frames) if later > index + 1)
    assert 25 < last < 49


@pytest.mark.parametrize("stirs_s", [1.7, 2.3, 3.0, 3.5], ids=str)
@pytest.mark.parametrize("coder", ["h264", "h264 with B and open groups", "mpeg4"])
def test_who_wakes_it_anywhere_sees_all_since_the_picture_before(
    room: Callable[[str], Path], coder: str, stirs_s: float
) -> None:
    media = open_media(str(room(coder)), "room")
    stirs = [False]
    reader = Reader(media, Rest(1.0, lambda: stirs[0]))
    shown: list[Decoded] = []
    slept = False
    while (packet := media.packet()) is not None and packet.size:
        at_s = float((packet.dts or 0) * (packet.time_base or 0))
        stirs[0] = at_s >= stirs_s
        slept |= reader.asleep
        reader.take(packet, at_s)
        while reader.waiting:
            shown += reader.pictures()
    media.close()
    numbers = [round((each.picture.time or 0) * RATE) for each in shown]
    # What is left out ends with a key frame, which comes once a second, and every picture counts the ones before it.
    gaps = [(number, later) for number, later in itertools.pairwise(numbers) if later != number + 1]
    assert slept
    assert all(later <= stirs_s * RATE for _, later in gaps)
    assert [count - 1 for count in itertools.accumulate(each.left_out + 1 for each in shown)] == numbers


@pytest.mark.thorough
def test_a_stream_without_groups_is_always_decoded(tmp_path: Path) -> None:
    path = encode(tmp_path / "v.avi", "mjpeg", {})
    assert len(rested(path)) == SECONDS * RATE


@pytest.mark.thorough
def test_a_stream_that_refreshes_bit_by_bit_is_always_decoded(tmp_path: Path) -> None:
    path = encode(tmp_path / "v.mp4", "libx264", {"x264-params": "intra-refresh=1:bframes=0"})
    assert len(rested(path)) == SECONDS * RATE


@pytest.mark.parametrize("coder", ["h264 with B and open groups", "h264 with start codes", "hevc"])
def test_slices_that_are_coded_otherwise_are_of_another_sort(room: Callable[[str], Path], coder: str) -> None:
    with av.open(str(room(coder))) as container:
        stream = container.streams.video[0]
        sort = sort_for(stream.codec_context)
        facts = [facts_of(packet, sort) for packet in container.demux(stream) if packet.size]
    sorts = {each.sort for each in facts if not each.key}
    assert 0 not in sorts
    assert len(sorts) >= (1 if coder.endswith("codes") else 2)


class Time:
    """A clock that only waiting and reading move."""

    def __init__(self) -> None:
        self.now = 100.0

    def clock(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += seconds


def test_a_paced_file_sleeps_at_its_pace_and_tells_the_times_of_capture(room: Callable[[str], Path]) -> None:
    time, places, watcher = Time(), [4], Watcher()
    rest = Rest(1.0, watcher.busy, lambda: places[0])
    source = PacedFile("gate", room("h264"), rest=rest, clock=time.clock, wait=time.wait)
    source.open()
    late, frames = 0.0, watcher.frames
    while not frames or frames[-1].index < SECONDS * RATE - 1:
        for frame in source.step():
            watcher.sees(frame)
            late = max(late, time.now - frame.at_ms / 1000)
        places[0] = 0 if places[0] else 4
    source.close()
    assert len(frames) < 0.7 * SECONDS * RATE
    assert all(abs(frame.at_ms / 1000 - 100 - frame.media_time_s) < 0.06 for frame in frames)
    assert 0.1 < late < 4.5


class Camera(Media):
    """A file whose packets arrive at their own pace on `time`."""

    def __init__(self, path: Path, time: Time) -> None:
        super().__init__(av.open(str(path)), "camera")
        self._time = time

    def packet(self) -> Any:
        packet = super().packet()
        self._time.now += 1 / RATE
        return packet if packet is None or packet.size else None


def test_a_live_source_catches_up_no_faster_than_there_is_room_and_drops_nothing(room: Callable[[str], Path]) -> None:
    time, watcher = Time(), Watcher()
    rest = Rest(1.0, watcher.busy, lambda: 3)
    source = LiveSource("gate", "camera", lambda: Camera(room("h264"), time), rest=rest, clock=time.clock)
    source.open()
    most, frames = 0, watcher.frames
    for _ in range(18 * RATE):
        step = source.step()
        most = max(most, len(step))
        for frame in step:
            watcher.sees(frame)
    source.close()
    assert most <= 4
    assert len(frames) < 0.8 * 18 * RATE
    passed = [frame.index for frame in frames if passing(frame.media_time_s)]
    assert passed == [n for n in range(SECONDS * RATE) if passing(n / RATE)]
    assert all(abs(frame.at_ms / 1000 - 100.04 - frame.media_time_s) < 0.05 for frame in frames)


def test_opening_does_not_need_rest(room: Callable[[str], Path]) -> None:
    media = open_media(str(room("mpeg4")), "room")
    packet = media.packet()
    assert packet is not None
    assert len(media.decode_alone(packet)) == 1
    media.close()
