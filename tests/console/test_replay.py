"""A day at one gate is walked through step by step, by keys and by thumb, with what was raised in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect
from support.gateway import GatewayProcess

from .conftest import OpenPage
from .scene import Site, evidence_folder, school


@pytest.fixture(scope="module")
def site(gateway: GatewayProcess) -> Iterator[Site]:
    made = school(gateway)
    yield made
    made.close()


@pytest.mark.parametrize(("locale", "size"), [("zh-CN", (1366, 768)), ("en", (390, 844))])
def test_a_day_at_one_gate_is_walked_by_keys(
    site: Site, open_page: OpenPage, locale: str, size: tuple[int, int]
) -> None:
    page = open_page(width=size[0], height=size[1], locale=locale)
    site.enter(page)
    page.locator(".shell").wait_for()
    page.goto(f"{site.gateway.url}/#/replay")
    page.locator("select").select_option("cam-1")
    where = page.locator(".replay-where")
    expect(where).to_contain_text("14")
    expect(page.locator(".replay-line .replay-grave")).to_have_count(2)
    line = page.locator(".replay-range")
    expect(line).to_be_focused()
    expect(page.locator(".replay-body .who").first).to_have_text("王晓明")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".replay-body .who").first).to_have_text("欧阳娜娜")
    page.keyboard.press("End")
    expect(page.locator(".replay-body .who").first).to_contain_text("赵某")
    expect(page.locator('.replay-body a[href^="#/alerts/"]').first).to_be_visible()
    page.screenshot(path=evidence_folder() / f"replay-{locale}-{size[0]}.png")
    page.keyboard.press("Home")
    page.get_by_role("button", name="播放" if locale == "zh-CN" else "Play", exact=True).click()
    expect(line).not_to_have_value("0")
    page.locator("input[type=date]").fill("2020-01-01")
    expect(page.locator(".empty")).to_be_visible()


@pytest.mark.parametrize(("locale", "size"), [("zh-CN", (1366, 768)), ("en", (390, 844))])
def test_what_a_lane_answered_stands_among_who_passed_with_its_reason(
    site: Site, open_page: OpenPage, locale: str, size: tuple[int, int]
) -> None:
    site.asks("s-1001", f"t-{locale}", verdict="refuse", reason="withdrawn_card")
    site.settle()
    page = open_page(width=size[0], height=size[1], locale=locale)
    site.enter(page)
    page.locator(".shell").wait_for()
    page.goto(f"{site.gateway.url}/#/replay")
    page.locator("select").select_option("main")
    page.locator(".replay-range").wait_for()
    page.keyboard.press("End")
    answered = page.locator("[data-answered] .lane-said")
    expect(answered).to_contain_text("王晓明")
    expect(answered).to_have_attribute("data-verdict", "refuse")
    expect(answered).to_contain_text("卡已注销" if locale == "zh-CN" else "Withdrawn card")
    page.screenshot(path=evidence_folder() / f"replay-answer-{locale}-{size[0]}.png")
