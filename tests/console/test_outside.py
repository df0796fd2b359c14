"""The way outside is cut: the guard room sees and hears everything, is told what waits, and it arrives afterwards."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import expect
from support.broker import Broker
from support.gateway import GatewayProcess
from support.ports import free_port
from support.waiting import eventually
from zhian_gateway.police import subscribers

from .conftest import OpenPage
from .scene import Site, evidence_folder

CONFIG = """
[outbound]
private_hosts = ["127.0.0.1"]
[police]
retry_s = 1.0
"""


#: How many tones the page has begun to play.
COUNT_TONES = """
window.tones = 0;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...moment) { window.tones += 1; return start.apply(this, moment); };
"""


class Station:
    """The police's end of the webhook, which can be reached or not."""

    def __init__(self) -> None:
        self.port = free_port()
        self.got: list[bytes] = []
        self._server: ThreadingHTTPServer | None = None

    def reach(self) -> None:
        got = self.got

        class Taking(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                got.append(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nobody reads it."""

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Taking)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def cut(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


@pytest.fixture
def station() -> Iterator[Station]:
    made = Station()
    made.reach()
    yield made
    made.cut()


@pytest.fixture
def site(console: Path, tmp_path: Path, station: Station) -> Iterator[Site]:
    broker = Broker(tmp_path / "broker").start()
    gateway = GatewayProcess(tmp_path / "gateway", broker, CONFIG).start()
    with gateway.services() as parts, parts.store.write() as link:
        hook = f"http://127.0.0.1:{station.port}/hook"
        subscribers.add(link, site=parts.site, name="s", ground="g", webhook=hook, who="t", now=parts.now())
    made = Site(gateway)
    yield made
    made.close()
    gateway.kill()
    broker.kill()


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_with_the_outside_cut_the_guard_room_goes_on_and_says_what_waits(
    site: Site, station: Station, open_page: OpenPage
) -> None:
    site.enrol("w-1", "赵某", seed=2, watch=True)
    site.beat()
    page = open_page()
    page.add_init_script(COUNT_TONES)
    site.enter(page)
    expect(page.locator('[data-line="open"]')).to_be_visible()
    page.locator(".sound").click()
    expect(page.locator(".sound-on")).to_be_visible()
    station.cut()
    before = page.evaluate("window.tones")

    site.comes("w-1", seed=2)
    expect(page.locator(".card-critical", has_text="名单比中")).to_be_visible(timeout=5_000)
    expect(page.locator(".stream .arrival").first).to_contain_text("赵某")
    page.wait_for_function(f"window.tones > {before}", timeout=10_000)  # and it is heard
    outward = page.locator(".outward")
    expect(outward).to_contain_text("无法联系外部", timeout=60_000)
    expect(outward.locator('[data-way="police"]')).to_contain_text("1 条待送")
    expect(page.locator('[data-line="open"]')).to_be_visible()
    page.screenshot(path=evidence_folder() / "outside-cut.png")

    station.reach()
    eventually(lambda: station.got, "what had waited", 120)
    expect(outward).to_have_count(0, timeout=15_000)
