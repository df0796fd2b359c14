"""ONVIF relays beyond the contract: passwords, relays that are not there, pulses by the device's own timer."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from contract.barriers import OnvifPeer
from msgspec.structs import replace
from support.waiting import eventually
from zhian_edge.errors import BadSecret, DeviceLost, DeviceRefused, Expired
from zhian_edge.hal.drivers.onvif import ASK_MS, OnvifBarrierDriver
from zhian_edge.process.clock import mono_ms


@pytest.fixture
def peer(tmp_path: Path) -> Iterator[OnvifPeer]:
    one = OnvifPeer(tmp_path)
    one.start()
    yield one
    one.close()


def test_the_device_ends_its_pulses_itself_as_long_as_each_is(peer: OnvifPeer) -> None:
    with peer.barrier() as barrier:
        barrier.pulse(700)
        barrier.pulse(700)
        barrier.pulse(1500)
        told = barrier.diagnostics()
    # The camera is another process, and its account of them comes after its answers.
    given = [("pulse", 700), ("pulse", 700), ("pulse", 1500)]
    eventually(lambda: peer.orders() == given, "the camera's account")
    assert (told.model, told.serial, told.counters["orders"]) == ("Station", "S-7", 3)


def test_a_pulse_whose_time_runs_out_between_its_two_requests_does_not_open(peer: OnvifPeer) -> None:
    passing = itertools.count(0, 1000)  # a second goes by whenever it is looked at
    with OnvifBarrierDriver(peer.settings, lambda: next(passing)) as barrier:
        with pytest.raises(Expired):
            barrier.pulse(700, next(passing) + 2500)
        assert peer.orders() == []
        barrier.pulse(700, next(passing) + 60_000)
    eventually(lambda: peer.orders() == [("pulse", 700)], "the camera's account")


def test_a_wrong_password_is_refused(peer: OnvifPeer, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.touch(mode=0o600)
    wrong.write_text("guess")
    with pytest.raises(DeviceRefused, match="wrong user or password"):
        OnvifBarrierDriver(replace(peer.settings, password_file=str(wrong))).open()
    with pytest.raises(BadSecret):
        OnvifBarrierDriver(replace(peer.settings, password_file=str(tmp_path / "none"))).open()


def test_a_relay_that_is_not_there_is_refused(peer: OnvifPeer) -> None:
    with pytest.raises(DeviceRefused, match="there is no relay 'relay-9'; there is relay-1"):
        OnvifBarrierDriver(replace(peer.settings, relay="relay-9")).open()


def test_a_device_that_is_gone_is_noticed_without_an_order(peer: OnvifPeer) -> None:
    later = 0
    barrier = OnvifBarrierDriver(peer.settings, lambda: mono_ms() + later)
    with barrier:
        assert barrier.state().output == "unknown"
        peer.kill()
        barrier.state()
        later = ASK_MS
        with pytest.raises(DeviceLost):
            barrier.state()
