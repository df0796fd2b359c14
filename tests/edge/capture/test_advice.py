"""Whoever reads that a camera gives no picture reads which one, and what to look at next."""

from __future__ import annotations

import pytest
from zhian_edge.capture.advice import camera_advice
from zhian_edge.config.types import Camera

DOOR = Camera(id="door", source="rtsp://guard:s3cret@10.0.0.5:8554/stream1")
REFUSED = "rtsp://10.0.0.5:8554/stream1: cannot be opened: Server returned 401 (check user, password and rights)"


@pytest.mark.parametrize(
    ("why", "said"),
    [
        (REFUSED, "user or password"),
        ("cannot be opened: Server returned 404 Not Found", "RTSP path"),
        ("cannot be opened: Connection refused", "nothing listens at port 8554"),
        ("cannot be opened: no answer in time", "ping 10.0.0.5"),
        ("", "--camera door"),
    ],
)
def test_the_next_step_follows_from_what_the_camera_said(why: str, said: str) -> None:
    told = camera_advice(DOOR, why)
    assert said in told
    assert '[[cameras]] id = "door"' in told
    assert "s3cret" not in told and "guard" not in told


def test_an_address_without_a_port_means_that_of_rtsp() -> None:
    camera = Camera(id="door", source="rtsp://10.0.0.5/s")
    assert "port 554" in camera_advice(camera, "Connection refused")


@pytest.mark.parametrize(("source", "said"), [("/dev/video0", "plugged in"), ("reel.mp4", "another video")])
def test_a_camera_without_an_address_is_not_pinged(source: str, said: str) -> None:
    told = camera_advice(Camera(id="door", source=source))
    assert said in told and "ping" not in told
