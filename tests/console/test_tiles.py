"""Live tiles: a moving picture while somebody watches, marked where an alert happened, offline when it stands still."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator

import cv2
import httpx
import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect
from zhian_wire.state import CameraState

from . import scene
from .conftest import OpenPage
from .scene import NODE, Site, evidence_folder


def drawn(step: int, hue: int = 90) -> bytes:
    """A drawn view of a gate with something that moves through it."""
    view = np.full((360, 640, 3), (190, 200, 205), np.uint8)
    cv2.rectangle(view, (0, 230), (640, 360), (110, 120, 118), -1)
    cv2.rectangle(view, (60, 60), (250, 230), (hue, 120, 90), -1)
    cv2.line(view, (320, 360), (420, 230), (240, 240, 240), 4)
    cv2.circle(view, (300 + 20 * (step % 14), 250), 26, (50, 60, 190), -1)
    return scene._jpeg(view)


class Eyes:
    """The node's other end of a tile: sends pictures twice a second, as a node does, until it is closed."""

    def __init__(self, site: Site, *cameras: str) -> None:
        self._site, self._cameras = site, cameras
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._send)
        self._thread.start()

    def _send(self) -> None:
        with httpx.Client(base_url=self._site.gateway.url, headers=self._site._headers, trust_env=False) as client:
            for step in itertools.count():
                for number, camera in enumerate(self._cameras):
                    client.put(f"/live/{camera}", content=drawn(step + number, 60 + 60 * number)).raise_for_status()
                self._site.beat(*(CameraState(id=each, status="ok", last_frame_age_ms=60) for each in self._cameras))
                if self._closing.wait(0.5):
                    return

    def close(self) -> None:
        self._closing.set()
        self._thread.join()


@pytest.fixture
def eyes(site: Site) -> Iterator[Eyes]:
    made = Eyes(site, "cam-1", "drive-1", "yard-1")
    yield made
    made.close()


def tile(page: Page, camera: str, node: str = NODE) -> Locator:
    return page.locator(f'[data-tile="{node}/{camera}"]').first


def moves(seen: Locator) -> None:
    """Another picture follows the one that is there."""
    picture = seen.locator("img")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 640
    expect(picture).not_to_have_attribute("src", picture.get_attribute("src") or "")


@pytest.mark.parametrize(("locale", "size"), [("zh-CN", (1366, 768)), ("en", (1366, 768)), ("zh-CN", (390, 844))])
def test_tiles_and_alerts_stand_on_one_screen_and_an_alert_marks_its_camera(
    site: Site, eyes: Eyes, open_page: OpenPage, locale: str, size: tuple[int, int]
) -> None:
    width, height = size
    page = open_page(width=width, height=height, locale=locale)
    site.enter(page)
    expect(tile(page, "cam-1")).to_have_attribute("data-state", "live")
    moves(tile(page, "cam-1"))
    expect(page.locator(".card").first).to_be_visible()
    page.locator(".card-body", has_text="cam-1").first.click()
    expect(tile(page, "cam-1")).to_have_attribute("data-marked", "true")
    expect(tile(page, "drive-1")).not_to_have_attribute("data-marked", "true")
    page.screenshot(path=evidence_folder() / f"tiles-{locale}-{width}.png")
    if width > 700:
        page.keyboard.press("l")
        expect(page.locator(".focus")).to_have_count(0)
        expect(tile(page, "yard-1")).to_have_attribute("data-state", "live")
        page.screenshot(path=evidence_folder() / f"tiles-wide-{locale}-{width}.png")
        tile(page, "cam-1").click()
        moves(page.locator('dialog [data-tile="gate-1/cam-1"]'))
        page.keyboard.press("Escape")
        page.keyboard.press("l")
        expect(page.locator(".focus")).to_be_visible()


def test_a_tile_that_stands_still_says_so_within_fifteen_seconds(site: Site, eyes: Eyes, open_page: OpenPage) -> None:
    page = open_page()
    site.enter(page)
    expect(tile(page, "cam-1")).to_have_attribute("data-state", "live")
    eyes.close()
    expect(tile(page, "cam-1")).to_have_attribute("data-state", "late")
    expect(tile(page, "cam-1")).to_have_attribute("data-state", "offline", timeout=15_000)
    expect(tile(page, "cam-1")).to_contain_text("离线")
    page.screenshot(path=evidence_folder() / "tiles-offline.png")
