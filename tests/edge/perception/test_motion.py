"""Movement: who moves wakes the looks however slowly, weather and lamps do not keep them awake."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from drawn_scenes import Grey, noisy, scene, with_person
from zhian_edge.perception.motion import Change, MotionGate

ROOM = scene(1)


class Gate(MotionGate):
    """A gate whose pictures come 40 ms apart."""

    def __init__(self, gap_ms: int = 40) -> None:
        super().__init__()
        self._gap = gap_ms
        self._now = 0

    def see(self, picture: Grey) -> Change:
        self._now += self._gap
        return self.step(picture, self._now)


def test_the_first_picture_is_worth_a_look() -> None:
    assert Gate().see(ROOM).moved


def test_another_scene_has_moved_and_is_not_looked_at_until_it_is_sure() -> None:
    gate = Gate()
    for _ in range(5):
        gate.see(ROOM)
    changes = [gate.see(scene(2)) for _ in range(4)]
    cut = next(n for n, change in enumerate(changes) if change.cut)
    assert all(change.moved for change in changes[: cut + 1])
    assert all(change.unsure for change in changes[:cut])


def test_doubt_lasts_until_somebody_looked() -> None:
    gate = Gate()
    for _ in range(5):
        gate.see(ROOM)
    gate.see(np.asarray(cv2.blur(ROOM, (41, 3)), np.uint8))
    assert all(gate.see(ROOM).shaken for _ in range(10))
    gate.looked()
    assert not gate.see(ROOM).shaken


def rain(n: int, chance: np.random.Generator) -> Grey:
    """Streaks close enough to the lens to be seen, new ones in every frame, drawn at full resolution."""
    large = cv2.resize(ROOM, (1280, 720))
    for _ in range(40):
        x, y, long = (int(chance.integers(high)) for high in (1280, 720, 60))
        streak = large[y : y + long, x : x + 2]
        streak[:] = np.clip(streak.astype(int) + 60, 0, 255)
    return noisy(cv2.resize(large, (160, 90), interpolation=cv2.INTER_AREA), n, 1.0)


def leaves(n: int, chance: np.random.Generator) -> Grey:
    shown = ROOM.copy()
    shown[:30, :40] = np.clip(shown[:30, :40] + chance.normal(0, 45, (30, 40)), 0, 255)
    return noisy(shown, n, 1.0)


def bands(n: int) -> Grey:
    """A lamp on alternating current, seen row by row."""
    wave = 1 + 0.04 * np.sin(2 * np.pi * (np.arange(90) / 40 + 0.37 * n))
    return noisy(np.clip(ROOM * wave[:, None], 0, 255).astype(np.uint8), n, 1.0)


RESTFUL: dict[str, Callable[[int, np.random.Generator], Grey]] = {
    "nothing": lambda n, _: noisy(ROOM, n, 1.0),
    "a noisy sensor": lambda n, _: noisy(ROOM, n, 5.0),
    "night": lambda n, _: noisy((ROOM * 0.2 + 16).astype(np.uint8), n, 7.0),
    "rain": rain,
    "leaves in the wind": leaves,
    "a flickering lamp": lambda n, _: noisy(np.clip(ROOM * (1.08 if n % 2 else 0.92), 0, 255).astype(np.uint8), n, 1.0),
    "bands of a lamp": lambda n, _: bands(n),
    "dusk": lambda n, _: noisy((ROOM * (1 - n / 1000)).astype(np.uint8), n, 1.0),
}


@pytest.mark.parametrize("what", RESTFUL)
def test_where_nobody_is_the_looks_go_to_sleep(what: str) -> None:
    gate, chance, moved = Gate(), np.random.default_rng(2), []
    for n in range(500):
        change = gate.see(RESTFUL[what](n, chance))
        moved.append(change.moved)
        if change.moved and not change.unsure:
            gate.looked()
    assert sum(moved[250:]) <= 4


@pytest.mark.parametrize("what", RESTFUL)
def test_somebody_who_comes_is_seen_in_spite_of_it(what: str) -> None:
    gate, chance = Gate(), np.random.default_rng(2)
    for n in range(250):
        if gate.see(RESTFUL[what](n, chance)).moved:
            gate.looked()
    course = [with_person(RESTFUL[what](n, chance), 60 + 2 * (n - 250), 3) for n in range(250, 270)]
    assert all([gate.see(shown).moved for shown in course][2:])


@pytest.mark.parametrize("frames_a_pixel", [1, 10, 50])
@pytest.mark.parametrize("height", [18, 45])
def test_slow_movement_adds_up_until_somebody_looks(frames_a_pixel: int, height: int) -> None:
    """A pixel here is eight of the full picture: at 50 frames, 4 pixels a second."""
    gate = Gate()
    gate.see(with_person(ROOM, 40, 2, height))
    gate.looked()
    moved = [
        gate.see(noisy(with_person(ROOM, 40 + n / frames_a_pixel, 2, height), n, 1.0)).moved
        for n in range(4 * frames_a_pixel + 1)
    ]
    assert any(moved)


def test_who_stands_and_sways_for_minutes_does_not_hide_who_comes() -> None:
    gate = Gate()
    for n in range(1500):
        gate.see(noisy(with_person(ROOM, 40 + np.sin(n / 8), 2), n % 50, 1.0))
        gate.looked()
    standing = with_person(ROOM, 40, 2)
    assert [gate.see(with_person(standing, 120 - n, 5)).moved for n in range(5)][-1]
