"""What is stated about a camera was measured; where it was not, nothing is stated."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from zhian_edge.calibration.geometry import Geometry, distance, read_line, read_zone, way_in
from zhian_edge.calibration.optics import Optics, measure
from zhian_edge.calibration.sampling import Sample
from zhian_edge.calibration.subjects import Subject, Width, expected_at, width_at
from zhian_edge.calibration.verdicts import judge_exposure, judge_rate, judge_sharpness, judge_width
from zhian_edge.capture import Frame, open_file
from zhian_edge.capture.media import StreamFacts
from zhian_edge.errors import ConfigError
from zhian_edge.perception.lines import Tripwire

LINE = ((0.1, 0.5), (0.9, 0.5))
WIDE = 16 / 9


@pytest.mark.parametrize("line", [((0.1, 0.5), (0.9, 0.5)), ((0.9, 0.6), (0.1, 0.4)), ((0.5, 0.1), (0.4, 0.9))])
def test_the_drawn_arrow_points_where_the_node_counts_in(line: tuple[tuple[float, float], tuple[float, float]]) -> None:
    across = way_in(line, WIDE)
    middle = (line[0][0] + line[1][0]) / 2, (line[0][1] + line[1][1]) / 2
    wire = Tripwire(line, WIDE)

    def beside(far: float) -> tuple[float, float]:
        return middle[0] + far * across[0], middle[1] + far * across[1] * WIDE

    assert wire.step(1, beside(-0.1)) is None
    assert wire.step(1, beside(0.1)) == "in"


def test_distance_counts_from_the_line_between_its_ends() -> None:
    assert distance(LINE, (0.5, 0.5), WIDE) == 0
    assert distance(LINE, (0.5, 0.5 + 0.1 * WIDE), WIDE) == pytest.approx(0.1)
    assert distance(LINE, (1.0, 0.5), WIDE) == pytest.approx(0.1)


def test_numbers_are_read_or_refused() -> None:
    assert read_line("0.1, 0.2,0.3,0.4") == ((0.1, 0.2), (0.3, 0.4))
    assert read_line("none") is None
    assert read_zone("0,0,1,0,1,1") == ((0, 0), (1, 0), (1, 1))
    with pytest.raises(ConfigError, match="three different"):
        Geometry(zone=((0, 0), (1, 1), (0, 0)))
    with pytest.raises(ConfigError, match="from 0 to 1"):
        Geometry(line=((0, 0), (float("nan"), 1)))


def faces(*rows_and_pixels: tuple[float, float]) -> list[Subject]:
    return [Subject("face", (0.5, row), pixels) for row, pixels in rows_and_pixels]


def test_what_passed_at_the_line_is_measured_there() -> None:
    seen = faces((0.5, 40), (0.55, 44), (0.52, 42), (0.9, 90), (0.1, 10))
    assert width_at(seen, "face", LINE, WIDE) == Width(42, "measured", 3)


def test_turned_faces_and_other_kinds_do_not_count() -> None:
    seen = [Subject("face", (0.5, 0.5), 12, frontal=False), Subject("plate", (0.5, 0.5), 120)]
    assert width_at(seen, "face", LINE, WIDE) is None
    assert width_at(seen, "plate", LINE, WIDE) == Width(120, "measured", 1)


def test_without_a_line_all_looks_count() -> None:
    assert width_at(faces((0.1, 10), (0.9, 30)), "face", None, WIDE) == Width(20, "anywhere", 2)


def test_the_size_at_the_line_is_expected_only_where_perspective_carries_it() -> None:
    level = [(row, 100 * (row - 0.1)) for row in np.linspace(0.7, 0.95, 10)]
    assert expected_at(level, 0.65) == pytest.approx(55)
    assert expected_at(level, 0.3) is None, "too far from what was seen"
    assert expected_at(level[:5], 0.8) is None, "too few"
    assert expected_at([(0.8, 50.0 + n) for n in range(10)], 0.8) is None, "all in one row"
    chance = np.random.default_rng(1)
    assert expected_at([(row, float(chance.uniform(20, 90))) for row, _ in level], 0.8) is None, "no straight line"
    assert expected_at([(row, 200 - 100 * row) for row, _ in level], 0.8) is None, "nearer must be larger"


def sampled(rate: float | None, declared: float) -> Sample:
    return Sample("gate", StreamFacts(1280, 720, declared, "h264"), (), 0, rate)


@pytest.mark.parametrize(
    ("rate", "declared", "verdict"),
    [(25, 25, "good"), (15, 15, "good"), (15, 25, "poor"), (8, 8, "poor"), (3, 25, "bad"), (12, 0, "good")],
)
def test_frame_rates_are_judged_by_use_and_by_promise(rate: float, declared: float, verdict: str) -> None:
    item = judge_rate(sampled(rate, declared))
    assert item.verdict == verdict
    assert bool(item.advice.zh and item.advice.en) == (verdict != "good")


def test_a_rate_that_was_not_measured_is_unknown() -> None:
    assert judge_rate(sampled(None, 25)).verdict == "unknown"


@pytest.mark.parametrize(
    ("optics", "verdict", "says"),
    [
        (Optics(0.8, 120, 0.01, 0.02), "good", ""),
        (Optics(0.8, 120, 0.25, 0.02), "poor", "WDR"),
        (Optics(0.8, 220, 0.01, 0.02), "poor", "WDR"),
        (Optics(0.8, 30, 0.01, 0.10), "poor", "lamp"),
        (Optics(0.8, 80, 0.01, 0.60), "poor", "lamp"),
    ],
)
def test_exposure_is_judged_with_what_to_do(optics: Optics, verdict: str, says: str) -> None:
    item = judge_exposure(optics)
    assert item.verdict == verdict
    assert says in item.advice.en


@pytest.mark.parametrize(
    ("pixels", "face", "plate"), [(130, "good", "good"), (70, "good", "poor"), (30, "poor", "bad"), (8, "bad", "bad")]
)
def test_sizes_are_judged_by_what_the_networks_need(pixels: float, face: str, plate: str) -> None:
    assert judge_width("face", Width(pixels, "measured", 3)).verdict == face
    assert judge_width("plate", Width(pixels, "measured", 3)).verdict == plate
    assert judge_width("face", None).verdict == "unknown"


def test_the_installation_guide_names_the_same_sizes() -> None:
    guide = (Path(__file__).resolve().parents[3] / "docs" / "install.md").read_text()
    faces = judge_width("face", Width(8, "measured", 3)).advice.en
    plates = judge_width("plate", Width(8, "measured", 3)).advice.en
    assert "60 are comfortable, 30 the least" in faces and "100 are comfortable, 60 the least" in plates
    assert "60 pixels between the eyes are comfortable, 30 is the least" in guide
    assert "100 pixels across the plate are comfortable, 60 is the least" in guide


def test_an_empty_wall_says_nothing_about_focus() -> None:
    wall = Frame.of_picture(np.full((400, 600, 3), 128, np.uint8))
    optics = measure([wall])
    assert optics is not None
    assert optics.sharpness is None
    assert judge_sharpness(optics).verdict == "unknown"
    assert measure([]) is None


@pytest.mark.shared
def test_real_footage_is_sharp_and_its_blurred_copy_is_not(shared: Path) -> None:
    with open_file(shared / "reels" / "walkers.mp4") as frames:
        sharp = next(iter(frames)).bgr()
    verdicts = [
        judge_sharpness(
            measure([Frame.of_picture(np.asarray(cv2.GaussianBlur(sharp, (0, 0), blur), np.uint8))])
        ).verdict
        for blur in (0.3, 2, 5)
    ]
    assert verdicts == ["good", "poor", "bad"]
