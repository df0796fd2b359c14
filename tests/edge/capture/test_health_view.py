"""A camera that was pushed or turned is told; lamps, weather, and whoever stands before it are not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from zhian_edge.capture import Frame, open_file
from zhian_edge.capture.health import PictureHealth
from zhian_edge.capture.health_view import View, ViewLimits

Luma = NDArray[np.uint8]
Change = Callable[[Luma], Luma]
_CHANCE = np.random.default_rng(9)


def room() -> Luma:
    """Walls, a door, a window, tiles: edges that a real view has, with what is soft between them."""
    luma = np.tile(np.linspace(90, 150, 160, dtype=np.float32), (90, 1))
    luma[55:] = 80
    for left in range(-60, 220, 13):
        cv2.line(luma, (left, 90), (80 + (left - 80) // 3, 55), 105, 1)
    cv2.rectangle(luma, (20, 15), (50, 40), 210, -1)
    cv2.rectangle(luma, (100, 20), (120, 60), 40, -1)
    cv2.circle(luma, (75, 45), 9, 180, -1)
    return np.asarray(cv2.GaussianBlur(luma, (3, 3), 0), np.uint8)


ROOM = room()


def warped(dx: float = 0, dy: float = 0, zoom: float = 1) -> Change:
    matrix = np.array([[zoom, 0, 80 * (1 - zoom) + dx], [0, zoom, 45 * (1 - zoom) + dy]], np.float32)
    return lambda luma: np.asarray(cv2.warpAffine(luma, matrix, (160, 90), borderMode=cv2.BORDER_REFLECT), np.uint8)


def lit(factor: float, offset: float = 0) -> Change:
    return lambda luma: np.asarray(np.clip(luma * factor + offset, 0, 255), np.uint8)


def sun(luma: Luma) -> Luma:
    return np.asarray(np.clip(luma * np.linspace(0.4, 1.4, 160), 0, 255), np.uint8)


def negative(luma: Luma) -> Luma:
    return np.asarray(255 - luma, np.uint8)


def turned(luma: Luma) -> Luma:
    return np.asarray(luma[::-1, ::-1], np.uint8)


def crowd(luma: Luma) -> Luma:
    """Somebody large who stays, seen before the middle of the room."""
    full = luma.copy()
    cv2.ellipse(full, (85, 60), (16, 40), 0, 0, 360, 25, -1)
    return full


MOVES: dict[str, Change] = {
    "pushed": warped(5, 0),
    "drooping": warped(0, 6),
    "pushed far": warped(-20, 8),
    "zoomed": warped(zoom=1.3),
    "turned to another place": turned,
}
STAYS: dict[str, Change] = {
    "nothing": warped(),
    "trembling": warped(0.8, 0.5),
    "a lamp": lit(1.5, 10),
    "dusk": lit(0.5),
    "the sun from one side": sun,
    "a negative": negative,
    "somebody who stands there": crowd,
}


def noisy(luma: Luma) -> Luma:
    return np.asarray(np.clip(luma + _CHANCE.normal(0, 2, luma.shape), 0, 255), np.uint8)


def looks(view: View, shown: Luma, count: int) -> list[bool]:
    return [view.step(noisy(shown)) for _ in range(count)]


@pytest.mark.parametrize("how", MOVES)
def test_a_camera_that_was_moved_is_told_until_it_is_put_back(how: str) -> None:
    view = View()
    assert not any(looks(view, ROOM, 120))
    moved = looks(view, MOVES[how](ROOM), 60)
    assert moved.index(True) < 30
    assert all(moved[30:])
    back = looks(view, ROOM, 60)
    assert not any(back[30:])


@pytest.mark.parametrize("how", STAYS)
def test_what_does_not_move_the_camera_is_not_told(how: str) -> None:
    view = View()
    looks(view, ROOM, 120)
    assert not any(looks(view, STAYS[how](ROOM), 240))


def test_a_new_view_is_taken_for_granted_in_the_end() -> None:
    view = View(ViewLimits(accept=100))
    looks(view, ROOM, 120)
    moved = looks(view, MOVES["pushed far"](ROOM), 400)
    assert sum(moved) == 100
    assert not any(looks(view, MOVES["pushed far"](ROOM), 100))


def test_scenes_that_change_all_the_time_have_no_view() -> None:
    view, scenes = View(), [_CHANCE.integers(0, 255, (90, 160)).astype(np.uint8) for _ in range(8)]
    assert not any(moved for turn in range(30) for moved in looks(view, scenes[turn % 8], 15))


def told(frames: Iterable[tuple[Luma, int]]) -> list[str]:
    health = PictureHealth()
    return [
        health.cause
        for luma, second in frames
        if health.step(Frame.of_picture(cv2.cvtColor(luma, cv2.COLOR_GRAY2BGR), camera="gate"), second * 1000)  # type: ignore[arg-type]
    ]


def test_a_camera_that_is_pushed_and_put_back_is_told_once_each_way() -> None:
    pushed = warped(9, 3)(ROOM)
    course = [ROOM] * 150 + [pushed] * 150 + [ROOM] * 100
    assert told((noisy(shown), second) for second, shown in enumerate(course)) == ["moved", ""]


def test_a_knock_is_not_told() -> None:
    course = [ROOM] * 150 + [warped(9, 3)(ROOM)] * 15 + [ROOM] * 100
    assert told((noisy(shown), second) for second, shown in enumerate(course)) == []


@pytest.mark.shared
def test_a_real_camera_that_people_walk_past_is_told_only_when_it_is_moved(shared: Path) -> None:
    film = [frame.luma(160).copy() for frame in open_file(shared / "reels" / "walkers.mp4") if frame.index % 10 == 0]
    view = View()
    assert not any(map(view.step, film * 3))
    assert not any(map(view.step, map(warped(1, 0.5), film)))
    assert not any(map(view.step, map(lit(0.5), film)))
    moved = [view.step(warped(6, 3)(luma)) for luma in film]
    assert all(moved[30:])
