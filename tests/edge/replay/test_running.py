"""Replay: the same file gives the same bytes; what cannot be used is named; nothing is half-written."""

from __future__ import annotations

import io
import json
import os
import shutil
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import av
import msgspec
import numpy as np
import pytest
import typer
from typer.testing import CliRunner
from zhian_edge.capture import Frame, open_file
from zhian_edge.config.reading import parse
from zhian_edge.config.types import Site
from zhian_edge.errors import EdgeError
from zhian_edge.replay.command import replay_command
from zhian_edge.replay.people import People
from zhian_edge.replay.running import Request, _config, replay
from zhian_edge.replay.trace import Trace, TraceError, TraceLine, TraceWriter, read_trace
from zhian_models.store import Store

app = typer.Typer()
app.command()(replay_command)


def encode(path: Path, pictures: Iterable[np.ndarray], rate: int = 10) -> Path:
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("mpeg4", rate=rate)
        stream.bit_rate = 8_000_000
        for n, picture in enumerate(pictures):
            if n == 0:
                stream.height, stream.width = picture.shape[:2]
            frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
            frame.pts = n
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def drawn(path: Path, frames: int = 20) -> Path:
    """A drawn room in which a grey thing moves."""

    def picture(n: int) -> np.ndarray:
        room = np.kron(np.random.default_rng(3).integers(20, 230, (9, 16, 1)), np.ones((20, 20, 3))).astype(np.uint8)
        room[60:120, 10 * n : 10 * n + 40] = 128
        return room

    return encode(path, (picture(n) for n in range(frames)))


def run(request: Request, home: Path) -> list[dict[str, Any]]:
    out = io.BytesIO()
    replay(request, out, store=Store(home))
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_missing_video_is_named_and_nothing_is_written(tmp_path: Path, models_home: Path) -> None:
    out = tmp_path / "events.jsonl"
    result = CliRunner().invoke(app, [str(tmp_path / "none.mp4"), "--out", str(out)])
    assert result.exit_code == 2
    assert "none.mp4: no such file" in result.output
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_video_is_named(tmp_path: Path, models_home: Path) -> None:
    (tmp_path / "text.mp4").write_text("not a video")
    with pytest.raises(EdgeError, match=r"text\.mp4"):
        run(Request([tmp_path / "text.mp4"], kind="body"), models_home)


def test_a_video_without_one_picture_is_named(tmp_path: Path, models_home: Path) -> None:
    good = drawn(tmp_path / "good.avi", 3)
    data = good.read_bytes()
    start = data.index(b"movi")
    (tmp_path / "blank.avi").write_bytes(data[: start + 12] + bytes(len(data) - start - 12))
    with pytest.raises(EdgeError, match=r"blank\.avi"):
        run(Request([good, tmp_path / "blank.avi"], kind="body"), models_home)


def test_an_output_that_would_harm_or_cannot_be_written_is_refused_before_anything_is_done(tmp_path: Path) -> None:
    video = drawn(tmp_path / "gate.avi", 3)
    before = video.read_bytes()
    for out, says in [(video, "the video itself"), (tmp_path, "a folder"), (tmp_path / "none" / "e", "no such folder")]:
        result = CliRunner().invoke(app, [str(video), "--kind", "body", "--out", str(out)])
        assert result.exit_code == 2
        assert f"{out}: " in result.output
        assert says in result.output
    assert video.read_bytes() == before


def test_an_address_is_no_file(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["rtsp://192.0.2.1/stream1", "--out", str(tmp_path / "e")])
    assert result.exit_code == 2
    assert "an address" in result.output


def test_a_name_that_is_not_utf8_is_replayed(tmp_path: Path, models_home: Path) -> None:
    video = drawn(tmp_path / "gate.avi", 3).rename(tmp_path / os.fsdecode("大门.avi".encode("gbk")))
    summary = replay(Request([video], kind="body"), io.BytesIO(), store=Store(models_home))
    assert summary.frames == 3
    (frame, *_) = open_file(video)
    for name in (frame.camera, frame.source):
        assert name.encode().endswith(b".avi")


