"""A lens that is covered in part is told; dusk, fog, lamps and passers-by are not. On real footage all causes are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from zhian_edge.capture import Frame, open_file
from zhian_edge.capture.health import PictureHealth
from zhian_edge.capture.health_cover import Cover

Luma = NDArray[np.uint8]
#: What happens to a picture in second `n` since it began.
Change = Callable[[Luma, int], Luma]
_CHANCE = np.random.default_rng(5)
_NOISE = [_CHANCE.normal(0, 1, (216, 384)).astype(np.float32) for _ in range(3)]


def noisy(luma: Luma, second: int) -> Luma:
    height, width = luma.shape
    return np.asarray(np.clip(luma + _NOISE[second % 3][:height, :width], 0, 255), np.uint8)


def room() -> Luma:
    texture = cv2.GaussianBlur(_CHANCE.normal(128, 160, (90, 160)).astype(np.float32), (0, 0), 2)
    return np.asarray(np.clip(texture, 0, 255), np.uint8)


ROOM = room()


def half(luma: Luma, _: int) -> Luma:
    covered = luma.copy()
    covered[:, : luma.shape[1] // 2] = 30
    return covered


def most(luma: Luma, _: int) -> Luma:
    covered = luma.copy()
    covered[: luma.shape[0] * 4 // 5] = 140
    return covered


def soft(luma: Luma, _: int) -> Luma:
    return np.asarray(cv2.GaussianBlur(luma, (0, 0), 5 * luma.shape[1] / 1280), np.uint8)


def dark(luma: Luma, _: int) -> Luma:
    return np.asarray(luma * 0.06 + 16, np.uint8)


def pushed(luma: Luma, _: int) -> Luma:
    height, width = luma.shape
    matrix = np.array([[1, 0, 0.06 * width], [0, 1, 0.03 * height]], np.float32)
    return np.asarray(cv2.warpAffine(luma, matrix, (width, height), borderMode=cv2.BORDER_REFLECT), np.uint8)


def plate(luma: Luma, _: int) -> Luma:
    return np.full_like(luma, 120)


def dusk(luma: Luma, second: int) -> Luma:
    return np.asarray(luma * max(0.3, 1 - second / 150) + 4, np.uint8)


def fog(luma: Luma, second: int) -> Luma:
    share = 0.6 * min(second / 60, 1)
    return np.asarray(cv2.addWeighted(luma, 1 - share, np.full_like(luma, 190), share, 0), np.uint8)


def headlights(luma: Luma, second: int) -> Luma:
    if second % 20 >= 4:
        return luma
    rows, columns = np.mgrid[: luma.shape[0], : luma.shape[1]]
    away = ((columns / luma.shape[1] - 0.5) ** 2 + ((rows - luma.shape[0] / 2) / luma.shape[1]) ** 2) / 0.03
    return np.asarray(np.clip(luma * 0.8 + 200 * np.exp(-away), 0, 255), np.uint8)


def somebody(luma: Luma, second: int) -> Luma:
    """Right before the lens for five seconds out of thirty."""
    if second % 30 >= 5:
        return luma
    shown = luma.copy()
    middle, axes = (luma.shape[1] // 2, luma.shape[0] // 2), (luma.shape[1] * 9 // 20, luma.shape[0] * 13 // 20)
    cv2.ellipse(shown, middle, axes, 0, 0, 360, 70, -1)
    return np.asarray(shown, np.uint8)


@pytest.mark.parametrize("how", [half, most])
def test_a_lens_covered_in_part_is_told_until_it_is_free(how: Change) -> None:
    cover = Cover()
    assert not any(cover.step(noisy(ROOM, n)) for n in range(90))
    assert all(cover.step(noisy(how(ROOM, n), n)) for n in range(60))
    assert not any(cover.step(noisy(ROOM, n)) for n in range(30))


@pytest.mark.parametrize("how", [dusk, fog, headlights, dark, soft, pushed, plate])
def test_what_takes_from_everywhere_covers_no_part(how: Change) -> None:
    cover = Cover()
    looks = [cover.step(noisy(ROOM, n)) for n in range(90)]
    looks += [cover.step(noisy(how(ROOM, n), n)) for n in range(120)]
    assert not any(looks)


def test_a_picture_of_another_size_is_learnt_anew() -> None:
    cover = Cover()
    for n in range(90):
        cover.step(noisy(ROOM, n))
    assert not any(cover.step(noisy(ROOM[:60], n)) for n in range(60))


@pytest.fixture(scope="module")
def walkers(shared: Path) -> list[Luma]:
    """A real camera, a picture a second."""
    film = open_file(shared / "reels" / "walkers.mp4")
    return [frame.luma(384).copy() for frame in film if frame.index % 10 == 0]


def told(pictures: Iterable[Luma]) -> list[str]:
    health, causes = PictureHealth(), []
    for second, luma in enumerate(pictures):
        frame = Frame.of_picture(cv2.cvtColor(luma, cv2.COLOR_GRAY2BGR).astype(np.uint8), camera="gate")
        if health.step(frame, second * 1000):
            causes.append(health.cause)
    return causes


def course(walkers: list[Luma], how: Change) -> Iterable[Luma]:
    """Two minutes well, two spoiled, one well again."""
    for second in range(300):
        luma = walkers[second % len(walkers)]
        yield noisy(how(luma, second - 120) if 120 <= second < 240 else luma, second)


def frozen(walkers: list[Luma]) -> Iterable[Luma]:
    for second in range(300):
        shown = 120 if 120 <= second < 240 else second
        yield noisy(walkers[shown % len(walkers)], shown)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("how", "cause"),
    [(half, "blocked"), (most, "blocked"), (plate, "blocked"), (soft, "defocused"), (dark, "dark"), (pushed, "moved")],
)
def test_a_spoiled_real_camera_is_told_once_and_its_recovery_once(walkers: list[Luma], how: Change, cause: str) -> None:
    assert told(course(walkers, how)) == [cause, ""]


@pytest.mark.shared
def test_a_frozen_real_camera_is_told_once_and_its_recovery_once(walkers: list[Luma]) -> None:
    assert told(frozen(walkers)) == ["frozen", ""]


@pytest.mark.shared
@pytest.mark.parametrize("how", [dusk, fog, headlights, somebody])
def test_weather_lamps_and_people_before_a_real_camera_are_not_told(walkers: list[Luma], how: Change) -> None:
    assert told(course(walkers, how)) == []
