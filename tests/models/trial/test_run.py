"""Every picture has its answer, in order; drawings can be read."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from zhian_models.trial import try_pictures
from zhian_models.trial.drawing import draw
from zhian_models.trial.looks import NO_DOTS, Finding, canvas, corners_of


class OneBox:
    """Finds one thing in every picture."""

    key = "things"

    def find(self, bgr: NDArray[np.uint8]) -> list[Finding]:
        return [Finding({"text": "京A12345"}, corners_of((40, 60, 80, 30)), NO_DOTS, "京A12345  blue")]


def picture(path: Path, width: int = 200) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(cv2.imencode(".png", np.full((150, width, 3), 90, np.uint8))[1].tobytes())
    return path


def test_an_unreadable_picture_is_answered_and_the_others_go_on(tmp_path: Path) -> None:
    paths = [picture(tmp_path / "a.png"), tmp_path / "gone.png", picture(tmp_path / "b.png", 300)]
    lines = [json.loads(json.dumps(o.line())) for o in try_pictures(OneBox(), paths)]
    assert lines == [
        {"path": str(paths[0]), "width": 200, "height": 150, "things": [{"text": "京A12345"}]},
        {"path": str(paths[1]), "width": None, "height": None, "error": "No such file or directory"},
        {"path": str(paths[2]), "width": 300, "height": 150, "things": [{"text": "京A12345"}]},
    ]


def test_drawings_of_one_name_do_not_overwrite_each_other(tmp_path: Path) -> None:
    paths = [picture(tmp_path / "东门" / "人.png"), picture(tmp_path / "西门" / "人.png")]
    drawn = [o.drawing for o in try_pictures(OneBox(), paths, tmp_path / "out")]
    assert [p.name for p in drawn if p] == ["人.jpg", "人-2.jpg"]
    assert all(p and p.is_file() for p in drawn)


def test_a_drawing_shows_outline_and_chinese_label_and_leaves_the_picture_alone() -> None:
    plain = np.full((150, 200, 3), 90, np.uint8)
    drawn = draw(plain, OneBox().find(plain))
    assert (plain == 90).all()
    assert tuple(int(v) for v in drawn[75, 40]) != (90, 90, 90), "the outline's left side"
    label = drawn[35:57, 40:150]
    assert (label.min(axis=2) > 200).sum() > 40, "white strokes"
    blank = draw(plain, [Finding({}, corners_of((40, 60, 80, 30)), NO_DOTS, "?")])[35:57, 40:150]
    assert (blank.min(axis=2) > 200).sum() < (label.min(axis=2) > 200).sum()


def test_a_label_at_the_edge_stays_in_the_picture() -> None:
    plain = np.full((60, 80, 3), 90, np.uint8)
    finding = Finding(
        {}, corners_of((70, 0, 10, 10)), np.array([[75, 5]], np.float32), "a label wider than the picture"
    )
    assert draw(plain, [finding]).shape == plain.shape


def test_faces_are_looked_for_on_a_canvas_of_the_pictures_shape() -> None:
    assert canvas(640, 360) == (640, 384)
    assert canvas(1920, 1080) == (1280, 736)
    assert canvas(20, 4000) == (32, 1280)
