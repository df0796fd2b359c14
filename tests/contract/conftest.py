"""The contract's ledger; `ZHIAN_CONTRACT=FILE.json` has it written there, and as markdown beside it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from contract.ledger import Ledger


@pytest.fixture(autouse=True)
def short_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """A supervisor's thread looks up more often, so that starting and stopping it takes less of the tests' time."""
    monkeypatch.setattr("zhian_edge.hal.services.STEP_S", 0.05)
    monkeypatch.setattr("zhian_edge.hal.drivers.osdp_line.START_S", 3.0)
    monkeypatch.setattr("zhian_edge.hal.drivers.osdp_line.AWAY_S", 1.0)
    monkeypatch.setattr("zhian_edge.hal.drivers.llrp.PROBE_S", 1.0)
    monkeypatch.setattr("zhian_edge.hal.drivers.onvif.ANSWER_S", 1.0)
    monkeypatch.setattr("zhian_edge.hal.drivers.modbus.ANSWER_S", 0.5)


@pytest.fixture(scope="session")
def ledger() -> Iterator[Ledger]:
    """Collects a row per scenario."""
    one = Ledger()
    yield one
    if file := os.environ.get("ZHIAN_CONTRACT"):
        one.write(Path(file))
