"""Plates: voted over a track, told whole or not at all."""

from __future__ import annotations

import numpy as np
from scripted import frame
from zhian_edge.capture.frame import Frame
from zhian_edge.perception.attention import Where
from zhian_edge.perception.dossier import Dossier
from zhian_edge.perception.plates import PlateSense, PlateView
from zhian_edge.perception.types import Detection
from zhian_models.plate.fuzzy import edits
from zhian_models.plate.types import Colour, Kind, PlateBox, Reading, RejectReason

CORNERS = np.array([[60, 80], [140, 80], [140, 105], [60, 105]], np.float32)
BOX = PlateBox(CORNERS, (60.0, 80.0, 80.0, 25.0), 0.9)


def reading(text: str, confidence: float = 0.95, reject: RejectReason | None = None) -> Reading:
    positions = tuple({c: confidence} for c in text)
    kind = None if reject else Kind.CIVIL
    return Reading(text, kind, Colour.BLUE, 1, confidence, positions, BOX, 0.5, reject)


class Finder:
    """Finds one plate in every frame, moved right by `shift` pixels."""

    def __init__(self, shift: float = 0.0) -> None:
        self._shift = np.array([shift, 0], np.float32)

    def everywhere(self, frame: Frame) -> list[Detection]:
        x, y, w, h = BOX.box
        return [Detection("plate", (x + float(self._shift[0]), y, w, h), 0.9, CORNERS + self._shift)]

    def at(self, frame: Frame, where: Where) -> list[Detection]:
        return self.everywhere(frame)


class Reader:
    """Reads one reading after the other, the last for ever."""

    def __init__(self, *readings: Reading) -> None:
        self._readings = list(readings)
        self.reads = 0
        self.thorough: list[int] = []

    def glance_at(self, bgr: np.ndarray, box: PlateBox) -> Reading:
        self.reads += 1
        return self._readings[min(self.reads, len(self._readings)) - 1]

    def read_at(self, bgr: np.ndarray, box: PlateBox) -> Reading:
        self.thorough.append(self.reads)
        return self.glance_at(bgr, box)

    def contradicts(self, bgr: np.ndarray, box: PlateBox, text: str) -> bool:
        return edits(self.glance_at(bgr, box).text, text) > 2


def looked(it: PlateSense, frames: int, step_ms: int = 200) -> Dossier[PlateView]:
    made: Dossier[PlateView] = Dossier(1, "plate", "gate", "gate.mp4", 1, 0, 0.0)
    for n in range(frames):
        shown = frame(n, step_ms=step_ms)
        (found,) = it.find(shown)
        made.seen(shown, found, shown.at_ms)
        if it.look(made, shown, found):
            made.judgement = it.judge(made)
    return made


def test_agreeing_readings_are_certain_and_end_the_reading() -> None:
    reader = Reader(reading("京A12345"))
    it = PlateSense(Finder(), reader)
    judged = looked(it, 20).judgement
    assert judged is not None
    assert (judged.plate, judged.certain, judged.plate_colour, judged.plate_kind) == ("京A12345", True, "blue", "civil")
    assert reader.reads == 3


def test_two_sure_readings_are_told_and_the_reading_goes_on() -> None:
    it = PlateSense(Finder(), Reader(reading("京A12345", 0.99)))
    once, twice, thrice = (looked(it, frames) for frames in (1, 2, 3))
    told = [made.judgement and (made.judgement.certain, made.judgement.decided) for made in (once, twice, thrice)]
    assert told == [(False, False), (True, False), (True, True)]
    assert [it.settled(made) for made in (once, twice, thrice)] == [False, False, True]


def test_a_very_sure_reading_is_confirmed_in_the_next_frame_an_unsure_one_later() -> None:
    sure, unsure = Reader(reading("京A12345", 0.96)), Reader(reading("京A12345", 0.8))
    told = looked(PlateSense(Finder(), sure), 2, step_ms=67).judgement
    assert told is not None
    assert told.certain
    assert sure.reads == 2
    looked(PlateSense(Finder(), unsure), 3, step_ms=67)
    assert unsure.reads == 1


