"""Frames wait in a bounded place where no camera can crowd out another."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from zhian_edge.capture.buffer import FrameBuffer
from zhian_edge.capture.frame import Frame

_PICTURE = np.zeros((2, 2, 3), np.uint8)


def frame(camera: str, index: int) -> Frame:
    return Frame.of_picture(_PICTURE, camera=camera, index=index)


def taken(buffer: FrameBuffer) -> list[tuple[str, int]]:
    out = []
    while (item := buffer.take(0)) is not None:
        out.append((item.camera, item.index))
    return out


def test_an_urgent_camera_has_every_second_turn_and_the_others_theirs() -> None:
    buffer = FrameBuffer(("a", "b", "c"), urgent=lambda camera: camera == "c")
    for index in range(3):
        for camera in "abc":
            buffer.put(frame(camera, index))
    order = [camera for camera, _ in taken(buffer)]
    assert order[:5].count("c") == 3
    assert sorted(order) == ["a"] * 3 + ["b"] * 3 + ["c"] * 3
    assert set(order[:4]) == {"a", "b", "c"}


def test_the_oldest_frame_gives_way_and_is_counted() -> None:
    buffer = FrameBuffer(("a",), depth=2)
    for index in range(5):
        buffer.put(frame("a", index))
    assert taken(buffer) == [("a", 3), ("a", 4)]
    assert buffer.dropped() == {"a": 3}


def test_a_flooding_camera_costs_the_others_nothing() -> None:
    buffer = FrameBuffer(("a", "b"), depth=2)
    buffer.put(frame("b", 0))
    for index in range(100):
        buffer.put(frame("a", index))
    assert taken(buffer) == [("a", 98), ("b", 0), ("a", 99)]
    assert buffer.dropped()["b"] == 0


def test_cameras_take_turns() -> None:
    buffer = FrameBuffer(("a", "b", "c"))
    for index in range(2):
        for camera in ("c", "a"):
            buffer.put(frame(camera, index))
    assert [camera for camera, _ in taken(buffer)] == ["a", "c", "a", "c"]


def test_a_waiting_reader_wakes_for_a_frame() -> None:
    buffer, got = FrameBuffer(("a",)), []
    reader = threading.Thread(target=lambda: got.append(buffer.take(10)))
    reader.start()
    buffer.put(frame("a", 7))
    reader.join(10)
    assert got[0] is not None
    assert got[0].index == 7


def test_a_camera_that_is_not_known_is_an_error() -> None:
    with pytest.raises(KeyError):
        FrameBuffer(("a",)).put(frame("b", 0))
