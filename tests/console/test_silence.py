"""A node that is not heard any more, at a site that is patient for three seconds only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from support.broker import Broker
from support.gateway import GatewayProcess

from .conftest import OpenPage
from .scene import Site


@pytest.fixture(scope="module")
def gateway(console: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatewayProcess]:
    folder = tmp_path_factory.mktemp("silent")
    broker = Broker(folder / "broker").start()
    process = GatewayProcess(folder, broker, more="[rules]\nsilent_s = 3\n")
    try:
        yield process.start()
    finally:
        process.kill()
        broker.kill()


def test_a_node_that_falls_silent_is_shown_offline_with_its_cameras_and_is_an_alert(
    gateway: GatewayProcess, open_page: OpenPage
) -> None:
    site = Site(gateway)
    page = open_page()
    site.enter(page)
    site.beat()
    node = page.locator(".pill-node")
    expect(node).to_have_attribute("data-health", "online")
    expect(node).to_have_attribute("data-health", "offline")
    expect(page.locator(".pill", has_text="cam-1")).to_have_attribute("data-health", "offline")
    expect(page.locator(".card-title").first).to_have_text("节点离线")
    site.close()
