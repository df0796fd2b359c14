"""What is particular to Wiegand on GPIO lines; without a simulated chip, what needs one runs in a guest's kernel."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from contract import kernel
from contract.gpio_sim import build_gpio_sim
from contract.ledger import Ledger, Row
from contract.peer_wiegand import WiegandPeer, usable
from contract.running import Running
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


@with_chip
def test_wiegand_of_a_reader_that_was_cut_off_in_a_card_is_read_when_it_is_wired_again(
    wiegand: WiegandPeer, ledger: Ledger
) -> None:
    """Two wires do not tell that nobody is at their other end, so that nothing is lost and nothing found again."""
    with Running(wiegand.reader()) as running:
        running.await_up()
        wiegand.present("04A10000")
        wiegand.cut()
        wiegand.kill()
        lost = running.await_cards(["04A10000"])
        ledger.add(Row("reader", wiegand.driver, wiegand.version, "peer killed", 1, len(lost), passed=not lost))
        wiegand.start()
        wiegand.present("04A10001")
        lost += running.await_cards(["04A10001"])
        ledger.add(Row("reader", wiegand.driver, wiegand.version, "peer restarted", 1, len(lost), passed=not lost))
        assert lost == []
        assert set(running.counted()) == {"04A10000", "04A10001"}


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_contract_holds_with_a_chip_of_a_debian_kernel(tmp_path: Path, ledger: Ledger) -> None:
    guest = kernel.find_kernel()
    rows = kernel.run_contract(
        "wiegand and not noticed and not restarted",
        ("test_readers.py", "test_wiegand.py"),
        kernel=guest,
        modules=("configfs",),
        built=(build_gpio_sim(guest),),
        out=tmp_path / "out",
    )
    for row in rows:
        ledger.add(row)
