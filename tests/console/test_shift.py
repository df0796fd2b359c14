"""The hand-over on the page: what the next shift must know, signed by two, at the desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from support.gateway import GatewayProcess
from zhian_gateway import moments
from zhian_gateway.lanes.keeping import Kept, keep

from .conftest import OpenPage
from .scene import Site, evidence_folder, school

ORDERED = {"zh-CN": "全部通道封锁至", "en": "The whole site is locked until"}
PASSWORD = "the grey goose crosses at noon"


@pytest.fixture(scope="module")
def site(gateway: GatewayProcess) -> Iterator[Site]:
    made = school(gateway)
    with gateway.services() as parts:
        parts.accounts.add("li", "guard", PASSWORD, who="test")
        now = parts.clock()
        at, until = moments.text(now), moments.text(now + timedelta(minutes=30))
        order = Kept(id=0, press="x", state="locked", who="wang", why="陌生人闯入", at=at, until=until)
        with parts.store.write() as link:
            keep(link, parts.site, order, now)
    yield made
    made.close()


@pytest.mark.parametrize(("locale", "size"), [("zh-CN", (1366, 768)), ("en", (390, 844))])
def test_a_shift_is_handed_over_with_two_signatures(
    site: Site, open_page: OpenPage, locale: str, size: tuple[int, int]
) -> None:
    page = open_page(width=size[0], height=size[1], locale=locale)
    site.enter(page)
    page.locator(".shell").wait_for()
    page.goto(f"{site.gateway.url}/#/shift")
    expect(page.locator(".shift-cases li")).to_have_count(2)
    expect(page.locator(".shift-warning").first).to_contain_text(ORDERED[locale])
    form = page.locator(".shift-sign")
    form.locator("textarea").fill("东门有点卡")
    form.locator("input").nth(0).fill("li")
    form.locator("input[type=password]").fill("a guess")
    form.locator("button").click()
    expect(form.get_by_role("alert")).to_be_visible()
    expect(page.locator(".shift-signed")).to_have_count(0)
    form.locator("input[type=password]").fill(PASSWORD)
    form.locator("button").click()
    expect(page.locator(".shift-signed")).to_contain_text("li")
    expect(page.locator(".shift-before li").first).to_contain_text("wang → li")
    expect(form.locator("input[type=password]")).to_have_value("")
    page.screenshot(path=evidence_folder() / f"shift-{locale}-{size[0]}.png")
