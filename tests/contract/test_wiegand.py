"""What is particular to Wiegand on GPIO lines; without a simulated chip, what needs one runs in a guest's kernel."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from contract import kernel
from contract.gpio_sim import build_gpio_sim
from contract.ledger import Ledger
from contract.peer_wiegand import WiegandPeer, usable
from zhian_edge.errors import DeviceLost, DeviceRefused

with_chip = pytest.mark.skipif(not usable(), reason="no gpio-sim here; runs in a guest's kernel (--slow)")


@pytest.fixture
def wiegand(tmp_path: Path) -> Iterator[WiegandPeer]:
    peer = WiegandPeer(tmp_path)
    peer.start()
    yield peer
    peer.close()


@with_chip
def test_wiegand_lines_can_be_had_by_one_program_only(wiegand: WiegandPeer) -> None:
    with wiegand.reader(), pytest.raises(DeviceLost, match="another program"):
        wiegand.reader().open()


@with_chip
def test_wiegand_wants_a_chip_that_has_the_lines(wiegand: WiegandPeer) -> None:
    with pytest.raises(DeviceRefused, match="has these lines"):
        wiegand.reader(d0=7).open()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_contract_holds_with_a_chip_of_a_debian_kernel(tmp_path: Path, ledger: Ledger) -> None:
    guest = kernel.find_kernel()
    rows = kernel.run_contract(
        "wiegand",
        Path(__file__),
        kernel=guest,
        modules=("configfs",),
        built=(build_gpio_sim(guest),),
        out=tmp_path / "out",
    )
    for row in rows:
        ledger.add(row)
