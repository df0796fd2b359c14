"""What is particular to readers behind pcscd; the whole contract with it takes longer (`--slow`)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from contract.peer_pcsc import PcscPeer
from contract.running import Running
from zhian_edge.errors import DeviceLost


@pytest.fixture
def peer(tmp_path: Path) -> Iterator[PcscPeer]:
    one = PcscPeer(tmp_path)
    one.start()
    yield one
    one.close()


def test_cards_are_read_again_when_pcscd_was_killed_and_is_back(peer: PcscPeer) -> None:
    with Running(peer.reader()) as running:
        running.await_up()
        peer.present("04A23B1C5D8001")
        peer.kill()
        running.await_lost()
        peer.start()
        running.await_up()
        peer.present("04A23B1C5D8002")
        assert running.await_cards(["04A23B1C5D8001", "04A23B1C5D8002"]) == []


def test_a_reader_that_pcscd_does_not_know_is_said_with_those_it_knows(peer: PcscPeer) -> None:
    with pytest.raises(DeviceLost, match='pcscd does not know "ACR122"; it knows Virtual PCD 00 00'):
        peer.reader(reader="ACR122").open()


@pytest.mark.slow
def test_a_card_that_is_put_on_while_nobody_reads_is_read_afterwards_byte_by_byte_backwards(peer: PcscPeer) -> None:
    with Running(peer.reader(byte_order="reversed")) as running:
        peer.present("04A23B1C")
        assert running.await_cards(["1C3BA204"]) == []
