"""Faces lie in pixels of the full frame, wherever they were looked for, and each is found once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from zhian_edge.capture.frame import Frame
from zhian_edge.perception.attention import Where
from zhian_edge.perception.face_finder import CANVASES, NEAR_CANVAS, Canvas, FaceFinder
from zhian_edge.perception.geometry import Region
from zhian_edge.perception.types import Box
from zhian_models.face.types import Face, Picture

SIZE = (1280, 720)


class Sees:
    """Sees bright squares as faces, as a detector does on what it is shown; remembers the sizes of it."""

    def __init__(self) -> None:
        self.canvases: list[Canvas] = []
        self.shown: list[tuple[int, int]] = []

    def on(self, canvas: Canvas) -> _OnCanvas:
        return _OnCanvas(self, canvas)


class _OnCanvas:
    def __init__(self, sees: Sees, canvas: Canvas) -> None:
        self._sees = sees
        self._canvas = canvas

    def detect(self, bgr: Picture) -> list[Face]:
        self._sees.canvases.append(self._canvas)
        self._sees.shown.append((bgr.shape[1], bgr.shape[0]))
        rows, columns = np.nonzero(bgr[..., 0] > 128)
        if not len(rows):
            return []
        x, y, right, bottom = columns.min(), rows.min(), columns.max() + 1, rows.max() + 1
        box = (float(x), float(y), float(right - x), float(bottom - y))
        return [Face(box, np.full((5, 2), (x, y), np.float32), 0.9)]


def shown(*faces: Box) -> Frame:
    bgr = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
    for x, y, w, h in faces:
        bgr[int(y) : int(y + h), int(x) : int(x + w)] = 255
    return Frame.of_picture(bgr)


def about(found: Box, face: Box, by: float) -> bool:
    return all(abs(a - b) <= by for a, b in zip(found, face, strict=True))


def finder() -> tuple[FaceFinder, Sees]:
    sees = Sees()
    return FaceFinder(sees.on), sees


def test_the_whole_frame_is_searched_at_half_its_size() -> None:
    it, sees = finder()
    (found,) = it.everywhere(shown((600, 300, 80, 80)))
    assert about(found.box, (600, 300, 80, 80), 2)
    assert sees.shown == [(640, 360)]


def test_a_camera_on_end_is_searched_at_the_same_resolution() -> None:
    it, sees = finder()
    bgr = np.zeros((1280, 720, 3), np.uint8)
    bgr[600:680, 300:380] = 255
    (found,) = it.everywhere(Frame.of_picture(bgr))
    assert about(found.box, (300, 600, 80, 80), 2)
    assert (sees.shown, sees.canvases) == ([(360, 640)], [(384, 640)])
    (found,) = it.at(Frame.of_picture(bgr), Where((), (0, 500, 720, 400)))
    assert about(found.box, (300, 600, 80, 80), 3)
    assert sees.canvases[-1] == (384, 256)


faces = st.tuples(st.integers(0, 1200), st.integers(0, 640), st.integers(16, 80)).map(
    lambda f: (f[0], f[1], f[2], f[2])
)


@given(face=faces, dx=st.floats(-0.4, 0.4), dy=st.floats(-0.4, 0.4))
def test_a_face_is_found_where_it_was_expected_or_a_step_aside(face: Box, dx: float, dy: float) -> None:
    it, sees = finder()
    x, y, w, h = face
    (found,) = it.at(shown(face), Where(((x + dx * w, y + dy * h, w, h),)))
    assert about(found.box, face, 2)
    assert sees.canvases == [NEAR_CANVAS]
    assert found.points is not None
    assert np.allclose(found.points[0], found.box[:2], atol=0.1)


def test_a_large_face_is_shown_no_larger_than_the_canvas() -> None:
    it, sees = finder()
    (found,) = it.at(shown((400, 100, 400, 400)), Where(((410.0, 110.0, 390.0, 390.0),)))
    assert about(found.box, (400, 100, 400, 400), 8)
    assert max(sees.shown[0]) <= max(NEAR_CANVAS)


@pytest.mark.parametrize(
    ("area", "canvas"),
    [
        ((0, 0, 500, 500), (256, 256)),
        ((700, 0, 400, 720), (256, 384)),
        ((0, 300, 1280, 300), (640, 192)),
        ((100, 0, 880, 720), (448, 384)),
        ((0, 0, 1280, 700), (640, 384)),
    ],
)
def test_an_area_is_searched_no_smaller_than_in_the_whole_frame_on_the_cheapest_canvas(
    area: Region, canvas: Canvas
) -> None:
    it, sees = finder()
    face = (area[0] + area[2] / 2, area[1] + area[3] / 2, 60.0, 60.0)
    (found,) = it.at(shown(face), Where((), area))
    assert about(found.box, face, 3)
    assert sees.canvases == [canvas]
    assert sees.shown[0][0] >= area[2] // 2 - 1


def test_the_canvases_are_in_order_of_cost() -> None:
    sizes = [width * height for width, height in CANVASES]
    assert sizes == sorted(sizes)


def test_a_face_that_the_cut_divides_is_left_to_others() -> None:
    it, _ = finder()
    assert it.at(shown((600, 300, 80, 80)), Where((), (0, 0, 640, 720))) == []


def test_a_face_at_the_frames_own_border_is_not_divided() -> None:
    it, _ = finder()
    assert len(it.at(shown((0, 300, 60, 60)), Where(((0.0, 300.0, 60.0, 60.0),)))) == 1


def test_two_places_that_show_the_same_face_find_it_once() -> None:
    it, _ = finder()
    face = (600.0, 300.0, 80.0, 80.0)
    assert len(it.at(shown(face), Where((face, (620.0, 310.0, 80.0, 80.0)), (400, 100, 500, 500)))) == 1


class Halves:
    """Sees a face, half of it, and a smaller one beside it."""

    def detect(self, bgr: Picture) -> list[Face]:
        points = np.zeros((5, 2), np.float32)
        boxes = [((100.0, 50.0, 60.0, 80.0), 0.9), ((102.0, 50.0, 20.0, 66.0), 0.6), ((150.0, 50.0, 20.0, 30.0), 0.6)]
        return [Face(box, points, score) for box, score in boxes]


def test_half_a_face_is_no_face_of_its_own_a_neighbour_is() -> None:
    found = FaceFinder(lambda _canvas: Halves()).everywhere(shown())
    assert [detection.box[0] for detection in found] == [200.0, 300.0]


def places(found: Sequence[Box]) -> Where:
    return Where(tuple(found))


def test_a_place_outside_of_the_frame_is_passed_over() -> None:
    it, sees = finder()
    assert it.at(shown(), places([(-500.0, 0.0, 50.0, 50.0)])) == []
    assert sees.shown == []
