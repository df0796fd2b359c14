"""What every reader keeps to, whatever its peer does: it stays up, recovers, and loses no read that was complete."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from contract.ledger import Ledger, Row
from contract.peers import PEERS, SLOW, ReaderPeer
from contract.running import Running
from zhian_edge.errors import EdgeError


@pytest.fixture(params=[pytest.param(name, marks=[pytest.mark.slow] if name in SLOW else []) for name in PEERS])
def peer(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ReaderPeer]:
    one = PEERS[request.param](tmp_path)
    one.start()
    yield one
    one.close()


@pytest.fixture
def running(peer: ReaderPeer) -> Iterator[Running]:
    with Running(peer.reader()) as one:
        one.await_up()
        yield one


@pytest.fixture
def settle(peer: ReaderPeer, running: Running, ledger: Ledger) -> Settle:
    return Settle(peer, running, ledger)


class Settle:
    """Presents cards, and writes down which of them came through."""

    def __init__(self, peer: ReaderPeer, running: Running, ledger: Ledger) -> None:
        self._peer, self._running, self._ledger = peer, running, ledger
        self.given: list[str] = []

    def present(self, count: int = 1) -> None:
        for _ in range(count):
            # EM4100 cards have five bytes.
            card = f"{getattr(self._peer, 'prefix', '04A1')}{len(self.given):04X}"
            self._peer.present(card)
            self.given.append(card)

    def row(self, scenario: str) -> Row:
        """The outcome, kept also when the test fails by it."""
        lost = self._running.await_cards(self.given)
        counted = self._running.counted()
        doubled = sum(counted[card] > 1 for card in self.given)
        passed = not lost and not doubled and set(counted) == set(self.given)
        row = Row(
            "reader", self._peer.driver, self._peer.version, scenario, len(self.given), len(lost), doubled, passed
        )
        self._ledger.add(row)
        return row


def test_every_card_is_read_once(settle: Settle) -> None:
    settle.present(5)
    row = settle.row("works")
    assert row.passed, row


def test_a_killed_peer_is_noticed_and_what_it_had_handed_over_is_read(
    peer: ReaderPeer, running: Running, settle: Settle
) -> None:
    settle.present(3)
    peer.kill()
    running.await_lost()
    row = settle.row("peer killed")
    assert row.passed, row


def test_a_restarted_peer_is_read_again(peer: ReaderPeer, running: Running, settle: Settle) -> None:
    settle.present()
    for _ in range(2):
        peer.kill()
        running.await_lost()
        peer.start()
        running.await_up()
        settle.present()
    row = settle.row("peer restarted")
    assert row.passed, row
    assert running.status.opened >= 2


def test_garbage_costs_no_card(peer: ReaderPeer, running: Running, settle: Settle) -> None:
    for _ in range(10):
        peer.garbage()
        settle.present()
    row = settle.row("garbage")
    assert row.passed, row


def test_a_cut_frame_costs_no_whole_card(peer: ReaderPeer, running: Running, settle: Settle) -> None:
    for _ in range(3):
        peer.cut()
        settle.present()
    row = settle.row("cut frame")
    assert row.passed, row


def test_a_flood_is_read_whole(peer: ReaderPeer, settle: Settle) -> None:
    settle.present(peer.flood)
    row = settle.row("flood")
    assert row.passed, row


def test_a_peer_that_is_not_there_is_an_error_of_ours_and_leaves_nothing(peer: ReaderPeer) -> None:
    peer.kill()
    reader = peer.reader()
    with pytest.raises(EdgeError):
        reader.open()
    reader.close()
    reader.close()


def test_a_reader_is_a_context_that_may_be_entered_again(peer: ReaderPeer) -> None:
    reader = peer.reader()
    for _ in range(2):
        with reader:
            assert reader.read(0.05) is None
        reader.close()
    assert reader.diagnostics().link
