"""A camera that fails is logged once; asked later, the node still says why and since when."""

from __future__ import annotations

from zhian_edge.reported import Reported
from zhian_edge.signals import CameraReport, VisionBeat


def test_a_dead_camera_shows_its_error_and_since_when() -> None:
    reported = Reported()
    well = CameraReport(camera="yard", at_ms=1000, status="ok")
    lost = CameraReport(camera="door", at_ms=2000, status="blind", cause="no_frames", detail="rtsp://cam: refused")
    reported.step(well)
    reported.step(lost)
    for at_ms in (3000, 4000):
        later = CameraReport(camera="door", at_ms=at_ms, status="blind", cause="no_frames", detail="rtsp://cam: gone")
        reported.step(VisionBeat(at_ms=at_ms, cameras=(well, later)))
    yard, door = reported.lines(lambda ms: f"{ms} ms")
    assert door == {
        "id": "door",
        "status": "blind",
        "cause": "no_frames",
        "since": "2000 ms",
        "error": "rtsp://cam: gone",
    }
    assert (yard["since"], yard["error"]) == ("1000 ms", "")