def test_readings_of_one_moment_are_no_reason_to_tell_what_is_not_very_sure() -> None:
    """Frames close together are misread alike."""
    reader = Reader(reading("京A12345", 0.95), reading("京A12345", 0.6), reading("京A12345", 0.8))
    judged = looked(PlateSense(Finder(), reader), 5, step_ms=67).judgement
    assert reader.reads == 3
    assert judged is not None
    assert not judged.certain


def test_readings_that_differ_are_not_told_after_two() -> None:
    it = PlateSense(Finder(), Reader(reading("京A12345", 0.99), reading("京A12346", 0.99)))
    judged = looked(it, 2).judgement
    assert judged is None or not judged.certain


def test_one_bad_reading_is_outvoted() -> None:
    it = PlateSense(Finder(), Reader(reading("京A12346", 0.5), reading("京A12345"), reading("京A12345")))
    judged = looked(it, 6).judgement
    assert judged is not None
    assert judged.plate == "京A12345"


def test_readings_of_which_none_is_what_the_vote_says_do_not_make_it_certain() -> None:
    texts = ("京A12Z45", "京AI2345", "京A1234S", "京AT2345", "京A72345", "京A123A5", "京A12845")
    judged = looked(PlateSense(Finder(), Reader(*(reading(text, 0.9) for text in texts))), 7).judgement
    assert judged is None or not judged.certain


def test_the_evidence_was_read_as_what_is_told() -> None:
    it = PlateSense(Finder(), Reader(reading("京A12346", 0.5), reading("京A12345"), reading("京A12345")))
    judged = looked(it, 6).judgement
    assert judged is not None
    assert judged.view.reading.text == judged.plate


def test_what_is_no_plate_is_counted_by_reason_and_not_told_as_one() -> None:
    it = PlateSense(Finder(), Reader(reading("", 0.0, RejectReason.NOT_PLATE_TEXT)))
    assert looked(it, 8).judgement is None
    assert it.rejected[RejectReason.NOT_PLATE_TEXT] > 0


def test_readings_per_track_are_bounded() -> None:
    reader = Reader(reading("", 0.0, RejectReason.NO_TEXT))
    looked(PlateSense(Finder(), reader), 100)
    assert reader.reads <= 16


def test_a_track_is_read_at_length_a_few_times_a_second_only() -> None:
    reader = Reader(reading("京A12345", 0.55))
    looked(PlateSense(Finder(), reader), 12)
    assert len(reader.thorough) < reader.reads / 1.5
    assert reader.thorough[0] == 0


def test_readings_that_agree_for_long_are_certain_though_one_character_stays_faint() -> None:
    reader = Reader(reading("京A12345", 0.65))
    judged = looked(PlateSense(Finder(), reader), 40).judgement
    assert judged is not None
    assert judged.certain
    assert reader.reads == 6


def test_a_plate_at_the_frames_edge_is_not_read_and_that_is_counted() -> None:
    reader = Reader(reading("京A12345"))
    it = PlateSense(Finder(shift=-58), reader)
    assert looked(it, 5).judgement is None
    assert reader.reads == 0
    assert it.rejected[RejectReason.CUT_OFF] == 5


def test_a_doubtful_match_is_denied_only_where_another_plate_stands_there() -> None:
    it = PlateSense(Finder(), Reader(reading("京A12345")))
    known, shown = looked(it, 5), frame(6)
    (found,) = it.find(shown)
    assert not it.denies(known, shown, found)
    assert PlateSense(Finder(), Reader(reading("沪B67890"))).denies(known, shown, found)


def test_variants_of_one_plate_are_one_vehicle_two_plates_are_two() -> None:
    def track(text: str) -> Dossier[PlateView]:
        return looked(PlateSense(Finder(), Reader(reading(text))), 4)

    it = PlateSense(Finder(), Reader(reading("京A12345")))
    assert it.same(track("京A12345"), track("京A12348"))
    assert not it.same(track("京A12345"), track("沪B67890"))
