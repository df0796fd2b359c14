"""A broker and a gateway, each a process of its own, for tests that need no other kind of them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ..support.broker import Broker
from ..support.gateway import GatewayProcess

#: The demo's parts belong to scripts and to no package.
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[GatewayProcess]:
    broker = Broker(tmp_path / "broker").start()
    one = GatewayProcess(tmp_path / "gateway", broker).start()
    yield one
    one.kill()
    broker.kill()
