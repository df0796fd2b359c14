"""The site in three dimensions, drawn by Chromium's own software renderer: what is live is seen in its pixels."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import cv2
import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect
from support.gateway import GatewayProcess
from support.waiting import eventually

from . import yard
from .conftest import OpenPage
from .scene import Site, evidence_folder
from .test_pages import serious

#: The tokens of the light page, as BGR.
MAJOR, GOOD, WAY = (0x00, 0x4A, 0xB2), (0x3F, 0x6F, 0x0B), (0xA8, 0x35, 0x5B)


@pytest.fixture(scope="module")
def browser(browser: Browser, another: Callable[..., Browser]) -> Iterator[Browser]:
    """One that draws in three dimensions: without a graphics card the processor does it, where that is asked for."""
    started = another(browser, "--use-angle=swiftshader", "--enable-unsafe-swiftshader")
    yield started
    started.close()


@pytest.fixture(scope="module")
def site(gateway: GatewayProcess) -> Iterator[Site]:
    made = Site(gateway)
    made.enrol("s-1001", "王晓明", seed=0)
    yard.draw(gateway, model=True)
    made.ticket()
    yield made
    made.close()


def show(site: Site, page: Page) -> Page:
    yard.opened(site, page)
    page.locator(".map-solid canvas").wait_for()
    expect(page.locator('.map-tag[data-spot="front"]')).to_be_visible()
    return page


def seen(page: Page, colour: tuple[int, int, int]) -> int:
    """How many pixels of the picture have a colour."""
    picture = page.locator(".map-solid canvas").screenshot()
    image = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)
    assert image is not None
    return int((np.abs(image.astype(int) - np.array(colour)).max(axis=2) <= 6).sum())


def test_a_lane_that_opens_is_seen_to_and_closes_again(site: Site, open_page: OpenPage) -> None:
    page = show(site, open_page())
    front = page.locator('.map-tag[data-spot="front"]')
    expect(front).to_have_attribute("data-state", "closed")
    assert seen(page, GOOD) == 0
    site.beat(yard.EYE, devices=(yard.BARRIER,), lanes={"main": "held_open"})
    expect(front).to_have_attribute("data-state", "held_open")
    expect(front).to_have_attribute("aria-label", "大门 正门 · 常开")
    eventually(lambda: seen(page, GOOD) > 30, "the bar in its colour", 10)
    site.beat(yard.EYE, devices=(yard.BARRIER,), lanes={"main": "normal"})
    expect(front).to_have_attribute("data-state", "closed")
    eventually(lambda: seen(page, GOOD) == 0, "the bar as before", 10)


def test_an_alert_stands_where_it_is_and_leads_to_its_camera_and_its_case(site: Site, open_page: OpenPage) -> None:
    page = show(site, open_page(locale="en"))
    assert seen(page, MAJOR) == 0
    site.raises("borrowed_card", "s-1001", seed=1)
    front = page.locator('.map-tag[data-spot="front"]')
    expect(front).to_have_attribute("data-raised", "major")
    eventually(lambda: seen(page, MAJOR) > 100, "a pin in the severity's colour", 10)
    page.screenshot(path=evidence_folder() / "map-solid-alert.png")
    front.click()
    chosen = page.locator('[data-chosen="front"]').first
    expect(chosen.locator(".tile")).to_have_attribute("data-tile", "gate-1/cam-1")
    chosen.get_by_role("link", name="Somebody else's card").click()
    expect(page.locator(".split-detail h2").first).to_contain_text("Somebody else")


def test_a_camera_is_pressed_in_the_picture_itself(site: Site, open_page: OpenPage) -> None:
    page = show(site, open_page())
    page.get_by_role("button", name="俯视").click()
    tag = page.locator('.map-tag[data-spot="eye"]')
    before = None
    while before != (before := tag.bounding_box()):
        page.evaluate("new Promise(requestAnimationFrame)")
    assert before is not None
    # Its name stands over it, seen from above nearly at the same place.
    page.mouse.click(before["x"] + before["width"] / 2, before["y"] + before["height"] + 2)
    expect(page.locator('.map-chosen[data-chosen="eye"] .tile')).to_be_visible()


def test_a_persons_way_is_drawn_up_to_the_time_that_is_chosen(site: Site, open_page: OpenPage) -> None:
    site.comes("s-1001", seed=0, direction="in", lane="main")
    site.comes("s-1001", seed=0, direction="in", lane=None, camera="cam-1")
    site.settle()
    page = show(site, open_page())
    page.get_by_role("button", name="人员轨迹").click()
    page.locator(".map-way-panel input[type=search]").fill("王晓明")
    page.get_by_role("button", name="王晓明").click()
    expect(page.locator(".map-way-panel li [aria-current=step]")).to_contain_text("门口")
    eventually(lambda: seen(page, WAY) > 100, "the way in its colour", 10)
    page.screenshot(path=evidence_folder() / "map-solid-way.png")
    page.get_by_role("button", name="当前").click()
    eventually(lambda: seen(page, WAY) == 0, "no way any more", 10)


def test_where_the_graphics_give_up_the_flat_plan_stands_there(site: Site, open_page: OpenPage) -> None:
    page = show(site, open_page())
    page.evaluate(
        "document.querySelector('canvas').getContext('webgl2').getExtension('WEBGL_lose_context').loseContext()"
    )
    expect(page.locator('.map-flat [data-spot="front"]')).to_be_visible()
    expect(page.locator(".map-note")).to_contain_text("三维视图出错")


@pytest.mark.parametrize(("width", "theme"), [(1366, "dark"), (390, "light")])
def test_it_is_whole_on_every_screen(width: int, theme: str, site: Site, open_page: OpenPage) -> None:
    page = show(site, open_page(width=width, height=768 if width > 700 else 844, locale="en", theme=theme))
    page.screenshot(path=evidence_folder() / f"map-solid-{width}-{theme}.png")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert serious(page) == []
