"""Cuts and jumps are told, and nothing may be looked at before; what fixed cameras go through is none."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np
import pytest
from drawn_scenes import Grey, noisy, scene, with_person
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from zhian_edge.perception.cuts import WAIT_MS, Cuts, Verdict
from zhian_edge.perception.sketch import Sketch

ROOM = scene(1)
RATES = pytest.mark.parametrize("gap_ms", [40, 67, 100, 200])


def see(film: Sequence[Grey], gap_ms: int = 40, sigma: float = 1.0) -> list[Verdict]:
    cuts = Cuts()
    return [cuts.step(noisy(picture, n, sigma), n * gap_ms) for n, picture in enumerate(film)]


def lit(gain: float, offset: float = 0) -> Grey:
    return np.clip(ROOM * gain + offset, 0, 255).astype(np.uint8)


def pushed(dx: float, dy: float) -> Grey:
    matrix = np.array([[1, 0, dx], [0, 1, dy]], np.float32)
    return np.asarray(cv2.warpAffine(ROOM, matrix, (160, 90), borderMode=cv2.BORDER_REFLECT), np.uint8)


def lamp() -> Grey:
    rows, columns = np.mgrid[:90, :160]
    light = 0.8 + 1.5 * np.exp(-((columns - 40) ** 2 + (rows - 30) ** 2) / 3000)
    return np.clip(ROOM * light, 0, 255).astype(np.uint8)


@RATES
def test_another_scene_is_told_and_nothing_is_looked_at_before(gap_ms: int) -> None:
    told = see([ROOM] * 10 + [scene(2)] * 10, gap_ms)
    cut = [n for n, verdict in enumerate(told) if verdict.cut]
    assert len(cut) == 1
    assert all(told[n].unsure for n in range(10, cut[0]))
    assert (cut[0] - 10) * gap_ms <= 200


@given(st.integers(2, 60), st.integers(2, 60), st.integers(1, 12))
@settings(max_examples=40)
def test_every_change_between_two_scenes_is_told_once(first: int, second: int, before: int) -> None:
    one, other = scene(first), scene(second + 100)
    assume(Sketch.of(one).apart(Sketch.of(other)).structure > 0.55)  # two rooms of blocks may be alike by chance
    told = see([one] * before + [other] * 6)
    assert [verdict.cut for verdict in told].count(True) == 1


def test_a_cut_with_a_spoiled_frame_in_between_is_told() -> None:
    mixed = cv2.addWeighted(ROOM, 0.5, scene(2), 0.5, 0).astype(np.uint8)
    assert any(verdict.cut for verdict in see([ROOM] * 10 + [mixed] + [scene(2)] * 10))


def test_at_night_a_cut_is_told_and_noise_is_none() -> None:
    dark, other = lit(0.35, 16), (scene(2) * 0.35 + 16).astype(np.uint8)
    told = see([dark] * 20 + [other] * 20, sigma=4)
    assert [n for n, verdict in enumerate(told) if verdict.cut] == [22]


def test_black_after_a_scene_is_a_cut_and_stays_black_without_one() -> None:
    told = see([ROOM] * 10 + [np.full_like(ROOM, 3)] * 20)
    assert [verdict.cut for verdict in told].count(True) == 1


def test_two_pictures_of_nothing_differ_by_their_grey() -> None:
    dim, bright = (Sketch.of(np.full_like(ROOM, grey)) for grey in (60, 120))
    assert dim.apart(bright).structure == 1
    assert dim.apart(dim).structure == 0


def test_another_size_is_a_cut() -> None:
    assert see([ROOM, ROOM[:80]])[1].cut


@pytest.mark.parametrize("size", [(90, 160), (120, 160), (284, 160), (40, 160)])
def test_pictures_of_all_shapes_are_compared(size: tuple[int, int]) -> None:
    one, other = (cv2.resize(scene(n), size[::-1]).astype(np.uint8) for n in (1, 2))
    assert [verdict.cut for verdict in see([one] * 5 + [other] * 5)].count(True) == 1


@pytest.mark.parametrize("gap_ms", [40, 100])
@pytest.mark.parametrize("who", [None, 7])
def test_somebody_who_is_gone_or_another_from_one_frame_to_the_next_is_a_jump(gap_ms: int, who: int | None) -> None:
    after = ROOM if who is None else with_person(ROOM, 80, who, 70)
    told = see([with_person(ROOM, 80, 1, 70)] * 10 + [after] * 5, gap_ms)
    assert [verdict.cut for verdict in told].count(True) == 1


def test_where_frames_were_dropped_a_difference_is_only_doubted() -> None:
    told = see([with_person(ROOM, 80, 1, 70)] * 10 + [with_person(ROOM, 80, 7, 70)] * 5, 400)
    assert not any(verdict.cut for verdict in told)
    assert told[10].doubt


def for_a_while(bad: Grey, frames: int = 2) -> list[Grey]:
    return [ROOM] * 12 + [bad] * frames + [ROOM] * 12


def stays(bad: Grey) -> list[Grey]:
    return [ROOM] * 12 + [bad] * 30


def shaken() -> list[Grey]:
    moves = np.random.default_rng(3).uniform(-4, 4, (12, 2))
    return [ROOM] * 12 + [pushed(x, y) for x, y in moves] + [ROOM] * 12


def comes_near() -> list[Grey]:
    heights = [round(10 + 230 * (n / 25) ** 2) for n in range(26)]
    course = [with_person(ROOM, 80, 3, height, 85 + height // 3) for height in heights]
    return [ROOM] * 12 + course + course[::-1] + [ROOM] * 12


def passes(step: int) -> list[Grey]:
    return [ROOM] * 12 + [with_person(ROOM, x, 5, 180, 140) for x in range(-60, 220, step)] + [ROOM] * 12


def repeats() -> list[Grey]:
    """A camera that sends each picture two or three times, in which somebody sets off."""
    course = [with_person(ROOM, 60 + max(0, n - 8) * 3, 4, 60) for n in range(20)]
    return [picture for n, picture in enumerate(course) for _ in range(2 + n % 2)]


NO_CUTS: dict[str, Callable[[], list[Grey]]] = {
    "a flash": lambda: for_a_while(lit(3, 60)),
    "a dark frame": lambda: for_a_while(lit(0.1), 1),
    "a lamp": lambda: stays(lamp()),
    "less light": lambda: stays(lit(0.45)),
    "more light": lambda: stays(lit(1.0, 50)),
    "a smeared frame": lambda: for_a_while(np.asarray(cv2.blur(ROOM, (41, 3)), np.uint8), 1),
    "half a frame": lambda: for_a_while(np.vstack([ROOM[:40], np.full((50, 160), 128, np.uint8)]), 1),
    "a gust": shaken,
    "somebody who fills the picture and goes": comes_near,
    "somebody who runs past the lens": lambda: passes(14),
    "somebody who walks past the lens": lambda: passes(5),
    "frames sent twice": repeats,
}


@pytest.mark.parametrize("gap_ms", [40, 67])
@pytest.mark.parametrize("what", NO_CUTS)
def test_what_fixed_cameras_go_through_is_no_cut(what: str, gap_ms: int) -> None:
    told = see(NO_CUTS[what](), gap_ms)
    assert not any(verdict.cut for verdict in told)
    assert not told[-1].unsure


def test_it_is_never_unsure_for_longer_than_tracks_live() -> None:
    told = see([scene(n) for n in range(80)])
    unsure = "".join("?" if verdict.unsure else " " for verdict in told)
    assert max(map(len, unsure.split())) * 40 <= WAIT_MS + 40
    assert any(verdict.cut for verdict in told)


@pytest.mark.parametrize("frames", [4, 12, 20])
def test_a_dissolve_makes_associations_doubtful(frames: int) -> None:
    """Into a room as unlike as rooms are."""
    film = [(ROOM * (1 - n / frames) + scene(80) * (n / frames)).astype(np.uint8) for n in range(frames + 1)]
    told = see([ROOM] * 20 + film + [scene(80)] * 5)
    assert any(verdict.doubt or verdict.cut for verdict in told[20:])


def test_who_walks_about_is_not_doubted() -> None:
    told = see([with_person(ROOM, 20 + n, 2) for n in range(100)])
    assert not any(verdict.doubt or verdict.cut or verdict.unsure for verdict in told)
