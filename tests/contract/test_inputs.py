"""What every input keeps to: a change that lasts is told, once, and after an outage how it is now."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from contract.inputs import INPUTS, SLOW, InputPeer
from contract.ledger import Ledger, Row
from contract.running import Watching
from zhian_edge.errors import EdgeError

STATES = ("idle", "active")


@pytest.fixture(params=[pytest.param(name, marks=[pytest.mark.slow] if name in SLOW else []) for name in INPUTS])
def peer(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[InputPeer]:
    one = INPUTS[request.param](tmp_path)
    one.start()
    yield one
    one.close()


@pytest.fixture
def watching(peer: InputPeer) -> Iterator[Watching]:
    with Watching(peer.input()) as one:
        one.await_up()
        yield one


@pytest.fixture
def press(peer: InputPeer, watching: Watching, ledger: Ledger) -> Press:
    return Press(peer, watching, ledger)


class Press:
    """Changes the input, and writes down which changes were told."""

    def __init__(self, peer: InputPeer, watching: Watching, ledger: Ledger) -> None:
        self._peer, self._watching, self._ledger = peer, watching, ledger
        self.given = self.lost = 0

    def __call__(self, level: int) -> None:
        """A change that lasts until it was told."""
        self._peer.press(level)
        self.given += 1
        self.lost += not self._watching.await_state(STATES[level])

    def row(self, scenario: str) -> Row:
        """The outcome. Whoever is opened again tells anew how it is: that is no change told twice."""
        told = self._watching.told()
        again = sum(one == other for one, other in pairwise(told))
        doubled = max(0, again - (self._watching.status.opened - 1))
        passed = not self.lost and not doubled
        row = Row("input", self._peer.driver, self._peer.version, scenario, self.given, self.lost, doubled, passed)
        self._ledger.add(row)
        return row


def test_every_change_is_told_once_in_its_order(watching: Watching, press: Press) -> None:
    for level in (1, 0, 1, 0, 1):
        press(level)
    row = press.row("works")
    assert row.passed, row
    assert watching.told()[-5:] == ["active", "idle", "active", "idle", "active"]


def test_a_killed_peer_of_an_input_is_noticed(peer: InputPeer, watching: Watching, press: Press) -> None:
    press(1)
    peer.kill()
    watching.await_lost()
    row = press.row("peer killed")
    assert row.passed, row


def test_a_restarted_peer_of_an_input_tells_how_it_is_now(peer: InputPeer, watching: Watching, press: Press) -> None:
    press(1)
    for level in (0, 1):
        peer.kill()
        watching.await_lost()
        peer.start()
        press(level)
    row = press.row("peer restarted")
    assert row.passed, row


def test_garbage_costs_no_change(peer: InputPeer, press: Press) -> None:
    for turn in range(5):
        peer.garbage()
        press(1 - turn % 2)
    row = press.row("garbage")
    assert row.passed, row


def test_a_cut_frame_costs_no_change(peer: InputPeer, press: Press) -> None:
    for turn in range(3):
        peer.spoil()
        press(1 - turn % 2)
    row = press.row("cut frame")
    assert row.passed, row


def test_a_flood_of_changes_ends_as_the_input_is(peer: InputPeer, press: Press) -> None:
    for turn in range(60):
        peer.press(turn % 2)
    press(0)
    press(1)
    row = press.row("flood")
    assert row.passed, row


def test_an_input_that_is_not_there_is_an_error_of_ours_and_leaves_nothing(peer: InputPeer) -> None:
    port = peer.input()
    peer.kill()
    with pytest.raises(EdgeError):
        port.open()
    port.close()
    port.close()
