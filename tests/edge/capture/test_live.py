"""What holds for every live camera: the watchdog, honest capture times, no password in a name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av.error
import pytest
from zhian_edge.capture.file import PacedFile
from zhian_edge.capture.live import ArrivalClock, LiveSource, without_password
from zhian_edge.capture.media import Media, StreamFacts
from zhian_edge.capture.sources import source_for
from zhian_edge.capture.usb import usb_source
from zhian_edge.config.types import Camera
from zhian_edge.errors import EdgeError, SourceLost, SourceRefused


class Silent(Media):
    """A connection that lives and brings packets, but never a picture."""

    def __init__(self) -> None:
        self.facts = StreamFacts(64, 48, 25.0, "h264")
        self.damaged = 3
        self.closed = False

    @property
    def codec(self) -> Any:
        return av.CodecContext.create("h264", "r")

    def packet(self) -> Any:
        return av.Packet(8)

    def decode(self, packet: Any) -> list[av.VideoFrame]:
        return []

    def close(self) -> None:
        self.closed = True


def test_a_camera_that_talks_but_shows_nothing_is_lost() -> None:
    now, media = [0.0], Silent()
    source = LiveSource("gate", "rtsp://camera/", lambda: media, watchdog_s=6, clock=lambda: now[0])
    source.open()
    now[0] = 5.9
    assert source.step() == []
    now[0] = 6.1
    with pytest.raises(SourceLost, match="no picture for 6 s"):
        source.step()
    source.close()
    source.close()
    assert media.closed
    assert source.damaged == 3


@pytest.mark.parametrize(
    ("error", "kind", "says"),
    [
        (av.error.HTTPUnauthorizedError(1, "401 Unauthorized"), SourceRefused, "password"),
        (av.error.HTTPForbiddenError(1, "403 Forbidden"), SourceRefused, "403"),
        (av.error.HTTPNotFoundError(1, "404 Not Found"), SourceLost, "404"),
        (av.error.ConnectionRefusedError(111, "Connection refused"), SourceLost, "refused"),
        (av.error.ExitError(1, "Immediate exit requested"), SourceLost, "no answer in time"),
        (OSError(113, "No route to host"), SourceLost, "No route"),
        (SourceRefused("there is no video in it"), SourceRefused, "no video"),
    ],
)
def test_an_error_is_one_that_may_pass_or_one_that_a_person_must_mend(
    error: Exception, kind: type[EdgeError], says: str
) -> None:
    def opener() -> Media:
        raise error

    with pytest.raises(kind, match=says):
        LiveSource("gate", "rtsp://camera/", opener).open()


@pytest.mark.parametrize(
    ("arrivals", "taken"),
    [
        ([(0.0, 10.0), (0.04, 10.04)], [10.0, 10.04]),
        ([(0.0, 10.5), (0.04, 10.3)], [10.5, 10.3]),  # the first one was held up
        ([(0.0, 10.0), (0.04, 13.0), (0.08, 13.0)], [10.0, 10.043, 10.083]),  # a stall of three seconds
        ([(0.0, 10.0), (0.04, 99.0)], [10.0, 99.0]),  # media time jumped
    ],
)
def test_a_frame_that_was_held_up_is_not_fresh(arrivals: list[tuple[float, float]], taken: list[float]) -> None:
    clock = ArrivalClock()
    assert [clock.taken_at(media, now) for media, now in arrivals] == pytest.approx(taken, abs=1e-3)


def test_a_slower_clock_in_the_camera_is_followed() -> None:
    clock = ArrivalClock()
    for second in range(3600):
        now = second * 1.0002
        assert now - clock.taken_at(float(second), now) < 0.01


def test_names_carry_no_password() -> None:
    assert without_password("rtsp://admin:p%40ss@10.0.0.5:554/s?x=1") == "rtsp://10.0.0.5:554/s?x=1"
    assert without_password("rtsp://10.0.0.5/s") == "rtsp://10.0.0.5/s"


def test_a_usb_camera_that_is_not_there_may_come_back(tmp_path: Path) -> None:
    with pytest.raises(SourceLost, match="plugged in"):
        usb_source("gate", "/dev/video97").open()


def test_what_is_no_camera_is_refused(tmp_path: Path) -> None:
    plain = tmp_path / "video0"
    plain.touch()
    with pytest.raises(SourceRefused, match="not a camera"):
        usb_source("gate", str(plain)).open()
    with pytest.raises(EdgeError, match="/dev/null"):
        usb_source("gate", "/dev/null").open()


def test_a_device_without_the_right_to_it_says_which_group(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(SourceRefused, match="group `video`"):
        usb_source("gate", "/dev/null").open()


def test_the_address_decides_the_kind_of_source(tmp_path: Path) -> None:
    assert isinstance(source_for(Camera(id="a", source="rtsp://10.0.0.5/x")), LiveSource)
    assert isinstance(source_for(Camera(id="b", source="/dev/video0")), LiveSource)
    assert isinstance(source_for(Camera(id="c", source=str(tmp_path / "reel.mp4"), loop=True)), PacedFile)
