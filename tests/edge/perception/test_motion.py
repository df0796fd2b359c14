"""Movement, cuts and jumps, from small grey pictures alone."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from zhian_edge.perception.motion import Change, MotionGate, likeness

Grey = NDArray[np.uint8]


def scene(seed: int) -> Grey:
    """A room of blocks of different greys."""
    rng = np.random.default_rng(seed)
    return np.kron(rng.integers(20, 230, (9, 16)), np.ones((10, 10))).astype(np.uint8)


def noisy(picture: Grey, seed: int, sigma: float = 3.0) -> Grey:
    noise = np.random.default_rng(seed).normal(0, sigma, picture.shape)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def with_person(picture: Grey, x: int) -> Grey:
    changed = picture.copy()
    changed[30:60, x : x + 12] = 128
    return changed


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
    assert Gate().see(scene(1)).moved


def test_a_still_picture_with_noise_does_not_move() -> None:
    gate = Gate()
    gate.see(scene(1))
    gate.looked()
    changes = [gate.see(noisy(scene(1), n)) for n in range(20)]
    assert not any(change.moved or change.cut or change.shaken for change in changes)


def test_a_person_moves_but_is_no_cut() -> None:
    gate = Gate()
    gate.see(scene(1))
    gate.looked()
    change = gate.see(with_person(scene(1), 40))
    assert (change.moved, change.cut) == (True, False)


def test_slow_movement_adds_up_until_somebody_looks() -> None:
    gate = Gate()
    gate.see(with_person(scene(1), 40))
    gate.looked()
    moved = [gate.see(with_person(scene(1), 40 + n // 10)).moved for n in range(60)]
    assert not moved[5]
    assert any(moved)


def test_another_scene_is_a_cut() -> None:
    gate = Gate()
    gate.see(scene(1))
    assert gate.see(scene(2)).cut


def test_somebody_who_is_gone_from_one_frame_to_the_next_is_a_jump() -> None:
    gate = Gate()
    room = scene(1)
    large = room.copy()
    large[20:90, 60:100] = 200
    for n in range(10):
        assert not gate.see(noisy(large, n, 1.0)).cut
    assert gate.see(noisy(room, 50, 1.0)).cut


def test_where_frames_were_dropped_a_difference_is_no_jump() -> None:
    gate = Gate(gap_ms=400)
    large = scene(1).copy()
    large[20:90, 60:100] = 200
    for n in range(10):
        gate.see(noisy(large, n, 1.0))
    assert not gate.see(noisy(scene(1), 50, 1.0)).cut


def test_somebody_who_comes_near_step_by_step_is_no_jump() -> None:
    gate = Gate()
    changes = []
    for n in range(40):
        near = scene(1).copy()
        near[90 - 2 * n :, 40 : 44 + 2 * n] = 200
        changes.append(gate.see(noisy(near, n, 1.0)))
    assert not any(change.cut for change in changes)


def test_a_dissolve_makes_associations_doubtful() -> None:
    gate = Gate()
    gate.see(scene(1))
    gate.looked()
    changes = []
    for n in range(1, 11):
        mixed = (scene(1) * (1 - n / 10) + scene(2) * (n / 10)).astype(np.uint8)
        changes.append(gate.see(mixed))
    assert any(change.shaken or change.cut for change in changes)


@pytest.mark.parametrize(("gain", "offset"), [(0.5, 0), (1.0, 60), (0.8, -15)])
def test_a_lamp_is_no_cut(gain: float, offset: float) -> None:
    gate = Gate()
    gate.see(scene(1))
    lit = np.clip(scene(1) * gain + offset, 0, 255).astype(np.uint8)
    change = gate.see(lit)
    assert (change.moved, change.cut) == (True, False)


def test_a_black_picture_after_a_scene_is_a_cut_and_stays_black_without_one() -> None:
    gate = Gate()
    gate.see(scene(1))
    black = np.full_like(scene(1), 3)
    assert gate.see(black).cut
    assert not gate.see(black).cut


def test_another_size_is_a_cut() -> None:
    gate = Gate()
    gate.see(scene(1))
    assert gate.see(scene(1)[:80]).cut


def test_likeness_is_one_for_equal_pictures_and_about_nought_for_strange_ones() -> None:
    assert likeness(scene(1), scene(1)) == pytest.approx(1.0, abs=1e-5)
    assert abs(likeness(scene(1), scene(2))) < 0.4
