"""GPIO without a chip: what the drivers ask of the kernel, and what they make of its answers and errors."""

from __future__ import annotations

import errno
import itertools
from collections.abc import Callable
from pathlib import Path

import gpiod
import pytest
from gpiod.line import Direction, Value
from hypothesis import given
from hypothesis import strategies as st
from zhian_edge.config.actuators import GpioBarrier, GpioInput
from zhian_edge.errors import DeviceLost, DeviceRefused, EdgeError
from zhian_edge.hal.drivers import gpio
from zhian_edge.hal.drivers.gpio import GpioBarrierDriver, GpioInputDriver

BARRIER = GpioBarrier(id="boom", lane="main", chip="/dev/gpiochip0", line=4, contact=5)
INPUT = GpioInput(id="help", role="help", chip="/dev/gpiochip0", line=6, settle_s=0.1)


class Lines:
    """Lines that keep their values, and break when they are told to."""

    def __init__(self) -> None:
        self.values = {4: Value.INACTIVE, 5: Value.INACTIVE, 6: Value.INACTIVE}
        self.set: list[tuple[int, Value]] = []
        self.breaks_at = -1
        self.released = 0

    def get_value(self, line: int) -> Value:
        self._demand()
        return self.values[line]

    def set_value(self, line: int, value: Value) -> None:
        self._demand()
        self.values[line] = value
        self.set.append((line, value))

    def release(self) -> None:
        self.released += 1

    def _demand(self) -> None:
        if 0 <= self.breaks_at <= len(self.set):
            raise OSError(errno.ENODEV, "unplugged")


@pytest.fixture
def lines() -> Lines:
    return Lines()


@pytest.fixture
def barrier(lines: Lines) -> GpioBarrierDriver:
    return GpioBarrierDriver(BARRIER, request=lambda _settings: lines)


def test_a_line_is_drawn_until_it_is_let_go(barrier: GpioBarrierDriver, lines: Lines) -> None:
    with barrier:
        barrier.pulse(10)
        assert lines.set == [(4, Value.ACTIVE)]
        assert not barrier.diagnostics().capabilities.timed
        barrier.hold()
        assert barrier.state().output == "on"
        barrier.shut()
        assert barrier.state().output == "off"
    assert lines.released == 1


@pytest.mark.parametrize(("level", "open_level", "door"), [
    (Value.ACTIVE, True, "open"), (Value.INACTIVE, True, "closed"), (Value.ACTIVE, False, "closed"),
])  # fmt: skip
def test_the_contact_is_read_as_it_is_wired(lines: Lines, level: Value, open_level: bool, door: str) -> None:
    settings = GpioBarrier(id="boom", lane="main", chip="c", line=4, contact=5, contact_open=open_level)
    lines.values[5] = level
    with GpioBarrierDriver(settings, request=lambda _settings: lines) as barrier:
        assert barrier.state().door == door


def test_a_chip_that_is_pulled_is_lost(barrier: GpioBarrierDriver, lines: Lines) -> None:
    with barrier:
        lines.breaks_at = 0
        with pytest.raises(DeviceLost):
            barrier.pulse(1)
        with pytest.raises(DeviceLost):
            barrier.state()


def test_what_is_closed_does_nothing(barrier: GpioBarrierDriver) -> None:
    barrier.close()
    barrier.close()
    with pytest.raises(DeviceLost):
        barrier.hold()
    with pytest.raises(DeviceLost):
        GpioInputDriver(INPUT).read(0)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (OSError(errno.EACCES, "no right"), DeviceRefused),
        (OSError(errno.ENOENT, "no chip"), DeviceLost),
        (OSError(errno.EBUSY, "taken"), DeviceLost),
        (OSError(errno.EINVAL, "no line"), DeviceRefused),
        (ValueError("no line"), DeviceRefused),
    ],
)
def test_what_the_kernel_refuses_is_an_error_of_ours(error: Exception, kind: type[EdgeError]) -> None:
    def refuse(_settings: object) -> Lines:
        raise error

    with pytest.raises(kind):
        GpioBarrierDriver(BARRIER, request=refuse).open()
    with pytest.raises(kind):
        GpioInputDriver(INPUT, request=refuse).open()


def test_a_chip_that_is_not_there_is_an_error_of_ours(tmp_path: Path) -> None:
    with pytest.raises(DeviceLost):
        GpioBarrierDriver(GpioBarrier(id="b", lane="main", chip=str(tmp_path / "gpiochip9"), line=1)).open()


@pytest.mark.parametrize(("ask", "settings"), [(gpio.request_barrier, BARRIER), (gpio.request_input, INPUT)])
def test_the_kernel_is_asked_for_the_right_lines(
    monkeypatch: pytest.MonkeyPatch, ask: Callable[[object], object], settings: GpioBarrier | GpioInput
) -> None:
    asked: dict[int, gpiod.LineSettings] = {}
    monkeypatch.setattr(gpiod, "request_lines", lambda _chip, config, consumer: asked.update(config))
    ask(settings)
    directions = {line: setting.direction for line, setting in asked.items()}
    assert directions in ({4: Direction.OUTPUT, 5: Direction.INPUT}, {6: Direction.INPUT})
    if isinstance(settings, GpioBarrier):
        assert asked[4].output_value is Value.INACTIVE


@given(st.lists(st.tuples(st.integers(1, 80), st.booleans()), min_size=1, max_size=40))
def test_a_bouncing_button_is_told_only_by_what_lasts(moves: list[tuple[int, bool]]) -> None:
    lines, now, told = Lines(), 0, []
    with GpioInputDriver(INPUT, request=lambda _settings: lines, clock=lambda: now) as port:
        for passed, active in moves:
            now += passed
            lines.values[6] = Value.ACTIVE if active else Value.INACTIVE
            if change := port.read(0):
                told.append(change.state)
        now += 1000
        port.read(0)
    assert all(one != other for one, other in itertools.pairwise(told))
