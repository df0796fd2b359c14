"""Bodies: counted once each, however they are dressed, riding or cut by the edge."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scripted import frame
from zhian_edge.capture.frame import Frame
from zhian_edge.perception.bodies import BodySense, BodyView
from zhian_edge.perception.dossier import Dossier
from zhian_edge.perception.types import Box
from zhian_wire.events import BodyKind


@dataclass(frozen=True)
class Found:
    kind: BodyKind
    score: float
    box: Box


class Detector:
    def __init__(self, *found: Found) -> None:
        self.found = found

    def detect(self, bgr: np.ndarray) -> tuple[Found, ...]:
        return self.found


def dressed(index: int, colour: tuple[int, int, int], box: tuple[int, int, int, int]) -> Frame:
    bgr = frame(0).bgr().copy()
    x, y, w, h = box
    bgr[y : y + h, x : x + w] = colour
    return Frame.of_picture(bgr, camera="gate", source="gate.mp4", index=index, media_time_s=index * 0.2)


def follow(colour: tuple[int, int, int], frames: int, start: int = 0, x: int = 100) -> Dossier[BodyView]:
    made: Dossier[BodyView] = Dossier(1, "body", "gate", "gate.mp4", 1, start * 200, start * 0.2)
    for n in range(start, start + frames):
        shown = dressed(n, colour, (x, 40, 50, 120))
        it = BodySense(Detector(Found("person", 0.8, (x, 40, 50, 120))))
        (found,) = it.find(shown)
        made.seen(shown, found, shown.at_ms)
        it.look(made, shown, found)
    return made


IT = BodySense(Detector())
RED, BLUE = (20, 20, 220), (220, 40, 10)


def test_a_body_that_is_there_for_a_while_is_a_passage_a_glimpse_is_none() -> None:
    judged = IT.judge(follow(RED, 6))
    assert judged is not None
    assert (judged.body, judged.reason, judged.person_id) == ("person", "seen", None)
    assert IT.judge(follow(RED, 2)) is None


def test_who_wears_the_same_in_the_same_place_is_the_same() -> None:
    assert IT.same(follow(RED, 5), follow(RED, 3, start=10, x=120))


def test_who_wears_something_else_or_is_elsewhere_is_another() -> None:
    assert not IT.same(follow(RED, 5), follow(BLUE, 3, start=10))
    assert not IT.same(follow(RED, 5, x=10), follow(RED, 3, start=10, x=260))


def test_a_doubtful_body_in_other_clothes_is_denied() -> None:
    known = follow(RED, 5)
    shown = dressed(9, BLUE, (100, 40, 50, 120))
    (found,) = BodySense(Detector(Found("person", 0.8, (100, 40, 50, 120)))).find(shown)
    assert IT.denies(known, shown, found)


def test_a_rider_is_counted_once() -> None:
    it = BodySense(Detector(Found("person", 0.9, (100, 40, 50, 100)), Found("motorcycle", 0.7, (95, 90, 60, 70))))
    assert [d.label for d in it.find(frame(0))] == ["person"]


def test_a_person_beside_a_car_is_two() -> None:
    it = BodySense(Detector(Found("person", 0.9, (10, 40, 50, 100)), Found("car", 0.7, (100, 60, 150, 80))))
    assert len(it.find(frame(0))) == 2


def test_a_parked_car_is_no_passage_one_that_comes_is() -> None:
    def car(dx: int) -> Dossier[BodyView]:
        made: Dossier[BodyView] = Dossier(1, "body", "gate", "gate.mp4", 1, 0, 0.0)
        for n in range(10):
            box = (20 + dx * n, 60, 90, 60)
            shown = dressed(n, RED, box)
            (found,) = BodySense(Detector(Found("car", 0.8, box))).find(shown)
            made.seen(shown, found, shown.at_ms)
            IT.look(made, shown, found)
        return made

    assert (IT.judge(car(0)), IT.dismissal(car(0))) == (None, "parked")
    judged = IT.judge(car(12))
    assert judged is not None
    assert judged.body == "car"
