"""How devices are told: an outage once each way, whatever the driver raises, and also where it does not come back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import pytest
from support.waiting import eventually
from zhian_edge import outages
from zhian_edge.errors import DeviceLost, DeviceRefused
from zhian_edge.hal.services import Said
from zhian_edge.outages import HANGS_MS, OPENING_MS, OUTAGE_MS, Told, Watch
from zhian_edge.process.supervisor import Supervisor
from zhian_wire.events import Health

LOST = DeviceLost("unplugged")


class Device:
    """A service that does what it is told to, with its clock; `told` is what is said of it."""

    name = "in"

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.meanwhile: Callable[[], None] = lambda: None
        self.ms = 1000
        self.told: list[Health] = []
        self.service = Told(self, "reader", self.told.append, lambda: self.ms)

    def open(self) -> None:
        self.meanwhile()
        if self.error:
            raise self.error

    def step(self) -> Sequence[Said]:
        self.open()
        return []

    def close(self) -> None:
        pass

    def at(self, ms: int, error: Exception | None = None) -> None:
        """One step at `ms`, which fails by `error`."""
        self.ms, self.error = ms, error
        if error is None:
            self.service.step()
        else:
            with pytest.raises(type(error)):
                self.service.step()

    @property
    def said(self) -> list[tuple[str, str, int | None]]:
        return [(each.status, each.cause, each.since_ms) for each in self.told]


@pytest.fixture
def device() -> Device:
    return Device()


def test_an_outage_is_told_once_each_way_unless_it_was_a_moment(device: Device) -> None:
    device.at(1000, LOST)
    device.at(1100)
    device.at(1000 + OUTAGE_MS)
    for ms in (6000, 6000 + OUTAGE_MS - 1, 6000 + OUTAGE_MS, 60_000):
        device.at(ms, LOST)
    for ms in (61_000, 60_000 + OUTAGE_MS, 80_000):
        device.at(ms)
    assert device.said == [("down", "lost", 6000), ("ok", "", None)]


def test_a_device_that_comes_and_goes_is_one_outage(device: Device) -> None:
    for ms in range(1000, 20_000, 1000):
        device.at(ms, LOST)
        device.at(ms + 500)
    assert device.said == [("down", "lost", 1000)]
    device.at(19_000 + OUTAGE_MS)
    assert device.said[1:] == [("ok", "", None)]


def test_what_a_person_must_mend_is_told_at_once(device: Device) -> None:
    device.error = DeviceRefused("no such antenna")
    with pytest.raises(DeviceRefused):
        device.service.open()
    assert [(each.cause, each.detail) for each in device.told] == [("refused", "no such antenna")]


def test_a_fault_of_the_driver_itself_is_told_as_every_outage(device: Device) -> None:
    for ms in (1000, 1000 + OUTAGE_MS):
        device.at(ms, IndexError("list index out of range"))
    assert device.said == [("down", "lost", 1000)]
    assert device.told[0].detail == "IndexError: list index out of range"


@pytest.mark.parametrize(("act", "longest_ms"), [(Device.step, HANGS_MS), (Device.open, OPENING_MS)])
def test_a_driver_that_does_not_come_back_is_told_once_and_when_it_is_well(
    device: Device, act: Callable[[Device], object], longest_ms: int
) -> None:
    def hangs() -> None:
        for ms in (longest_ms - 1, longest_ms, 2 * longest_ms):
            device.ms = 1000 + ms
            device.service.overdue()

    device.meanwhile = hangs
    (device.service.step if act is Device.step else device.service.open)()
    device.meanwhile = lambda: None
    device.service.overdue()
    device.at(100_000)
    assert device.said == [("down", "lost", 1000), ("ok", "", None)]
    assert device.told[0].detail == f"its driver has not come back for {longest_ms // 1000} s"


def test_nobody_waits_for_a_driver_that_hangs_to_hear_of_it(device: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outages, "LOOK_S", 0.001)
    hangs, back = threading.Event(), threading.Event()

    def hang() -> None:
        hangs.set()
        back.wait(30)

    device.meanwhile = hang
    stuck: Supervisor[Said] = Supervisor(device.service, lambda _said: None, stale_s=None)
    watch: Supervisor[Said] = Supervisor(Watch([device.service]), lambda _said: None, stale_s=None)
    stuck.start()
    assert hangs.wait(10)
    device.ms += OPENING_MS
    watch.start()
    try:
        eventually(lambda: device.said == [("down", "lost", 1000)], "the word that it hangs")
    finally:
        back.set()
        watch.stop()
        stuck.stop()
