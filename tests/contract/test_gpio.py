"""Barriers and inputs on a GPIO chip of a kernel; without a simulated chip all of it runs in a guest's kernel."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from contract import kernel
from contract.gpio_sim import build_gpio_sim
from contract.peer_wiegand import usable
from contract.talking import Talking
from support.waiting import eventually
from zhian_edge.config.actuators import GpioBarrier, GpioInput
from zhian_edge.errors import DeviceLost, DeviceRefused

with_chip = pytest.mark.skipif(not usable(), reason="no gpio-sim here; runs in a guest's kernel (--slow)")


@pytest.fixture
def relay() -> Iterator[Talking]:
    chip = Talking("gpio_process.py")
    chip.start()
    yield chip
    chip.kill()


def chip_of(relay: Talking) -> str:
    return str(relay.said[0]["chip"])


def moves(relay: Talking) -> list[int]:
    return [line["relay"] for line in list(relay.said) if "relay" in line]


@with_chip
def test_a_relay_on_a_chip_draws_and_lets_go_and_its_contact_is_read(relay: Talking) -> None:
    from zhian_edge.hal.drivers.gpio import GpioBarrierDriver  # noqa: PLC0415 - needs gpiod

    settings = GpioBarrier(id="boom", lane="main", chip=chip_of(relay), line=0, contact=1)
    with GpioBarrierDriver(settings) as barrier:
        assert barrier.state().door == "closed"
        barrier.pulse(100)
        eventually(lambda: moves(relay) == [1, 0], "the pulse")
        barrier.hold()
        eventually(lambda: moves(relay) == [1, 0, 1], "the hold")
        relay.tell(line=1, level=1)
        eventually(lambda: barrier.state().door == "open", "the door")
        assert barrier.state().output == "on"
        with pytest.raises(DeviceLost):
            GpioBarrierDriver(settings).open()
        barrier.shut()
        eventually(lambda: moves(relay) == [1, 0, 1, 0], "the end")


@with_chip
def test_a_button_on_a_chip_is_told_when_it_is_pressed_and_let_go(relay: Talking) -> None:
    from zhian_edge.hal.drivers.gpio import GpioInputDriver  # noqa: PLC0415 - needs gpiod

    settings = GpioInput(id="help", role="help", chip=chip_of(relay), line=2)
    with GpioInputDriver(settings) as port:
        told = []
        for level in (0, 1, 0):
            relay.tell(line=2, level=level)
            told.append(eventually(lambda: port.read(0.5), "the change").state)
        assert told == ["idle", "active", "idle"]


@with_chip
def test_a_chip_that_has_no_such_line_is_refused(relay: Talking) -> None:
    from zhian_edge.hal.drivers.gpio import GpioBarrierDriver  # noqa: PLC0415 - needs gpiod

    with pytest.raises(DeviceRefused):
        GpioBarrierDriver(GpioBarrier(id="boom", lane="main", chip=chip_of(relay), line=9)).open()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_relays_and_buttons_work_with_a_chip_of_a_debian_kernel(tmp_path: Path) -> None:
    guest = kernel.find_kernel()
    root = kernel.HERE.parents[1]
    command = [
        "env", "PYTHONDONTWRITEBYTECODE=1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD=1", sys.executable, "-m", "pytest",
        "-p", "pytest_timeout", "-k", "chip and not debian", "--color=no", "--rootdir", str(root),
        "-c", str(root / "pyproject.toml"), "--confcutdir", str(kernel.HERE), __file__,
    ]  # fmt: skip
    status, console = kernel.run(
        command, kernel=guest, modules=("configfs",), built=(build_gpio_sim(guest),), out=tmp_path / "out",
        within_s=kernel.WITHIN_S,
    )  # fmt: skip
    assert status == 0, console[-8000:]
    assert "3 passed" in console, console[-8000:]
