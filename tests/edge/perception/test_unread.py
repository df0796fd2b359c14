"""Unread plates: told where there was a plate on something that moved, never for scenery, never twice a vehicle."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any

import numpy as np
import pytest
from scripted import frame
from zhian_edge.capture.frame import Frame
from zhian_edge.config.types import Camera
from zhian_edge.perception import unread
from zhian_edge.perception.attention import Where
from zhian_edge.perception.dossier import Dossier, Judgement, Place, View
from zhian_edge.perception.eye import Eye
from zhian_edge.perception.meter import Meter
from zhian_edge.perception.plates import PlateSense
from zhian_edge.perception.types import Box, Detection
from zhian_edge.perception.vehicles import Vehicles
from zhian_edge.signals import Observation
from zhian_models.plate.types import Colour, PlateBox, Reading, RejectReason


def reading(share: float, width: float = 90, height: float = 28) -> Reading:
    corners = np.array([[10, 10], [10 + width, 10], [10 + width, 10 + height], [10, 10 + height]], np.float32)
    where = PlateBox(corners, (10.0, 10.0, width, height), 0.9)
    return Reading("京A12345", None, Colour.BLUE, 1, 0.0, ({"A": share},) * 7, where, 0.5, RejectReason.LOW_CONFIDENCE)


@pytest.mark.parametrize(
    ("readings", "hits", "moved", "why"),
    [
        ([reading(0.5)] * 4, 6, True, ""),
        ([reading(0.35)] * 3, 4, True, ""),
        ([reading(0.5, 56, 36), reading(0.5, 64, 40), reading(0.5, 60, 40)], 6, True, ""),
        ([reading(0.05)] * 9, 40, True, "no_symbols"),
        ([reading(0.5), *[reading(0.05)] * 4], 40, True, "no_symbols"),
        ([reading(0.8)] * 9, 40, False, "still"),
        ([reading(0.5)] * 2, 9, True, "brief"),
        ([reading(0.5)] * 4, 3, True, "brief"),
        ([], 9, True, "brief"),
        ([reading(0.5, 50, 16)] * 4, 9, True, "small"),
        ([reading(0.5, 300, 30)] * 4, 9, True, "shape"),
        ([reading(0.5, 70, 80)] * 4, 9, True, "shape"),
    ],
)
def test_only_what_looks_and_moves_like_a_plate_is_an_unread_plate(
    readings: list[Reading], hits: int, moved: bool, why: str
) -> None:
    assert unread.why_not(readings, hits, moved=moved) == why


@pytest.mark.parametrize(
    ("boxes", "moved"),
    [
        ([(10.0 + n % 2, 10.0, 90.0, 30.0) for n in range(30)], False),
        ([(10.0 + 9 * n, 10.0, 90.0, 30.0) for n in range(10)], True),
        ([(10.0, 10.0, 90.0 + 6 * n, 30.0 + 2 * n) for n in range(10)], True),
        ([(10.0, 10.0, 90.0, 30.0)] * 9 + [(90.0, 10.0, 90.0, 30.0)] + [(10.0, 10.0, 90.0, 30.0)] * 9, False),
        ([(10.0, 10.0, 90.0, 30.0)], False),
    ],
    ids=["trembles", "passes", "comes", "one bad box", "one place"],
)
def test_what_moves_is_told_from_what_only_trembles(boxes: list[Box], moved: bool) -> None:
    assert dossier(boxes).moved is moved


def dossier(boxes: list[Box], text: str | None = None, start_ms: int = 0) -> Dossier[View]:
    made: Dossier[View] = Dossier(1, "plate", "gate", "gate.mp4", 1, start_ms, start_ms / 1000)
    made.path = [Place(start_ms + 200 * n, box) for n, box in enumerate(boxes)]
    made.last_ms = made.path[-1].at_ms
    view = View(frame=0, at_ms=0, media_time_s=0.0, box=boxes[0], quality=1.0, picture=np.zeros((1, 1, 3), np.uint8))
    made.judgement = Judgement(view=view, reason="plate_read" if text else "plate_unread", plate=text)
    return made


def lane(x: float) -> list[Box]:
    return [(x + 5 * n, 300.0 + 5 * n, 90.0, 30.0) for n in range(10)]


@pytest.mark.parametrize(
    ("unread_one", "known"),
    [
        (dossier(lane(300)), True),
        (dossier(lane(900)), False),
        (dossier(lane(100), start_ms=-4000), True),
        (dossier(lane(100), start_ms=-40_000), False),
        (dossier(lane(100), start_ms=40_000), False),
    ],
    ids=["lettering beside it", "the next lane", "the same before it was read", "long before", "long after"],
)
def test_one_vehicle_is_one_passage(unread_one: Dossier[View], known: bool) -> None:
    read = dossier(lane(100), "京A12345")
    remembered = Vehicles()
    assert not remembered.knows(read, [])
    assert remembered.knows(unread_one, []) is known
    assert Vehicles().knows(unread_one, [read]) is known


def test_another_scene_forgets_the_vehicles() -> None:
    it = Vehicles()
    it.knows(dossier(lane(100), "京A12345"), [])
    it.forget()
    assert not it.knows(dossier(lane(120)), [])


class Finds:
    """Finds one plate that moves right by `step` pixels with every picture, whatever is looked at."""

    def __init__(self, step: float) -> None:
        self._step = step
        self._seen = 0

    def everywhere(self, frame: Frame) -> list[Detection]:
        self._seen += 1
        left = 20 + self._step * self._seen
        corners = np.array([[left, 80], [left + 80, 80], [left + 80, 105], [left, 105]], np.float32)
        return [Detection("plate", (left, 80.0, 80.0, 25.0), 0.95, corners)]

    def at(self, frame: Frame, where: Where) -> list[Detection]:
        return self.everywhere(frame)


class Reads:
    def __init__(self, share: float) -> None:
        self._reading = reading(share)

    def glance_at(self, bgr: np.ndarray, box: PlateBox) -> Reading:
        return replace(self._reading, where=box)

    def read_at(self, bgr: np.ndarray, box: PlateBox) -> Reading:
        return self.glance_at(bgr, box)

    def contradicts(self, bgr: np.ndarray, box: PlateBox, text: str) -> bool:
        return False


@pytest.mark.parametrize(
    ("share", "step", "told", "counted"),
    [
        (0.5, 8, 1, "plate_unread_low_confidence"),
        (0.04, 8, 0, "plate_dismissed_no_symbols"),
        (0.9, 0, 0, "plate_dismissed_still"),
    ],
    ids=["an illegible plate", "a window", "lettering"],
)
def test_what_is_dismissed_is_counted_by_its_reason(share: float, step: float, told: int, counted: str) -> None:
    meter = Meter()
    sense: Any = PlateSense(Finds(step), Reads(share))
    it = Eye(Camera(id="gate", source="gate.mp4"), [sense], count(1), rate=5.0, keep=lambda _p: None, meter=meter)
    signals = []
    for n in range(20):
        shown = frame(n, who=[(20 + 8 * n, 80, 80, 25)])
        signals += it.step(shown, shown.at_ms, looks=("plate",))
    said = [s for s in [*signals, *it.flush()] if isinstance(s, Observation)]
    assert [(s.plate, s.reason) for s in said] == [(None, "plate_unread")] * told
    assert meter.counts[counted] == 1
