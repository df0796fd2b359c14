"""Plates: voted over a track, told whole or not at all."""

from __future__ import annotations

import numpy as np
import pytest
from scripted import frame
from zhian_edge.perception.dossier import Dossier
from zhian_edge.perception.plates import PlateSense, PlateView, apart
from zhian_edge.perception.types import Detection
from zhian_models.plate.types import Colour, Kind, PlateBox, Reading, RejectReason

CORNERS = np.array([[60, 80], [140, 80], [140, 105], [60, 105]], np.float32)
BOX = PlateBox(CORNERS, (60.0, 80.0, 80.0, 25.0), 0.9)


def reading(text: str, confidence: float = 0.95, reject: RejectReason | None = None) -> Reading:
    positions = tuple({c: confidence} for c in text)
    kind = None if reject else Kind.CIVIL
    return Reading(text, kind, Colour.BLUE, 1, confidence, positions, BOX, 0.5, reject)


class Detector:
    def __init__(self, score: float = 0.9) -> None:
        self.score = score
        self.sizes: list[int] = []

    def detect_at(self, bgr: np.ndarray, scale: float) -> list[PlateBox]:
        self.sizes.append(bgr.shape[1])
        share = bgr.shape[1] / 320
        return [PlateBox(CORNERS * np.float32(share), tuple(v * share for v in BOX.box), self.score)]  # type: ignore[arg-type]


class Reader:
    def __init__(self, *readings: Reading) -> None:
        self._readings = list(readings)
        self.reads = 0

    def read_at(self, bgr: np.ndarray, box: PlateBox) -> Reading:
        self.reads += 1
        return self._readings[min(self.reads, len(self._readings)) - 1]


def looked(it: PlateSense, frames: int) -> Dossier[PlateView]:
    made: Dossier[PlateView] = Dossier(1, "plate", "gate", "gate.mp4", 1, 0, 0.0)
    for n in range(frames):
        shown = frame(n)
        (found,) = it.find(shown)
        made.seen(shown, found, shown.at_ms)
        if it.look(made, shown, found):
            made.judgement = it.judge(made)
    return made


def test_agreeing_readings_are_certain_and_end_the_reading() -> None:
    reader = Reader(reading("京A12345"))
    it = PlateSense(Detector(), reader, 160)
    judged = looked(it, 20).judgement
    assert judged is not None
    assert (judged.plate, judged.certain, judged.plate_colour, judged.plate_kind) == ("京A12345", True, "blue", "civil")
    assert reader.reads == 3


def test_one_bad_reading_is_outvoted() -> None:
    it = PlateSense(Detector(), Reader(reading("京A12346", 0.5), reading("京A12345"), reading("京A12345")), 160)
    judged = looked(it, 6).judgement
    assert judged is not None
    assert judged.plate == "京A12345"


def test_the_evidence_was_read_as_what_is_told() -> None:
    it = PlateSense(Detector(), Reader(reading("京A12346", 0.5), reading("京A12345"), reading("京A12345")), 160)
    judged = looked(it, 6).judgement
    assert judged is not None
    assert judged.view.reading.text == judged.plate


def test_what_is_no_plate_is_counted_by_reason_and_not_told_as_one() -> None:
    it = PlateSense(Detector(), Reader(reading("", 0.0, RejectReason.NOT_PLATE_TEXT)), 160)
    assert looked(it, 8).judgement is None
    assert it.rejected[RejectReason.NOT_PLATE_TEXT] > 0


def test_readings_per_track_are_bounded() -> None:
    reader = Reader(reading("", 0.0, RejectReason.NO_TEXT))
    looked(PlateSense(Detector(), reader, 160), 100)
    assert reader.reads <= 16


def test_the_full_picture_is_looked_at_only_where_no_plate_is_plain_and_not_every_time() -> None:
    plain, faint = Detector(0.95), Detector(0.4)
    for detector in (plain, faint):
        it = PlateSense(detector, Reader(reading("京A12345")), 160)
        for n in range(9):
            it.find(frame(n))
    assert set(plain.sizes) == {160}
    assert faint.sizes.count(320) == 3


@pytest.mark.parametrize(
    ("a", "b", "edits"), [("", "", 0), ("京A1", "京A1", 0), ("京A1", "京B1", 1), ("京A1", "A1", 1), ("abc", "", 3)]
)
def test_distance_of_texts(a: str, b: str, edits: int) -> None:
    assert apart(a, b) == apart(b, a) == edits


def test_variants_of_one_plate_are_one_vehicle_two_plates_are_two() -> None:
    def track(text: str) -> Dossier[PlateView]:
        return looked(PlateSense(Detector(), Reader(reading(text)), 160), 4)

    it = PlateSense(Detector(), Reader(reading("京A12345")), 160)
    assert it.same(track("京A12345"), track("京A12348"))
    assert not it.same(track("京A12345"), track("沪B67890"))


def test_a_detection_is_in_pixels_of_the_full_frame() -> None:
    (found,) = PlateSense(Detector(), Reader(reading("京A12345")), 160).find(frame(0))
    assert isinstance(found, Detection)
    assert found.box == pytest.approx((60, 80, 80, 25))
