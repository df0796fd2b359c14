"""The demo's own reel is what it says: still between acts, composed by its caption, equal every time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from demo_parts import reel, scene
from demo_parts.material import choose
from demo_parts.processes import DemoError

SQUARE = np.full((300, 200, 3), 200, np.uint8)
WHOLE = np.ones((300, 200), np.float32)


def scenes() -> list[reel.Scene]:
    """Somebody with somebody else just behind, and a car."""
    walker = reel.Act(SQUARE, WHOLE, 1.0, reel.on_foot(0.5))
    return [(walker, replace(walker, after_s=0.6)), (reel.Act(SQUARE, WHOLE, 1.0, reel.by_car),)]


def test_nobody_is_there_between_scenes_and_the_caption_is_never_covered() -> None:
    empty = next(reel.frames(scene.empty_gate(), scenes(), "composed"))
    pictures = list(reel.frames(scene.empty_gate(), scenes(), "composed"))
    still = round(reel.PAUSE_S * reel.FPS)
    moving = [i for i, picture in enumerate(pictures) if not np.array_equal(picture, empty)]
    assert len(pictures) == 3 * still + round(2.6 * reel.FPS)
    assert reel.starts(scenes()) == [
        still / reel.FPS,
        (2 * still + 1.6 * reel.FPS) / reel.FPS,
        len(pictures) / reel.FPS,
    ]
    assert still <= min(moving) and max(moving) < len(pictures) - still
    assert all(np.array_equal(p[-reel.CAPTION_HEIGHT :], empty[-reel.CAPTION_HEIGHT :]) for p in pictures)


@pytest.mark.parametrize("way", [reel.on_foot(0.4), reel.by_car])
def test_who_comes_grows_and_leaves_the_picture(way: reel.Way) -> None:
    places = [way(step) for step in np.linspace(0, 1, 50)]
    scales = [place.scale for place in places]
    assert scales == sorted(scales)
    last = places[-1]
    assert last.centre - 100 * last.scale > scene.WIDTH or last.bottom - 300 * last.scale > scene.HEIGHT * 0.5


def test_whoever_is_refused_comes_up_stands_there_and_goes_back() -> None:
    places = [reel.turning_back(0.6)(step) for step in np.linspace(0, 1, 60)]
    assert max(place.scale for place in places) == places[30].scale == reel.on_foot(0.6)(0.6).scale
    assert abs(places[-1].centre - places[0].centre) < 10
    assert max(place.centre for place in places) < 0.7 * scene.WIDTH


@pytest.mark.thorough
def test_the_file_plays_and_is_the_same_every_time(tmp_path: Path) -> None:
    for name in ("a.mp4", "b.mp4"):
        reel.write(tmp_path / name, scene.empty_gate(), scenes()[1:], "composed")
    with av.open(str(tmp_path / "a.mp4")) as container:
        assert sum(1 for _ in container.decode(video=0)) == 2 * round(reel.PAUSE_S * reel.FPS) + reel.FPS
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()
    assert {path.name for path in tmp_path.iterdir()} == {"a.mp4", "b.mp4"}


def test_sources_of_ones_own_are_cameras_of_their_own(tmp_path: Path) -> None:
    clip = tmp_path / "monday.mp4"
    reel.write(clip, scene.empty_gate(), [], "composed")
    material = choose([str(clip), "rtsp://192.0.2.1/s", "/dev/video0"], None, tmp_path, tmp_path, print)
    assert [(c.id, c.is_file) for c in material.cameras] == [
        ("camera-1", True),
        ("camera-2", False),
        ("camera-3", False),
    ]


def test_what_does_not_exist_is_said_by_name(tmp_path: Path) -> None:
    with pytest.raises(DemoError, match=r"no-such\.mp4"):
        choose(["no-such.mp4"], None, tmp_path, tmp_path, print)
    (tmp_path / "notes.mp4").write_text("no film")
    with pytest.raises(DemoError, match=r"notes\.mp4.*not a readable video"):
        choose([str(tmp_path / "notes.mp4")], None, tmp_path, tmp_path, print)
    with pytest.raises(DemoError, match="nobody"):
        choose([], tmp_path / "nobody", tmp_path, tmp_path, print)
