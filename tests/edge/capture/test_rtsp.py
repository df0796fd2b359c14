"""An RTSP camera, played by a real server: its frames come, and every way of losing it is noticed and named."""

from __future__ import annotations

import gc
import itertools
import queue
import traceback
from functools import partial
from typing import Any

import psutil
import pytest
from structlog.testing import capture_logs
from zhian_edge.capture.advice import camera_advice
from zhian_edge.capture.frame import Frame
from zhian_edge.capture.live import LiveSource
from zhian_edge.capture.media import Timeouts
from zhian_edge.capture.rtsp import rtsp_source
from zhian_edge.config.types import Camera
from zhian_edge.errors import SourceLost, SourceRefused
from zhian_edge.process.supervisor import RetryPolicy, Supervisor

QUICK = Timeouts(open_s=5.0, read_s=0.5)


def read(source: LiveSource, count: int) -> list[Frame]:
    frames: list[Frame] = []
    while len(frames) < count:
        frames += source.step()
    return frames


def read_until_lost(source: LiveSource) -> None:
    for _ in range(1000):
        source.step()


def test_frames_come_with_growing_times(rtsp: Any) -> None:
    source = rtsp_source("gate", rtsp.address, timeouts=QUICK)
    source.open()
    frames = read(source, 12)
    source.close()
    assert source.facts is None
    assert [frame.index for frame in frames] == list(range(12))
    times = [frame.media_time_s for frame in frames]
    assert times == sorted(set(times))
    assert all(earlier.at_ms <= later.at_ms for earlier, later in itertools.pairwise(frames))
    assert frames[0].bgr().max() > 200


def test_a_killed_server_is_lost_at_once(rtsp: Any) -> None:
    source = rtsp_source("gate", rtsp.address, timeouts=QUICK)
    source.open()
    read(source, 2)
    rtsp.kill()
    with pytest.raises(SourceLost, match="ended the stream"):
        read_until_lost(source)
    source.close()
    with pytest.raises(SourceLost, match="refused"):
        source.open()


def test_a_frozen_server_is_lost_within_the_read_time_out(rtsp: Any) -> None:
    source = rtsp_source("gate", rtsp.address, timeouts=QUICK)
    source.open()
    read(source, 2)
    rtsp.freeze()
    with pytest.raises(SourceLost, match="no answer"):
        read_until_lost(source)
    source.close()
    rtsp.thaw()
    source.open()
    assert read(source, 2)
    source.close()


@pytest.mark.parametrize("rtsp", [("guard", "s3cret-word")], indirect=True)
def test_a_wrong_password_is_refused_and_never_shown(rtsp: Any) -> None:
    wrong = rtsp_source("gate", rtsp.address.replace("//", "//guard:wr0ng-word@"), timeouts=QUICK)
    with pytest.raises(SourceRefused, match="401") as refusal:
        wrong.open()
    assert "wr0ng-word" not in "".join(traceback.format_exception(refusal.value))
    right = rtsp_source("gate", rtsp.address.replace("//", "//guard:s3cret-word@"), timeouts=QUICK)
    right.open()
    assert "s3cret-word" not in read(right, 1)[0].source
    right.close()


def test_a_camera_that_was_killed_and_frozen_comes_back_with_one_line_each(rtsp: Any) -> None:
    frames: queue.Queue[Frame] = queue.Queue()
    policy, gate = RetryPolicy(first_s=0.05, longest_s=0.1), Camera(id="gate", source=rtsp.address)
    with capture_logs() as lines:
        source, advise = rtsp_source("gate", rtsp.address, timeouts=QUICK), partial(camera_advice, gate)
        supervisor = Supervisor(source, frames.put, policy=policy, advise=advise)
        supervisor.start()
        for breaks, mends in [(rtsp.kill, rtsp.start), (rtsp.freeze, rtsp.thaw)]:
            frames.get(timeout=20)
            failed = len(lines)
            breaks()
            while len(lines) == failed:
                take(frames)
            while take(frames):
                pass
            mends()
        last = frames.get(timeout=20)
        assert supervisor.status().state == "ok"
        assert supervisor.stop()
    told = [line["event"] for line in lines]
    assert told == ["service failed", "service recovered"] * 2
    assert lines[0]["service"] == "camera gate" and '[[cameras]] id = "gate"' in lines[0]["advice"]
    assert last.index > 0


def take(frames: queue.Queue[Frame]) -> Frame | None:
    try:
        return frames.get(timeout=0.05)
    except queue.Empty:
        return None


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_three_hundred_reconnects_leave_nothing_behind(rtsp: Any) -> None:
    source = rtsp_source("gate", rtsp.address, timeouts=QUICK)
    process = psutil.Process()
    before = 0
    for turn in range(350):
        source.open()
        read(source, 1)
        source.close()
        if turn == 50:  # the first rounds fill caches
            gc.collect()
            before = process.memory_info().rss
            handles = process.num_fds()
    gc.collect()
    assert (process.memory_info().rss - before) / 300 < 4_000, "bytes that one reconnect leaves behind"
    assert process.num_fds() <= handles
