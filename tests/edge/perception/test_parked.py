"""One passage for a parked car, however often it is hidden; another one when it drives off or comes back."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any

import numpy as np
import pytest
from scripted import frame
from zhian_edge.capture.frame import Frame
from zhian_edge.config.types import Camera
from zhian_edge.perception.attention import Where
from zhian_edge.perception.dossier import Dossier, Place
from zhian_edge.perception.eye import Eye
from zhian_edge.perception.meter import Meter
from zhian_edge.perception.parked import KEPT, Parked
from zhian_edge.perception.plates import PlateSense
from zhian_edge.perception.types import Box, Detection
from zhian_edge.signals import Observation
from zhian_models.plate.types import Colour, Kind, PlateBox, Reading

HERE, THERE = (100.0, 80.0, 80.0, 25.0), (200.0, 120.0, 80.0, 25.0)


TRACKS = count(1)


def dossier(boxes: Sequence[Box], start_ms: int, camera: str = "gate") -> Dossier[Any]:
    track = next(TRACKS)
    made: Dossier[Any] = Dossier(track, "plate", camera, "gate.mp4", track, start_ms, start_ms / 1000)
    made.path = [Place(start_ms + 200 * n, box) for n, box in enumerate(boxes)]
    made.last_ms = made.path[-1].at_ms
    return made


CAME = [(10.0 + 10 * n, 20.0 + 60 * n / 9, 80.0, 25.0) for n in range(10)]


@pytest.mark.parametrize(
    ("again", "text", "parked"),
    [
        (dossier([HERE] * 5, 60_000), "京A12345", True),
        (dossier([(102.0, 81.0, 79.0, 25.0)] * 5, 3_600_000), "京A12346", True),
        (dossier([HERE] * 5, 60_000), "沪B67890", False),
        (dossier([THERE] * 5, 60_000), "京A12345", False),
        (dossier([HERE] * 5, 60_000, camera="yard"), "京A12345", False),
        (dossier([HERE, *[(100.0 - 9 * n, 80.0, 80.0, 25.0) for n in range(9)]], 60_000), "京A12345", False),
        (dossier(CAME, 60_000), "京A12345", False),
        (dossier([HERE] * 5, 24 * 3_600_000), "京A12367", False),
    ],
    ids=[
        "hidden",
        "read otherwise",
        "another car",
        "another place",
        "another camera",
        "drives off",
        "comes back",
        "next day",
    ],
)
def test_only_what_stands_where_it_was_left_is_parked(again: Dossier[Any], text: str, parked: bool) -> None:
    it = Parked()
    assert not it.knows(dossier([*CAME, HERE, HERE], 0), "京A12345")
    assert it.knows(again, text) is parked


def along(*shifts: float) -> list[Box]:
    """Where a plate was read that stands at `HERE` first, moved right by shares of its size."""
    x, y, w, h = HERE
    return [(x + shift * (w * h) ** 0.5, y, w, h) for shift in shifts]


@pytest.mark.parametrize(
    ("read", "parked"),
    [
        (along(0, 0.12, 0.3), False),
        ([HERE, (98.0, 79.0, 90.0, 28.0), (92.0, 77.0, 110.0, 34.0)], False),
        (along(0, 0.3), True),
        (along(0, 0.3, 0.1, 0.3), True),
        (along(0, 0.1, 0.2), True),
        (along(0, 0.04, 0.1, 0.14), False),
        (along(0, 0.03, 0.06, 0.09, 0.12), True),
        (along(0, 0.08, 0.04, 0.14), True),
        (along(), True),
    ],
    ids=[
        "drives",
        "comes nearer",
        "read twice only",
        "the camera trembles",
        "not far enough for three",
        "far enough for four",
        "not far enough",
        "trembles a little",
        "never read",
    ],
)
def test_whoever_was_read_farther_and_farther_away_drives(read: list[Box], parked: bool) -> None:
    it = Parked()
    it.knows(dossier([*CAME, HERE, HERE], 0), "京A12345")
    assert it.knows(dossier([HERE] * 2, 60_000), "京A12345", read) is parked


def test_a_plate_does_not_know_itself() -> None:
    it, car = Parked(), dossier([HERE] * 5, 0)
    assert not it.knows(car, "京A12345")
    assert not it.knows(car, "京A12345")


def test_what_is_remembered_is_bounded() -> None:
    it = Parked()
    for n in range(KEPT + 1):
        it.knows(dossier([(300.0 * n, 0.0, 80.0, 25.0)], 0), f"京A{10000 + 111 * n}")
    assert it.knows(dossier([(300.0, 0.0, 80.0, 25.0)], 9000), "京A10111")
    assert not it.knows(dossier([(0.0, 0.0, 80.0, 25.0)], 9000), "京A10000")


class Finds:
    """Finds a plate at `boxes[frame.index]`, where there is one."""

    def __init__(self, boxes: Sequence[Box | None]) -> None:
        self._boxes = boxes

    def everywhere(self, frame: Frame) -> list[Detection]:
        box = self._boxes[frame.index]
        if box is None:
            return []
        x, y, w, h = box
        corners = np.array([[x, y], [x + w, y], [x + w, y + h], [x, y + h]], np.float32)
        return [Detection("plate", box, 0.95, corners)]

    def at(self, frame: Frame, where: Where) -> list[Detection]:
        return self.everywhere(frame)


class Reads:
    """Reads one text everywhere, for certain."""

    def read_at(self, bgr: np.ndarray, box: PlateBox) -> Reading:
        positions = tuple({c: 0.97} for c in "京A12345")
        return Reading("京A12345", Kind.CIVIL, Colour.BLUE, 1, 0.97, positions, box, 0.5)

    glance_at = read_at

    def contradicts(self, bgr: np.ndarray, box: PlateBox, text: str) -> bool:
        return False


def passages(boxes: Sequence[Box | None]) -> tuple[int, Meter]:
    """How many vehicles were told of, and the counters."""
    meter = Meter()
    sense: Any = PlateSense(Finds(boxes), Reads())
    it = Eye(Camera(id="gate", source="gate.mp4"), [sense], count(1), rate=5.0, keep=lambda _p: None, meter=meter)
    signals = []
    for n, box in enumerate(boxes):
        shown = frame(n, who=[box or THERE])
        signals += it.step(shown, shown.at_ms, looks=("plate",))
    said = [s for s in [*signals, *it.flush()] if isinstance(s, Observation)]
    assert all(s.plate == "京A12345" for s in said)
    return len({s.subject for s in said}), meter


LEAVES: list[Box] = [(100.0 + 12 * n, 80.0, 80.0, 25.0) for n in range(10)]
HIDDEN: list[Box | None] = [None] * 40


def test_a_parked_car_that_others_hide_again_and_again_is_one_passage() -> None:
    seen: list[Box | None] = [HERE] * 8
    told, meter = passages([*CAME, *seen, *HIDDEN, *seen, *HIDDEN, *seen, *HIDDEN])
    assert told == 1
    assert meter.counts["plate_dismissed_parked"] == 2


def test_the_same_car_that_drives_off_later_is_a_second_passage() -> None:
    assert passages([*CAME, HERE, HERE, *HIDDEN, HERE, HERE, *LEAVES, *HIDDEN])[0] == 2


def test_the_same_car_that_comes_again_is_a_second_passage() -> None:
    assert passages([*CAME, *HIDDEN, *CAME, *HIDDEN])[0] == 2
