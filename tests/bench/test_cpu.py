"""The cost of a replay is counted where it arose: inside the truth's passages, or outside."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "scripts" / "bench"))

import cpu  # noqa: E402
from reel import Wanted  # noqa: E402


class Clock:
    """Processor time that passes a millisecond a call."""

    def __init__(self) -> None:
        self.now = 0.0

    def process_time(self) -> float:
        self.now += 0.001
        return self.now


def told(passages: list[tuple[float, float]], times: list[float], monkeypatch: pytest.MonkeyPatch) -> cpu.Stopwatch:
    monkeypatch.setattr(cpu, "time", Clock())
    watch = cpu.Stopwatch([Wanted("face", None, first, last) for first, last in passages])
    for at in times:
        watch(at)
    return watch


def test_a_frame_s_cost_belongs_to_the_passage_it_lies_in(monkeypatch: pytest.MonkeyPatch) -> None:
    watch = told([(1.0, 2.0)], [0.0, 0.5, 1.0, 1.5, 2.0, 2.5], monkeypatch)
    assert (watch.inside.media_s, watch.inside.cpu_s) == pytest.approx((1.5, 0.003))
    assert (watch.outside.media_s, watch.outside.cpu_s) == pytest.approx((1.0, 0.002))
    assert watch.inside.ms_per_camera_second == 2.0


def test_what_was_loaded_before_the_first_frame_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    watch = told([], [5.0], monkeypatch)
    assert watch.inside.cpu_s == watch.outside.cpu_s == 0
    assert watch.outside.ms_per_camera_second == 0.0


spans = st.lists(st.tuples(st.floats(0, 50), st.floats(0, 9)).map(lambda p: (p[0], p[0] + p[1])), max_size=5)


@given(spans, st.lists(st.floats(0, 60), min_size=1, max_size=30, unique=True).map(sorted))
def test_nothing_is_counted_twice_and_nothing_is_lost(spans: list[tuple[float, float]], times: list[float]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        watch = told(spans, times, patch)
    assert watch.inside.media_s + watch.outside.media_s == pytest.approx(times[-1] - times[0])
    assert watch.inside.cpu_s + watch.outside.cpu_s == pytest.approx(0.001 * (len(times) - 1))


@pytest.fixture
def film(tmp_path: Path) -> Iterator[Path]:
    """A second of an empty room."""
    path = tmp_path / "room.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10, (320, 192))
    for _ in range(10):
        writer.write(np.full((192, 320, 3), 120, np.uint8))
    writer.release()
    return path


def test_a_replay_s_cost_is_written_as_json(
    film: Path, models_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHIAN_HOME", str(models_home))
    truth, out = tmp_path / "truth.json", tmp_path / "cost.json"
    truth.write_text(json.dumps({"passages": [{"kind": "face", "person_id": None, "first_s": 0.3, "last_s": 0.5}]}))
    assert cpu.main([str(film), str(truth), "--kind", "face", "--json", str(out)]) == 0
    body = json.loads(out.read_text())
    assert body["inside"]["media_s"] + body["outside"]["media_s"] == pytest.approx(0.9, abs=0.02)
    assert body["inside"]["media_s"] == pytest.approx(0.3, abs=0.11)
    assert body["video"] == "room.avi"


def test_a_missing_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cpu.main([str(tmp_path / "film.mp4"), str(tmp_path / "none.json")]) == 2
    assert "none.json" in capsys.readouterr().err
