"""Two brokers, of which one is killed at a time: node and gateway find each other at the other one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ..support.broker import Broker
from ..support.gateway import GatewayProcess
from ..support.waiting import eventually
from .nodes import READER, SCHOOL, NodeProcess


def show_cards(folder: Path, *cards: str) -> None:
    with (folder / "edge" / "cards.jsonl").open("a", encoding="ascii") as script:
        script.writelines(json.dumps({"card": card}) + "\n" for card in cards)


@pytest.mark.thorough
def test_whichever_of_two_brokers_is_killed_the_other_one_carries_on(tmp_path: Path) -> None:
    first, second = Broker(tmp_path / "first").start(), Broker(tmp_path / "second").start()
    gateway = GatewayProcess(tmp_path / "gateway", first)
    listed = f'url = "{first.url}"\n'
    gateway.config.write_text(gateway.config.read_text().replace(listed, f'{listed}also = ["{second.url}"]\n'))
    gateway.start()
    node = NodeProcess(tmp_path / "edge", first, gateway, tmp_path, SCHOOL + READER, also=[second.url])
    show_cards(tmp_path)
    node.start()

    def delivered(count: int) -> None:
        """So many more events are decided, and the node has their receipts."""
        before = len(node.decided())
        show_cards(tmp_path, *(f"04A1B2{before + number:02X}" for number in range(count)))
        eventually(lambda: len(node.decided()) >= before + count, "the decisions")
        eventually(lambda: node.status()["node"].get("outbox", 0) == 0, "the receipts", 60)

    try:
        delivered(5)
        first.kill()
        delivered(5)
        first.start()
        second.kill()
        delivered(5)
    finally:
        node.kill()
        gateway.kill()
        first.kill()
        second.kill()
