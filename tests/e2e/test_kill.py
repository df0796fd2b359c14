"""Node, broker, vision and gateway killed with -9 in mid-stream: every decided event arrives once, without a hole."""

from __future__ import annotations

import json
import random
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from zhian_gateway.store.tables import events, pictures
from zhian_wire.events import Health, Passage

from ..support.broker import Broker
from ..support.clips import CAR_CAMERA, cars
from ..support.gateway import COMMAND, GatewayProcess
from ..support.waiting import eventually
from .nodes import NodeProcess

PASSAGE = "zhian.passage.v1"
PEOPLE_CAMERA = """
[[cameras]]
id = "door"
source = "{clip}"
senses = ["face"]
lane = "main"
loop = true
"""


class Site:
    """Broker, gateway and one node, all real."""

    def __init__(self, folder: Path, models_home: Path, cameras: str) -> None:
        self.broker = Broker(folder / "broker").start()
        self.gateway = GatewayProcess(folder / "gateway", self.broker).start()
        self.node = NodeProcess(folder / "edge", self.broker, self.gateway, models_home, cameras)
        self.node.start()

    def close(self) -> None:
        if self.node.alive:
            self.node.kill()
        self.gateway.kill()
        self.broker.kill()

    def kill_vision(self) -> None:
        """Only the process that sees."""
        gate, seeing = self.node.pid, self.node.vision()
        before = self.recoveries()
        seeing.kill()
        eventually(lambda: self.recoveries() > before, "vision's recovery", 60)
        assert (self.node.alive, self.node.pid) == (True, gate)

    def kill_broker(self) -> None:
        """It forgets whatever it had not delivered."""
        gate = self.node.pid
        self.broker.kill()
        self.see_more(2)
        self.broker.start()
        assert (self.node.alive, self.node.pid) == (True, gate)

    def kill_node(self) -> None:
        self.node.kill()
        self.node.start()

    def kill_gateway(self) -> None:
        self.gateway.kill()
        self.see_more(1)
        self.gateway.start()

    def see_more(self, passages: int) -> None:
        """Go on until so many more were decided."""
        wanted = self.node.count(PASSAGE) + passages
        eventually(lambda: self.node.count(PASSAGE) >= wanted, f"{passages} more passages", 90)

    def recoveries(self) -> int:
        return sum(health.status == "ok" for health in self.vision_health())

    def vision_health(self) -> list[Health]:
        found = [event.data for event in self.node.events() if isinstance(event.data, Health)]
        return [health for health in found if health.component == "vision"]

    def stored(self) -> dict[str, bytes]:
        """Every event in the gateway's store, by id."""
        with self.gateway.services() as parts, parts.store.read() as link:
            rows = link.execute(select(events.c.node, events.c.epoch, events.c.seq, events.c.body)).all()
        return {f"{row.node}/{row.epoch}/{row.seq}": bytes(row.body) for row in rows}

    def check_the_pictures(self) -> None:
        """Whatever the events so far show has followed them."""
        wanted = {piece.picture for event in self.node.events() for piece in getattr(event.data, "evidence", ())}
        wanted.discard(None)
        assert wanted
        eventually(lambda: wanted <= self.stored_pictures(), "the pictures' delivery", 30)

    def stored_pictures(self) -> set[str]:
        with self.gateway.services() as parts, parts.store.read() as link:
            return set(link.execute(select(pictures.c.sha256)).scalars())

    def check_the_books(self) -> None:
        """The node's own count against the gateway's store and its ledger."""
        self.node.stop()
        self.node.deliver_the_rest()
        decided = self.node.decided()
        assert self.stored() == decided
        seqs = sorted(event.seq for event in self.node.events())
        assert seqs == list(range(1, len(decided) + 1))
        assert len({event.epoch for event in self.node.events()}) == 1
        passages = [event.data.transaction for event in self.node.events() if isinstance(event.data, Passage)]
        assert [name for name, times in Counter(passages).items() if times > 1] == []
        command = [*COMMAND, "ledger", "--json", "--config", str(self.gateway.config)]
        ledger = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        lines = [json.loads(line) for line in ledger.splitlines()]
        assert sum(line["stored"] for line in lines) == len(decided)
        assert sum(line["holes"] for line in lines) == 0


@pytest.fixture
def site(tmp_path: Path, models_home: Path) -> Iterator[Site]:
    clip = cars(tmp_path / "cars.mp4")
    one = Site(tmp_path, models_home, CAR_CAMERA.format(clip=clip))
    yield one
    one.close()


@pytest.mark.thorough
def test_vision_broker_and_node_are_killed_and_every_event_arrives_once(site: Site) -> None:
    site.see_more(1)
    site.check_the_pictures()
    site.kill_vision()
    causes = [health.cause for health in site.vision_health()]
    assert causes == ["killed", ""], "blind is said once, and its end once"
    site.kill_broker()
    site.kill_node()
    site.see_more(1)
    site.check_the_books()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_many_kills_in_random_order_lose_and_double_nothing(tmp_path: Path, models_home: Path) -> None:
    clip = cars(tmp_path / "cars.mp4", pause=0.5)
    site = Site(tmp_path, models_home, CAR_CAMERA.format(clip=clip))
    try:
        _rampage(site, random.Random(7), kills=16)
    finally:
        site.close()


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.timeout(900)
def test_many_kills_lose_nothing_on_real_footage(tmp_path: Path, models_home: Path, shared: Path) -> None:
    site = Site(tmp_path, models_home, PEOPLE_CAMERA.format(clip=shared / "reels" / "people.mp4"))
    try:
        _rampage(site, random.Random(11), kills=8)
    finally:
        site.close()


def _rampage(site: Site, chance: random.Random, kills: int) -> None:
    site.see_more(1)
    for _ in range(kills):
        chance.choice([site.kill_vision, site.kill_broker, site.kill_node, site.kill_gateway])()
        site.see_more(chance.randint(0, 2))
    site.check_the_books()