def test_what_was_missing_in_a_video_is_told_by_its_name(tmp_path: Path, models_home: Path) -> None:
    video = drawn(tmp_path / "gate.mkv", 60)
    video.write_bytes(video.read_bytes()[: video.stat().st_size // 2])
    summary = replay(Request([video], kind="body"), io.BytesIO(), store=Store(models_home))
    assert [warning for warning in summary.warnings if warning.startswith(f"{video}: ends after")]


def test_two_videos_of_one_camera_of_the_configuration_are_two_cameras(tmp_path: Path, models_home: Path) -> None:
    (tmp_path / "a").mkdir()
    videos = [drawn(tmp_path / "gate.avi", 3), drawn(tmp_path / "a" / "gate.avi", 3)]
    config = msgspec.structs.replace(_config(Request(videos[:1])), site=Site(id="school"))
    assert [camera.id for camera in _config(Request(videos, config=config)).cameras] == ["gate", "gate-2"]


def test_a_pipe_is_written_as_it_comes_and_a_link_stays_one(tmp_path: Path, models_home: Path) -> None:
    video = str(drawn(tmp_path / "gate.avi", 3))
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to(tmp_path / "target")
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    for out in (pipe, link):
        assert CliRunner().invoke(app, [video, "--kind", "body", "--out", str(out)]).exit_code == 0
    os.close(reader)
    assert pipe.is_fifo()
    assert link.is_symlink()
    assert (tmp_path / "target").is_file()


@pytest.mark.parametrize("make", [lambda p: p.mkdir(), lambda p: None], ids=["empty", "missing"])
def test_a_people_folder_without_people_is_named(
    tmp_path: Path, models_home: Path, make: Callable[[Path], None]
) -> None:
    make(tmp_path / "people")
    video = drawn(tmp_path / "gate.avi", 3)
    with pytest.raises(EdgeError, match=r"people"):
        run(Request([video], kind="face", who=People(tmp_path / "people")), models_home)


def test_a_picture_that_cannot_be_read_is_a_warning_that_names_it(tmp_path: Path, models_home: Path) -> None:
    person = tmp_path / "people" / "ann"
    person.mkdir(parents=True)
    (person / "broken.jpg").write_bytes(b"not a picture")
    (tmp_path / "people" / "nobody").mkdir()
    video = drawn(tmp_path / "gate.avi", 3)
    summary = replay(
        Request([video], kind="face", who=People(tmp_path / "people")), io.BytesIO(), store=Store(models_home)
    )
    assert any("broken.jpg" in warning for warning in summary.warnings)
    assert any("nobody" in warning for warning in summary.warnings)
    assert summary.persons == 0


@pytest.mark.parametrize("text", ["yesterday", "2026-01-01T08:00:00"])
def test_a_start_without_an_offset_is_refused(tmp_path: Path, text: str) -> None:
    result = CliRunner().invoke(app, ["a.mp4", "--out", str(tmp_path / "o"), "--start", text])
    assert result.exit_code == 2


def test_an_empty_scene_gives_no_event_and_a_summary(tmp_path: Path, models_home: Path) -> None:
    summary = replay(Request([drawn(tmp_path / "gate.avi")]), io.BytesIO(), store=Store(models_home))
    assert (summary.frames, summary.events, summary.runtime, summary.precision) == (20, 0, "onnxruntime", "f32")
    assert summary.counters["face_detect"] > 0
    assert summary.counters["body_detect"] > 0


def test_frames_of_a_trace_are_the_only_ones(tmp_path: Path, models_home: Path) -> None:
    video = drawn(tmp_path / "gate.avi")
    file = io.BytesIO()
    writer = TraceWriter(file)
    for frame in open_file(video, camera="gate"):
        if frame.index in {2, 5, 9}:
            frame.at_ms += 777_000
            writer.write(frame, ("body",) if frame.index == 5 else ())
    (tmp_path / "trace").write_bytes(file.getvalue())
    request = Request([video], kind="body", trace=read_trace(tmp_path / "trace"))
    summary = replay(request, io.BytesIO(), store=Store(models_home))
    assert summary.frames == 3
    assert summary.counters["body_detect"] == 1


def test_a_trace_keeps_the_moments_of_the_live_run() -> None:
    trace = Trace([TraceLine("gate", 3, 5000, ("face",)), TraceLine("gate", 7, 5160)])
    frames = [
        Frame.of_picture(np.zeros((2, 2, 3), np.uint8), camera="gate", index=n, media_time_s=n / 25) for n in range(9)
    ]
    kept = list(trace.only(frames))
    assert [(f.index, f.at_ms) for f in kept] == [(3, 0), (7, 160)]
    assert [trace.looked(f) for f in kept] == [("face",), ()]


def test_a_trace_tells_after_which_frame_everything_was_finished() -> None:
    file = io.BytesIO()
    writer = TraceWriter(file)
    frames = [Frame.of_picture(np.zeros((2, 2, 3), np.uint8), camera="gate", index=n) for n in range(4)]
    writer.finished("gate")
    for frame in frames[:2]:
        writer.write(frame, ("face",))
    writer.finished("gate")
    writer.write(frames[2], ())
    trace = Trace(msgspec.json.decode(line, type=TraceLine) for line in file.getvalue().splitlines())
    assert [[line.finished for line in trace.after(frame)] for frame in frames] == [[], [True], [], []]
    assert trace.before("gate") == ()
    assert [frame.index for frame in trace.only(frames)] == [0, 1, 2]
    assert trace.looked(frames[1]) == ("face",)


def test_a_trace_tells_when_whose_cards_were_compared_and_that_the_roster_changed() -> None:
    file = io.BytesIO()
    writer = TraceWriter(file)
    frames = [Frame.of_picture(np.zeros((2, 2, 3), np.uint8), camera="gate", index=n) for n in range(3)]
    writer.compared("gate", ("p-1",), {})
    for frame in frames:
        frame.at_ms = 5000 + 200 * frame.index
    writer.write(frames[0], ("face",))
    writer.compared("gate", ("p-1", "p-2"), {"p-2": 5100})
    writer.roster_changed()
    writer.write(frames[1], ())
    writer.compared("gate", (), {})
    trace = Trace(msgspec.json.decode(line, type=TraceLine) for line in file.getvalue().splitlines())
    assert [line.compared for line in trace.before("gate")] == [("p-1",)]
    assert [line.compared for line in trace.after(frames[0])] == [("p-1", "p-2"), None]
    assert trace.after(frames[0])[0].awaited == {"p-2": 100}
    assert [line.compared for line in trace.after(frames[1])] == [()]
    assert trace.roster_changes == 1
    assert [frame.index for frame in trace.only(frames)] == [0, 1]


def test_a_replay_says_that_it_has_not_the_rosters_of_a_trace(tmp_path: Path, models_home: Path) -> None:
    video = drawn(tmp_path / "gate.avi", 3)
    lines = [TraceLine("gate", 0, 0), TraceLine("gate", 0, 0, roster=True)]
    summary = replay(Request([video], kind="body", trace=Trace(lines)), io.BytesIO(), store=Store(models_home))
    assert summary.warnings == ["the roster changed 1 times during the trace: names are of the one given here"]


def test_a_broken_trace_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "trace").write_text('{"camera":"a","frame":1,"at_ms":1}\n{"camera":1}\n')
    with pytest.raises(TraceError, match="line 2"):
        read_trace(tmp_path / "trace")


def test_a_trace_of_other_cameras_is_refused(tmp_path: Path, models_home: Path) -> None:
    video = drawn(tmp_path / "gate.avi", 3)
    with pytest.raises(EdgeError, match="the trace speaks of door"):
        run(Request([video], kind="body", trace=Trace([TraceLine("door", 1, 1)])), models_home)


@pytest.fixture(scope="session")
def walk_in(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three seconds of the people reel: two known people and some strangers come out of a building."""
    frames = (f.bgr() for f in open_file(shared / "reels" / "people.mp4") if 9.2 <= f.media_time_s < 12.4)
    return encode(tmp_path_factory.mktemp("clip") / "walk.mp4", frames, rate=25)


def known(shared: Path, folder: Path) -> People:
    for person in ("d05", "d06"):
        shutil.copytree(shared / "reels" / "people" / person, folder / person)
    return People(folder)


def test_known_people_are_named_once_strangers_never_and_two_runs_are_equal(
    shared: Path, models_home: Path, walk_in: Path, tmp_path: Path
) -> None:
    request = Request([walk_in], kind="face", who=known(shared, tmp_path / "people"))
    first, second = io.BytesIO(), io.BytesIO()
    replay(request, first, store=Store(models_home))
    replay(request, second, store=Store(models_home))
    assert first.getvalue() == second.getvalue()
    events = [json.loads(line) for line in first.getvalue().splitlines()]
    names = [e["data"]["person_id"] for e in events]
    assert sorted(name for name in names if name) == ["d05", "d06"]
    assert [e["seq"] for e in events] == list(range(1, len(events) + 1))
    assert {e["data"]["source"] for e in events} == {"walk.mp4"}
    assert all(e["data"]["direction"] == "in" for e in events if e["data"]["person_id"])


def test_two_videos_are_two_cameras_that_start_together(
    shared: Path, models_home: Path, walk_in: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.mp4"
    shutil.copy(walk_in, other)
    start = datetime.fromisoformat("2026-03-01T00:00:00+00:00")
    request = Request([walk_in, other], kind="face", start=start, who=known(shared, tmp_path / "people"))
    named = [e for e in run(request, models_home) if e["data"]["person_id"] == "d05"]
    assert [e["data"]["camera"] for e in named] == ["walk", "other"]
    assert len({e["data"]["media_time_s"] for e in named}) == 1
    assert all(e["time"].startswith("2026-03-01T00:00:0") for e in named)


CONFIG = """
[site]
id = "s"
[node]
id = "n"
[gateway]
brokers = ["mqtt://127.0.0.1:1883"]
url = "http://127.0.0.1:1"
[[cameras]]
id = "door"
source = "walk.mp4"
senses = ["face"]
line = [[0.0, 0.99], [1.0, 0.99]]
"""


def test_who_is_known_but_does_not_cross_the_line_goes_neither_in_nor_out(
    shared: Path, models_home: Path, walk_in: Path, tmp_path: Path
) -> None:
    config = parse(CONFIG, Path("node.toml"))
    request = Request([walk_in], config=config, who=known(shared, tmp_path / "people"))
    passages = [event["data"] for event in run(request, models_home)]
    assert passages
    assert {passage["direction"] for passage in passages} == {"none"}
    assert all(passage["person_id"] is not None for passage in passages)
