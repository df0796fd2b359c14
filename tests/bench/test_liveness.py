"""The liveness benchmark counts each presentation once, and its drawn attacks are what they are called."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "scripts" / "bench"))

import liveness  # noqa: E402
from liveness_parts import attacks  # noqa: E402


def source() -> attacks.Source:
    """A smooth grey picture with a bright square for a face."""
    picture = np.full((240, 180, 3), 90, np.uint8)
    cv2.rectangle(picture, (60, 60), (120, 120), (200, 200, 200), -1)
    return attacks.Source(cv2.GaussianBlur(picture, (9, 9), 0), (60, 60, 60, 60))


ROOM = np.full((attacks.HEIGHT, attacks.WIDTH, 3), (0, 160, 0), np.uint8)


@pytest.mark.parametrize("label", attacks.KINDS)
def test_a_drawn_presentation_is_the_same_every_time(label: str) -> None:
    make = attacks.KINDS[label]
    one, other = (make(source(), ROOM, np.random.default_rng(4)) for _ in range(2))
    assert np.array_equal(one, other)
    assert one.dtype == np.uint8


@pytest.mark.parametrize("label", [label for label in attacks.KINDS if label.startswith("attack")])
def test_a_drawn_attack_lies_before_the_room_and_says_that_it_is_drawn(label: str) -> None:
    scene = attacks.KINDS[label](source(), ROOM, np.random.default_rng(1))
    assert scene.shape == ROOM.shape
    assert np.abs(np.diff(scene[2, 2].astype(int))).max() > 60  # the room's corner
    assert "drawn" in label


def test_a_phone_has_a_dark_rim_and_a_print_a_bright_one() -> None:
    rng = np.random.default_rng
    phone, paper = attacks.phone(source(), ROOM, rng(2)), attacks.printed(source(), ROOM, rng(2))
    assert (phone.max(axis=2) < 45).mean() > 0.01
    assert (paper.max(axis=2) < 45).mean() < 0.001
    assert (paper.min(axis=2) > 150).mean() > 0.01


def test_the_living_control_shows_nothing_of_the_room() -> None:
    scene = attacks.live(source(), ROOM, np.random.default_rng(3))
    assert np.abs(np.diff(scene.astype(int), axis=2)).mean() < 10


def test_rates_count_what_was_judged_wrongly_by_the_node_s_threshold() -> None:
    found = {"fr_liveness": {"live, tracks": [0.9, 0.49, 0.5], "attack:print, pictures": [0.1, 0.6]}}
    rows = {row["kind"]: row for row in liveness.rates(found)}
    assert (rows["live, tracks"]["measure"], rows["live, tracks"]["hits"], rows["live, tracks"]["trials"]) == (
        "BPCER", 1, 3,
    )  # fmt: skip
    assert (rows["attack:print, pictures"]["measure"], rows["attack:print, pictures"]["hits"]) == ("APCER", 1)
    assert rows["attack:print, pictures"]["high"] < 1


def test_pictures_of_a_truth_are_scored_by_every_choice_that_was_brought(
    shared: Path, models_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHIAN_HOME", str(models_home))
    out = tmp_path / "live.json"
    assert liveness.main(["--pictures", str(shared / "liveness"), "--json", str(out)]) == 0
    scores = json.loads(out.read_text())["scores"]
    assert {"fr_liveness", "auto"} <= set(scores) <= set(liveness.CHOICES)
    for kinds in scores.values():
        assert len(kinds["live, pictures"]) == len(kinds["attack:print, pictures"]) == 1
        assert kinds["attack:print, pictures"][0] < 0.5


def test_drawing_needs_photographs_and_a_room(capsys: pytest.CaptureFixture[str]) -> None:
    assert liveness.main(["--drawn", "3"]) == 2
    assert "--photographs" in capsys.readouterr().err


def test_a_picture_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "truth.tsv").write_text("file\tlabel\na.jpg\tlive\n")
    (tmp_path / "a.jpg").write_text("no picture")
    with pytest.raises(OSError, match=r"a\.jpg: no picture"):
        list(liveness.labelled(tmp_path))
