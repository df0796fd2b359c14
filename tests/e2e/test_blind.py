"""A gate that goes blind, by whatever cause, is a case in the guard room within fifteen seconds, and so is its end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import select
from zhian_gateway.store.tables import alerts, events
from zhian_wire.codec import decode
from zhian_wire.events import Health

from ..support.broker import Broker
from ..support.gateway import GatewayProcess
from ..support.rtsp import RtspServer, require_rtsp
from ..support.waiting import eventually
from .nodes import NodeProcess

WITHIN_S: Final = 15.0
CAMERA = """
[[cameras]]
id = "door"
source = "{address}"
senses = ["body"]
lane = "main"
"""


class Site:
    """A camera in another process, a node that looks through it, broker and gateway."""

    def __init__(self, folder: Path, models_home: Path) -> None:
        self.camera = RtspServer()
        self.broker = Broker(folder / "broker").start()
        self.gateway = GatewayProcess(folder / "gateway", self.broker).start()
        cameras = CAMERA.format(address=self.camera.address)
        self.node = NodeProcess(folder / "edge", self.broker, self.gateway, models_home, cameras)
        self.node.start()
        self.await_sight()

    def close(self) -> None:
        self.node.kill()
        self.gateway.kill()
        self.broker.kill()
        self.camera.kill()

    def await_sight(self) -> None:
        def sees() -> bool:
            return [camera["status"] for camera in self.node.status()["node"].get("cameras", ())] == ["ok"]

        eventually(sees, "the camera's first picture", 60)

    def told(self) -> list[Health]:
        """What the gateway knows of cameras and vision, in the order in which it was decided."""
        with self.gateway.services() as parts, parts.store.read() as link:
            bodies = link.execute(select(events.c.body).order_by(events.c.seq)).scalars().all()
        found = [decode(bytes(body)).data for body in bodies]
        return [each for each in found if isinstance(each, Health) and each.component in ("camera", "vision")]

    def open_cases(self) -> int:
        with self.gateway.services() as parts, parts.store.read() as link:
            states = link.execute(select(alerts.c.state)).scalars().all()
        return sum(state == "raised" for state in states)

    def blind(self, happens: Callable[[], object], ends: Callable[[], object]) -> tuple[str, float]:
        """The cause that the guard is told, and after how long; then the fault ends, and that is told as well."""
        before, began = len(self.told()), time.monotonic()
        happens()
        eventually(lambda: len(self.told()) > before and self.open_cases(), "the case", 60)
        after_s = time.monotonic() - began
        cause = self.told()[before].cause
        ends()
        eventually(lambda: self.told()[-1].status == "ok" and not self.open_cases(), "the end of it", 90)
        self.await_sight()
        return cause, after_s


@pytest.fixture
def site(tmp_path: Path, models_home: Path) -> Iterator[Site]:
    require_rtsp()
    one = Site(tmp_path, models_home)
    yield one
    one.close()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_every_way_to_go_blind_reaches_the_guard_in_time(
    site: Site, record_property: Callable[[str, object], None]
) -> None:
    camera = site.camera
    ways: list[tuple[str, Callable[[], object], Callable[[], object]]] = [
        ("unplugged", camera.kill, camera.start),
        ("frozen", camera.freeze, camera.thaw),
        ("covered", camera.cover, camera.uncover),
        ("vision killed", lambda: site.node.vision().kill(), lambda: None),
        ("vision hangs", lambda: site.node.vision().suspend(), lambda: None),
    ]
    took: dict[str, tuple[str, float]] = {}
    for name, happens, ends in ways:
        took[name] = site.blind(happens, ends)
        record_property(name, f"{took[name][0]} {took[name][1]:.1f} s")
        print(name, took[name])
    assert {name: cause for name, (cause, _) in took.items()} == {
        "unplugged": "no_frames", "frozen": "no_frames", "covered": "blocked", "vision killed": "killed",
        "vision hangs": "hung",
    }  # fmt: skip
    assert max(after_s for _, after_s in took.values()) <= WITHIN_S, took
