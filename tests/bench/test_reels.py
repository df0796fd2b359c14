"""The whole chain on the development reels, scored as its judges score it."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest
from zhian_edge.replay.people import People
from zhian_edge.replay.running import Kind, Request, replay
from zhian_models.store import Store

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def scorer() -> Any:
    path = Path(__file__).resolve().parents[2] / "scripts" / "bench" / "reel.py"
    spec = importlib.util.spec_from_file_location("reel", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["reel"] = module
    spec.loader.exec_module(module)
    return module


def scored(video: Path, home: Path, out: Path, *, kind: Kind, who: People | None = None) -> Any:
    with out.open("wb") as file:
        replay(Request([video], kind=kind, who=who or People()), file, store=Store(home))
    reel = scorer()
    (score,) = reel.score(reel.read_events(out), reel.read_truth(video.with_suffix(".truth.json")))
    return score


@pytest.mark.parametrize("crowd", [False, True], ids=["alone", "among 500 strangers"])
def test_people_are_named_once_and_strangers_never(
    shared: Path, models_home: Path, tmp_path: Path, crowd: bool
) -> None:
    reels = shared / "reels"
    who = People(reels / "people", shared / "faces" / "strangers" if crowd else None)
    score = scored(reels / "people.mp4", models_home, tmp_path / "events.jsonl", kind="face", who=who)
    assert score.found >= 12, score.faults
    assert (score.wrong, score.stranger_named, score.doubled, score.invented) == (0, 0, 0, 0), score.faults


def test_plates_are_read_once(shared: Path, models_home: Path, tmp_path: Path) -> None:
    score = scored(shared / "reels" / "cars.mp4", models_home, tmp_path / "events.jsonl", kind="plate")
    assert score.found >= 24, score.faults
    assert score.doubled == 0, score.faults
    assert score.invented + score.wrong <= 1, score.faults


def test_bodies_are_counted_once(shared: Path, models_home: Path, tmp_path: Path) -> None:
    score = scored(shared / "reels" / "walkers.mp4", models_home, tmp_path / "events.jsonl", kind="body")
    assert (score.found, score.unknown_beyond) == (6, 0), score.faults
