"""A camera of a real node, seen live in a real browser: over the node's own way out, and only while somebody looks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import cv2
import numpy as np
import psutil
import pytest
from console.scene import Site, evidence_folder
from playwright.sync_api import Browser, Page, expect

from ..support.gateway import GatewayProcess, running
from ..support.waiting import eventually
from .nodes import NodeProcess

CAMERA = """
[[cameras]]
id = "door"
source = "{source}"
loop = true
senses = ["body"]
lane = "main"
"""
NODE = "gate-9"


def film(path: Path) -> Path:
    """Four seconds in which something moves, 25 pictures a second."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 1280, 720, "yuv420p"
        for number in range(100):
            view = np.full((720, 1280, 3), (190, 200, 205), np.uint8)
            cv2.rectangle(view, (120, 120), (500, 460), (90, 120, 90), -1)
            cv2.circle(view, (100 + 11 * number, 500), 60, (50, 60, 190), -1)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(view, "bgr24")))
        container.mux(stream.encode(None))
    return path


@pytest.fixture
def gateway(console: Path, tmp_path: Path) -> Iterator[GatewayProcess]:
    with running(tmp_path / "gateway") as process:
        yield process


@pytest.fixture
def node(gateway: GatewayProcess, models_home: Path, tmp_path: Path) -> Iterator[NodeProcess]:
    more = CAMERA.format(source=film(tmp_path / "gate.mp4"))
    made = NodeProcess(tmp_path / "edge", gateway.broker, gateway, models_home, more, name=NODE)
    made.start()
    yield made
    if made.alive:
        made.kill()


def moves(page: Page) -> None:
    """Another picture follows the one that is there."""
    picture = page.locator(f'[data-tile="{NODE}/door"] img')
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 640
    expect(picture).not_to_have_attribute("src", picture.get_attribute("src") or "", timeout=20_000)


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_a_camera_is_seen_live_without_a_port_on_its_node_and_says_when_it_is_not(
    gateway: GatewayProcess, node: NodeProcess, browser: Browser
) -> None:
    site = Site(gateway)
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    site.enter(page)
    seen = page.locator(f'[data-tile="{NODE}/door"]')
    expect(seen).to_have_attribute("data-state", "live", timeout=90_000)
    moves(page)
    moves(page)
    page.screenshot(path=evidence_folder() / "tiles-node.png")
    assert _listening(node) == []
    kept = [path for path in node.home.rglob("*") if path.suffix in (".jpg", ".jpeg")]
    assert kept == [], "what is watched is not recorded"

    node.kill()
    expect(seen).to_have_attribute("data-state", "offline", timeout=15_000)
    page.context.close()
    site.close()


def _listening(node: NodeProcess) -> list[object]:
    gate = psutil.Process(node.pid)
    processes = eventually(lambda: [gate, *gate.children(recursive=True)], "its processes")
    return [each for one in processes for each in one.net_connections("inet") if each.status == "LISTEN"]
