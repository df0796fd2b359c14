"""A stream sleeps when it is quiet and wakes for what a person in the picture does to it, however it is coded."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from zhian_edge.capture.waking import PacketFacts, State, Waking, WakingLimits

RATE = 25
GOP = 25
Sizes = Callable[[np.random.Generator, int], float]
Luma = NDArray[np.uint8]
ROOM: Luma = np.random.default_rng(5).integers(40, 200, (90, 160)).astype(np.uint8)


def steady(chance: np.random.Generator, _: int) -> float:
    """A variable rate: little in a still picture, and hardly scattered."""
    return 900 + chance.normal(0, 60)


def constant(chance: np.random.Generator, number: int) -> float:
    """A constant rate: always near the target, and restless."""
    return 12_000 + 2_500 * math.sin(number / 7) + chance.normal(0, 1_500)


def still(_: np.random.Generator, __: int) -> float:
    """Nothing but skipped blocks."""
    return 38


def heavy(chance: np.random.Generator, number: int) -> float:
    """Sensor noise that a coder cannot foresee: few packets are far above the others."""
    return 900 * chance.lognormal(0, 0.12) + (700 if number % 173 == 0 else 0)


def noisy(chance: np.random.Generator, _: int) -> float:
    """A small sensor indoors: noise makes half of the stream."""
    return 14_000 + chance.normal(0, 1_000)


def doubled(chance: np.random.Generator, number: int) -> float:
    """A sensor of fifteen pictures a second behind a coder of twenty-five: two pictures of five come twice."""
    return (13_500 if number % 5 in {1, 3} else 27_000) + chance.normal(0, 900)


def dusk(chance: np.random.Generator, number: int) -> float:
    """Noise that grows as it gets dark: half as much again within four minutes."""
    return 900 * (1 + number / 12_000) + chance.normal(0, 60)


def packets(sizes: Sizes, seconds: float, begin: int = 0, gop: int = GOP) -> Iterator[tuple[PacketFacts, float]]:
    chance = np.random.default_rng(begin)
    for number in range(begin, begin + round(seconds * RATE)):
        key = number % gop == 0
        size = 60_000 if key else max(20, round(sizes(chance, number)))
        yield PacketFacts(size, key, sort=number % gop % 3 == 0), number / RATE


def run(waking: Waking, stream: Iterator[tuple[PacketFacts, float]], *, busy: bool = False) -> float:
    """The share of `stream` that slept; every key frame shows the same empty room."""
    slept = total = 0
    for packet, now_s in stream:
        before = waking.asleep
        state = waking.step(packet, now_s, busy=busy)
        if waking.asleep and not before:
            waking.empty(ROOM)
        if state is State.JUDGE:
            state = waking.keyframe(ROOM, now_s)
        slept += state is not State.AWAKE
        total += 1
    return slept / total


@pytest.mark.parametrize("quiet", [steady, constant, still, heavy, doubled, dusk])
def test_a_quiet_stream_sleeps_whatever_its_coder(quiet: Sizes) -> None:
    waking = Waking()
    run(waking, packets(quiet, 12))
    assert run(waking, packets(quiet, 240, begin=12 * RATE)) > 0.95


@pytest.mark.parametrize(
    ("quiet", "rise", "within"),
    [
        (steady, 8_000, 3),
        (steady, 300, 12),
        (still, 120, 3),
        (heavy, 2_000, 4),
        (constant, 40_000, 4),
        (doubled, 60_000, 4),
    ],
)
def test_packets_that_grow_wake_it(quiet: Sizes, rise: int, within: int) -> None:
    waking = Waking()
    run(waking, packets(quiet, 30))
    assert waking.asleep
    stirring = packets(lambda chance, number: quiet(chance, number) + rise, 1, begin=30 * RATE + 5)
    awake = [waking.step(packet, now_s, busy=False) is State.AWAKE for packet, now_s in stirring]
    assert awake.index(True) < within


def bursts(chance: np.random.Generator, number: int) -> float:
    """A coder that spends much on a few packets every other second, for nothing."""
    return (9_000 if number % 50 in {30, 31, 32} else 900) + chance.normal(0, 60)


def test_a_stream_that_stirs_for_nothing_is_believed_less() -> None:
    waking = Waking()
    run(waking, packets(steady, 12))
    run(waking, packets(bursts, 60, begin=12 * RATE))
    assert run(waking, packets(bursts, 60, begin=72 * RATE)) > 0.9


def test_who_stands_still_for_a_moment_teaches_nothing() -> None:
    waking = Waking()
    run(waking, packets(steady, 12, gop=250))
    waking.wake(12.0)
    for number in range(0, 20 * RATE, 20):
        begin = 12 * RATE + number
        run(waking, packets(lambda chance, n: steady(chance, n) + 3_000, 0.76, begin=begin, gop=250))
        run(waking, packets(lambda chance, n: steady(chance, n) + 9_000, 0.04, begin=begin + 19, gop=250), busy=True)
    assert run(waking, packets(steady, 10, begin=32 * RATE, gop=250)) > 0.8


def test_pictures_that_wait_keep_it_awake_but_prove_no_alarm() -> None:
    waking = Waking()
    run(waking, packets(steady, 12))
    large = PacketFacts(9_000, key=False)
    alarm = [waking.step(large, 12 + number / RATE, busy=False) for number in range(2)]
    assert alarm[1] is State.AWAKE
    for packet, now_s in packets(steady, 4, begin=12 * RATE + 2):
        assert waking.step(packet, now_s, busy=False, behind=True) is State.AWAKE
    run(waking, packets(steady, 4, begin=16 * RATE + 2))
    assert waking.asleep
    alarm = [waking.step(large, 20.1 + number / RATE, busy=False) for number in range(2)]
    assert alarm[1] is not State.AWAKE, "it is believed less now"


def test_a_stream_that_stirred_for_somebody_is_believed_again() -> None:
    waking = Waking()
    run(waking, packets(steady, 12))
    run(waking, packets(bursts, 60, begin=12 * RATE))
    for begin_s in (72, 106, 140):
        began = begin_s * RATE
        for packet, now_s in packets(lambda chance, number: steady(chance, number) + 9_000, 0.6, begin=began):
            waking.step(packet, now_s, busy=not waking.asleep)
        run(waking, packets(steady, 10, begin=began + 15), busy=True)
        run(waking, packets(steady, 20, begin=began + 265))
    assert run(waking, packets(lambda chance, number: steady(chance, number) + 900, 1, begin=174 * RATE)) < 0.3


def picture(*, square: int = 0, light: float = 0.0) -> Luma:
    room = ROOM.astype(np.float32) + light
    room[40 : 40 + square, 60 : 60 + square] = 255
    return np.asarray(np.clip(room, 0, 255), np.uint8)


@pytest.mark.parametrize(
    ("shown", "awake"),
    [(picture(), False), (picture(square=6), True), (picture(light=25), False), (picture(light=-25, square=6), True)],
    ids=["the same", "somebody small", "a lamp", "somebody and a lamp"],
)
def test_a_key_frame_wakes_it_when_somebody_stands_in_it(shown: Luma, awake: bool) -> None:
    waking = Waking()
    run(waking, packets(constant, 30))
    assert (waking.keyframe(shown, 30.0) is State.AWAKE) == awake
    assert waking.asleep != awake


def test_who_creeps_in_is_not_taken_for_the_light() -> None:
    waking = Waking()
    run(waking, packets(constant, 30))
    for number in range(1, 10):
        if waking.keyframe(picture(square=number), 30.0 + 2 * number) is State.AWAKE:
            break
    assert number <= 5


def test_light_that_goes_slowly_wakes_nobody() -> None:
    waking = Waking()
    run(waking, packets(constant, 30))
    gradient = np.linspace(0, 1, 160)[None, :]
    for number in range(200):
        dimmed = np.asarray(ROOM * (1 - 0.3 * gradient * number / 200), np.uint8)
        assert waking.keyframe(dimmed, 30.0 + 2 * number) is State.ASLEEP


def test_it_does_not_sleep_while_somebody_is_there_nor_right_after() -> None:
    waking = Waking(WakingLimits(rest_s=4))
    assert run(waking, packets(steady, 60), busy=True) == 0
    assert run(waking, packets(steady, 3.9, begin=60 * RATE)) == 0
    run(waking, packets(steady, 4, begin=64 * RATE))
    assert waking.asleep


def test_it_wakes_at_once_when_somebody_is_found_and_stays_awake_for_a_while() -> None:
    waking = Waking()
    run(waking, packets(steady, 30))
    assert waking.step(PacketFacts(900, key=False), 30.0, busy=True) is State.AWAKE
    assert run(waking, packets(steady, 0.9, begin=30 * RATE)) == 0


@pytest.mark.parametrize(
    ("quiet", "gop"),
    [(steady, 1), (constant, 250), (steady, 300)],
    ids=["every picture is a key frame", "ten seconds apart at a constant rate", "twelve seconds apart"],
)
def test_a_stream_whose_key_frames_do_not_help_never_sleeps(quiet: Sizes, gop: int) -> None:
    assert run(Waking(), packets(quiet, 60, gop=gop)) == 0


def judged(waking: Waking, quiet: Sizes, gop: int) -> list[float]:
    """When key frames were asked for within half a minute, a minute after the stream began."""
    run(waking, packets(quiet, 60, gop=gop))
    asked = []
    for packet, now_s in packets(quiet, 30, begin=60 * RATE, gop=gop):
        if waking.step(packet, now_s, busy=False) is State.JUDGE:
            asked.append(now_s)
            waking.keyframe(ROOM, now_s)
    return asked


@pytest.mark.parametrize(
    ("quiet", "gop", "longest_s"),
    [
        (steady, 10, 10.5),
        (steady, 25, 10.5),
        (steady, 50, 10.5),
        (noisy, 10, 1.1),
        (noisy, 25, 1.1),
        (constant, 25, 1.1),
    ],
)
def test_the_less_the_sizes_tell_the_more_key_frames_are_looked_at(quiet: Sizes, gop: int, longest_s: float) -> None:
    times = judged(Waking(), quiet, gop)
    longest = max(later - earlier for earlier, later in itertools.pairwise(times))
    assert longest_s / 2 < longest <= longest_s


@pytest.mark.parametrize("quiet", [noisy, constant])
def test_a_stream_that_tells_nothing_sleeps_only_if_its_key_frames_come_often(quiet: Sizes) -> None:
    """Nobody may be told of late, nor pass between two key frames."""
    waking = Waking()
    assert run(waking, packets(quiet, 60, gop=50)) == 0


def test_a_key_frame_that_a_scene_added_makes_the_next_one_come_no_sooner() -> None:
    waking = Waking()
    run(waking, packets(constant, 60, gop=50))
    waking.step(PacketFacts(60_000, key=True), 60.04, busy=False)
    waking.step(PacketFacts(9_000, key=False), 60.08, busy=False)
    waking.step(PacketFacts(60_000, key=True), 60.12, busy=False)
    assert run(waking, ((p, at) for p, at in packets(constant, 1.5, begin=1504) if not p.key)) == 0


def test_a_stream_that_kept_quiet_about_somebody_is_trusted_less() -> None:
    waking = Waking()
    run(waking, packets(steady, 60, gop=250))
    assert waking.keyframe(picture(square=6), 60.0) is State.AWAKE
    assert run(waking, packets(steady, 60, begin=60 * RATE, gop=250)) == 0


def test_what_woke_a_stream_that_tells_began_with_its_first_larger_packets() -> None:
    waking = Waking()
    run(waking, packets(steady, 30))
    for packet, now_s in packets(lambda chance, number: steady(chance, number) + 300, 1, begin=30 * RATE + 1):
        if waking.step(packet, now_s, busy=False) is State.AWAKE:
            break
    assert 28.9 < waking.since_s(now_s) < 29.3


def test_what_woke_a_stream_that_tells_nothing_may_have_begun_at_any_time() -> None:
    waking = Waking()
    run(waking, packets(constant, 30))
    waking.keyframe(picture(square=6), 30.0)
    assert waking.since_s(30.0) == 0


def test_a_stream_whose_key_frames_cannot_stand_alone_never_sleeps_again() -> None:
    waking = Waking()
    run(waking, packets(steady, 30))
    waking.unfit(30.0)
    assert run(waking, packets(steady, 60, begin=30 * RATE)) == 0


@pytest.mark.parametrize("quiet", [steady, still, heavy])
def test_another_scene_wakes_it_at_once_whatever_was_learnt_before(quiet: Sizes) -> None:
    """A lively scene that stood still for a moment taught large packets; the next scene is judged by its own."""
    waking = Waking()
    run(waking, packets(noisy, 8))
    waking.step(PacketFacts(58_000, key=False), 8.0, busy=True)
    run(waking, packets(quiet, 10, begin=8 * RATE + 1))
    assert waking.asleep
    assert waking.step(PacketFacts(56_000, key=False), 18.1, busy=False) is State.AWAKE


def test_it_wakes_when_key_frames_stay_away() -> None:
    waking = Waking()
    run(waking, packets(constant, 30, gop=GOP))
    assert run(waking, packets(constant, 8, begin=30 * RATE + 1, gop=10_000)) < 0.6
    assert not waking.asleep


def test_it_wakes_before_more_is_kept_than_may_be() -> None:
    waking = Waking(WakingLimits(held_bytes=80_000))
    run(waking, packets(steady, 30))
    assert not waking.asleep
