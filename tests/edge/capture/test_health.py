"""A camera whose pictures are no good says so once, and once that they are good again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from zhian_edge.capture import open_file
from zhian_edge.capture.frame import Frame
from zhian_edge.capture.health import PictureHealth

Picture = NDArray[np.uint8]
_CHANCE = np.random.default_rng(3)
_LARGE: Picture = _CHANCE.integers(0, 255, (9, 16, 3)).astype(np.uint8).repeat(20, 0).repeat(20, 1)
_NOISE = [_CHANCE.normal(0, 3, _LARGE.shape) for _ in range(5)]


def noisy(picture: Picture, second: int) -> Picture:
    """A sensor's noise is new every time."""
    noise = _NOISE[second % len(_NOISE)]
    return np.asarray(np.clip(picture + noise, 0, 255), np.uint8)


def scene(second: int) -> Picture:
    return noisy(_LARGE, second)


def dark(second: int) -> Picture:
    return np.asarray(scene(second) * 0.05, np.uint8)


def covered(second: int) -> Picture:
    return noisy(np.full_like(_LARGE, 110), second)


def frozen(_: int) -> Picture:
    return scene(0)


def soft(second: int) -> Picture:
    return np.asarray(cv2.blur(scene(second), (15, 15)), np.uint8)


def watch(health: PictureHealth, shows: Callable[[int], Picture], seconds: range) -> list[str]:
    """The causes that it changed to."""
    frames = ((Frame.of_picture(shows(second), camera="gate"), second * 1000) for second in seconds)
    return [health.cause for frame, now_ms in frames if health.step(frame, now_ms)]


@pytest.mark.parametrize(
    ("bad", "cause"), [(dark, "dark"), (covered, "blocked"), (frozen, "frozen"), (soft, "defocused")]
)
def test_a_bad_picture_is_told_once_and_its_recovery_once(bad: Callable[[int], Picture], cause: str) -> None:
    health = PictureHealth()
    told = watch(health, scene, range(90)) + watch(health, bad, range(90, 180)) + watch(health, scene, range(180, 240))
    assert told == [cause, ""]


@pytest.mark.parametrize(("bad", "seconds"), [(dark, 4), (covered, 4), (frozen, 9), (soft, 28)])
def test_what_passes_quickly_is_not_told(bad: Callable[[int], Picture], seconds: int) -> None:
    health = PictureHealth()
    watch(health, scene, range(90))
    assert watch(health, bad, range(90, 90 + seconds)) == []
    assert watch(health, scene, range(90 + seconds, 120)) == []


def test_a_picture_that_flickers_between_good_and_bad_is_not_told_every_time() -> None:
    health = PictureHealth()
    watch(health, scene, range(10))
    assert watch(health, lambda second: dark(second) if second % 3 else scene(second), range(10, 100)) == []


@pytest.mark.shared
@pytest.mark.parametrize("reel", [pytest.param("people", marks=pytest.mark.slow), "cars", "walkers"])
def test_real_footage_raises_no_alarm(shared: Path, reel: str) -> None:
    health = PictureHealth()
    assert not any(health.step(frame, frame.at_ms) for frame in open_file(shared / "reels" / f"{reel}.mp4"))
