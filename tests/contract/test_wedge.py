"""What is particular to keyboard wedges. Where there is no uinput, all that needs it runs in a guest's kernel."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from contract import kernel
from contract.ledger import Ledger
from contract.peer_wedge import WedgePeer, usable
from contract.running import Running
from zhian_edge.config.readers import WedgeReader
from zhian_edge.errors import DeviceLost, DeviceRefused
from zhian_edge.hal.drivers.wedge import WedgeDriver

with_uinput = pytest.mark.skipif(not usable(), reason="no uinput here; runs in a guest's kernel (--slow)")


@pytest.fixture
def wedge(tmp_path: Path) -> Iterator[WedgePeer]:
    peer = WedgePeer(tmp_path)
    peer.start()
    yield peer
    peer.close()


def test_a_wedge_that_is_not_plugged_in_is_lost() -> None:
    with pytest.raises(DeviceLost, match="plugged in"):
        WedgeDriver(WedgeReader(id="desk", device="/dev/input/by-id/none")).open()


def test_what_is_no_input_device_is_refused() -> None:
    with pytest.raises(DeviceRefused):
        WedgeDriver(WedgeReader(id="desk", device="/dev/null")).open()


@with_uinput
def test_wedge_is_grabbed_so_that_nobody_else_gets_its_keys(wedge: WedgePeer) -> None:
    with Running(wedge.reader()) as running:
        running.await_up()
        with pytest.raises(DeviceLost, match="grabbed"):
            wedge.reader().open()
        wedge.present("04A1BEEF")
        assert running.await_cards(["04A1BEEF"]) == []


@with_uinput
def test_wedge_lines_of_another_length_or_spelling_are_not_read(wedge: WedgePeer) -> None:
    with Running(wedge.reader(spelling="decimal", length=10)) as running:
        running.await_up()
        for text in ("12345678", "ABCDEF", "0008106606"):
            wedge.present(text)
        assert running.await_cards(["007BB26E"]) == []
        assert set(running.counted()) == {"007BB26E"}


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_contract_holds_with_a_keyboard_of_a_debian_kernel(tmp_path: Path, ledger: Ledger) -> None:
    guest = kernel.find_kernel()
    tests, modules = ("test_readers.py", "test_wedge.py"), ("evdev", "uinput")
    rows = kernel.run_contract("wedge", tests, kernel=guest, modules=modules, out=tmp_path / "out")
    for row in rows:
        ledger.add(row)
