"""What is particular to barriers and inputs on a GPIO chip; without a simulated one all runs in a guest's kernel."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from contract import kernel
from contract.gpio_sim import build_gpio_sim
from contract.ledger import Ledger, Row
from contract.peer_gpio import GpioPeer
from contract.peer_wiegand import usable
from contract.running import Watching
from support.waiting import eventually
from zhian_edge.errors import DeviceLost, DeviceRefused

with_chip = pytest.mark.skipif(not usable(), reason="no gpio-sim here; runs in a guest's kernel (--slow)")


@pytest.fixture
def gpio(tmp_path: Path) -> Iterator[GpioPeer]:
    peer = GpioPeer(tmp_path)
    peer.start()
    yield peer
    peer.close()


@with_chip
def test_gpio_lines_can_be_had_by_one_program_only(gpio: GpioPeer) -> None:
    with gpio.barrier(), pytest.raises(DeviceLost):
        gpio.barrier().open()


@with_chip
def test_gpio_wants_a_chip_that_has_the_line(gpio: GpioPeer) -> None:
    with pytest.raises(DeviceRefused):
        gpio.barrier(line=9).open()


@with_chip
def test_gpio_contact_is_read_back(gpio: GpioPeer) -> None:
    with gpio.barrier() as barrier:
        assert barrier.state().door == "closed"
        gpio.level(1, 1)
        eventually(lambda: barrier.state().door == "open", "the door")


@with_chip
def test_gpio_chip_that_was_pulled_out_is_lost_and_is_used_again_when_it_is_back(
    gpio: GpioPeer, ledger: Ledger
) -> None:
    """While nobody has its lines: Debian's kernel does not survive it otherwise, whoever has them."""
    barrier, port = gpio.barrier(), gpio.input()
    gpio.kill()
    for lost in (barrier, port):
        with pytest.raises(DeviceLost):
            lost.open()
    with pytest.raises(DeviceLost):
        barrier.pulse(100)
    gpio.start()
    assert gpio.orders() == []
    for scenario in ("peer killed", "peer restarted"):
        with barrier:
            barrier.pulse(100)
            eventually(lambda: gpio.orders()[-1:] == [("on", 0)], "the pulse")
            barrier.shut()
            eventually(lambda: gpio.orders()[-1:] == [("off", 0)], "its end")
        came = sum(word == "on" for word, _ in gpio.orders())
        ledger.add(Row("barrier", gpio.driver, gpio.version, scenario, 1, 0, came - 1, passed=came == 1))
        assert came == 1
        gpio.kill()
        gpio.start()
        gpio.device.earlier.clear()
        with Watching(port) as watching:
            gpio.press(1)
            told = watching.await_state("active")
        ledger.add(Row("input", gpio.driver, gpio.version, scenario, 1, not told, passed=told))
        assert told


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_contract_holds_with_relays_and_buttons_of_a_debian_kernel(tmp_path: Path, ledger: Ledger) -> None:
    """A line has no frames that could be cut."""
    guest = kernel.find_kernel()
    rows = kernel.run_contract(
        "gpio and not dead and not restarted and not killed and not cut",
        ("test_barriers.py", "test_inputs.py", "test_gpio.py"),
        kernel=guest,
        modules=("configfs",),
        built=(build_gpio_sim(guest),),
        scenarios=("works", "peer killed", "peer restarted", "garbage", "flood"),
        out=tmp_path / "out",
    )
    for row in rows:
        ledger.add(row)
