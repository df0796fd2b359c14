"""The hand-over on the page: what the next shift must know, signed by two, at the desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Route, expect
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


@pytest.mark.parametrize(("locale", "yesterday"), [("zh-CN", "11月22日 22:45:44"), ("en", "Nov 22, 22:45:44")])
def test_what_was_yesterday_says_so(site: Site, open_page: OpenPage, locale: str, yesterday: str) -> None:
    def at_a_quarter_to_eleven(route: Route) -> None:
        told = route.fetch().json()
        told["now"] |= {"since": "2026-11-22T14:45:44.000Z", "until": "2026-11-23T02:45:00.000Z"}
        for case, at in zip(
            told["now"]["cases"], ("2026-11-22T14:45:44.000Z", "2026-11-23T02:40:01.000Z"), strict=True
        ):
            case["raised_at"] = at
        route.fulfill(json=told)

    page = open_page(locale=locale)
    page.route("**/api/shift", at_a_quarter_to_eleven)
    site.enter(page)
    page.locator(".shell").wait_for()
    page.goto(f"{site.gateway.url}/#/shift")
    expect(page.locator(".shift-now .panel-head")).to_contain_text(yesterday)
    expect(page.locator(".shift-cases time")).to_have_text([yesterday, "10:40:01"])
    page.screenshot(path=evidence_folder() / f"shift-yesterday-{locale}.png")
