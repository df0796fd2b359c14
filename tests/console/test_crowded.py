"""A bad hour: more alerts than anybody reads are open, and the next one is seen at once all the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from support.gateway import GatewayProcess
from zhian_gateway.cases.signals import Raise

from .conftest import OpenPage
from .scene import Site, evidence_folder

OPEN = 90
#: What the strip shows at first, and by how many more each time.
FIRST = 40


@pytest.fixture(scope="module")
def site(gateway: GatewayProcess) -> Iterator[Site]:
    with gateway.services() as parts, parts.store.write() as link:
        for number in range(OPEN):
            now = f"2026-03-02T06:{number // 60:02}:{number % 60:02}.000Z"
            wanted = Raise(key=f"k{number}", kind="door_forced", severity="major", node="gate-1", at=now, lane="main")
            parts.book.raise_(link, wanted, now)
    made = Site(gateway)
    yield made
    made.close()


@pytest.fixture
def page(site: Site, open_page: OpenPage) -> Page:
    shown = open_page()
    site.enter(shown)
    expect(shown.locator(".card")).to_have_count(FIRST)
    return shown


def test_the_strip_begins_with_the_first_and_gives_more_to_whoever_asks(page: Page) -> None:
    expect(page.locator(".strip-waiting")).to_contain_text(str(OPEN))
    more = page.get_by_role("button", name=f"另有 {OPEN - FIRST} 条")
    more.scroll_into_view_if_needed()
    page.screenshot(path=evidence_folder() / "watch-crowded.png")
    more.click()
    expect(page.locator(".card")).to_have_count(2 * FIRST)
    page.get_by_role("button", name=f"另有 {OPEN - 2 * FIRST} 条").click()
    expect(page.locator(".card")).to_have_count(OPEN)
    expect(page.get_by_role("button", name="另有")).to_have_count(0)


def test_keys_walk_beyond_what_is_shown(page: Page) -> None:
    chosen = page.locator('.card-body[aria-current="true"]')
    for _ in range(FIRST + 2):
        page.keyboard.press("j")
    expect(page.locator(".card")).to_have_count(FIRST + 1)
    expect(chosen).to_have_count(1)
    expect(chosen).to_be_in_viewport()


def test_the_next_alert_stands_on_top(page: Page, site: Site) -> None:
    site.stranger_comes(seed=3)
    expect(page.locator(".card-title").first).to_contain_text("陌生人员")
