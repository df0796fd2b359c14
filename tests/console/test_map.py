"""The site's plan without any graphics card: drawn by mouse and by keys, never over another's work, flat and whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect
from support.gateway import GatewayProcess
from support.siteplan import glb
from zhian_wire import times

from . import yard
from .conftest import OpenPage
from .scene import Site, evidence_folder
from .test_pages import serious


@pytest.fixture(scope="module")
def browser(browser: Browser, another: Callable[..., Browser]) -> Iterator[Browser]:
    """One that has no three dimensions."""
    started = another(browser, "--disable-gpu", "--disable-3d-apis")
    yield started
    started.close()


@pytest.fixture(scope="module")
def site(gateway: GatewayProcess) -> Iterator[Site]:
    made = Site(gateway)
    made.enrol("s-1001", "王晓明", seed=0)
    made.ticket()
    yield made
    made.close()


def editor(site: Site, page: Page) -> Page:
    yard.opened(site, page, "zhao", "admin")
    page.locator("main .panel-head").get_by_role("button", name="绘制").click()
    page.locator(".map-edit").wait_for()
    return page


def press(page: Page, *places: tuple[float, float]) -> None:
    """Press the plan at shares of its width and height."""
    box = page.locator(".map-edit .map-sheet").bounding_box()
    assert box is not None
    for right, down in places:
        page.mouse.click(box["x"] + right * box["width"], box["y"] + down * box["height"])


def test_a_site_is_drawn_by_mouse_and_by_keys_and_guards_see_it(site: Site, open_page: OpenPage) -> None:
    guard = yard.opened(site, open_page())
    expect(guard.locator(".empty")).to_contain_text("还没有绘制园区图")
    page = editor(site, open_page())
    page.locator("[data-tool=building].chip").click()
    press(page, (0.1, 0.2), (0.4, 0.2), (0.4, 0.5), (0.1, 0.5))
    page.get_by_role("button", name="完成", exact=True).click()
    page.get_by_label("名称").fill("教学楼")
    page.get_by_label("层数").fill("3")
    page.get_by_label("层数").press("Enter")
    page.locator("[data-tool=gate].chip").click()
    page.locator(".map-edit").focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    page.get_by_label("名称").fill("正门")
    page.get_by_label("对应通道").select_option("gate-1/main")
    page.screenshot(path=evidence_folder() / "map-editor.png")
    page.get_by_role("button", name="保存").click()
    expect(page.locator('.map-flat [data-spot="gate-1"]')).to_have_attribute("data-state", "closed")
    guard.reload()
    expect(guard.locator(".map-note")).to_contain_text("不支持三维图形")
    spot = guard.locator('.map-flat [data-spot="gate-1"]')
    expect(spot).to_have_attribute("aria-label", "大门 正门 · 关闭")
    spot.focus()
    guard.keyboard.press("Enter")
    expect(guard.locator('.map-chosen[data-chosen="gate-1"] .tile')).to_be_visible()


def test_steps_are_undone_and_an_outline_that_crosses_itself_cannot_be_saved(site: Site, open_page: OpenPage) -> None:
    yard.draw(site.gateway)
    page = editor(site, open_page())
    outline = page.locator(".map-hold").first
    before = outline.get_attribute("points")
    page.locator(".map-side .map-item", has_text="教学楼").click()
    corner = page.locator("[data-corner='0']")
    corner.focus()
    page.keyboard.press("ArrowLeft")
    assert outline.get_attribute("points") != before
    page.keyboard.press("Control+z")
    expect(outline).to_have_attribute("points", before or "")
    corner.focus()
    for _ in range(30):
        page.keyboard.press("ArrowDown")
    for _ in range(30):
        page.keyboard.press("ArrowRight")
    expect(page.locator(".map-chosen .form-error")).to_contain_text("自相交叉")
    expect(page.get_by_role("button", name="保存")).to_be_disabled()
    page.keyboard.press("Control+z")
    expect(page.locator(".map-chosen .form-error")).to_have_count(0)


def test_two_who_draw_at_once_are_told_and_nothing_is_lost(site: Site, open_page: OpenPage) -> None:
    yard.draw(site.gateway)
    page = editor(site, open_page())
    page.locator(".map-side .map-item", has_text="后门").click()
    page.get_by_label("名称").fill("西门")
    with closing(site.gateway.log_in("architect", "admin")) as other:
        theirs = yard.drawing(None)
        other.put("/api/site-plan", json=theirs).raise_for_status()
    page.get_by_role("button", name="保存").click()
    page.get_by_role("button", name="载入对方的版本").click()
    expect(page.locator(".map-side .map-item", has_text="后门")).to_be_visible()
    page.get_by_role("button", name="撤销").click()
    expect(page.locator(".map-side .map-item", has_text="西门")).to_be_visible()
    page.get_by_role("button", name="保存").click()
    expect(page.locator('.map-flat [data-spot="back"]')).to_have_attribute("aria-label", "大门 西门")


def test_a_picture_is_drawn_on_and_a_model_that_cannot_be_shown_is_refused(site: Site, open_page: OpenPage) -> None:
    yard.draw(site.gateway)
    page = editor(site, open_page())
    picture, model = page.locator("input[type=file]").first, page.locator("input[type=file]").last
    before = page.locator(".map-picture").get_attribute("href")
    picture.set_input_files({"name": "plan.png", "mimeType": "image/png", "buffer": yard.plan_picture()})
    expect(page.locator(".map-picture")).not_to_have_attribute("href", before or "")
    model.set_input_files({"name": "m.glb", "mimeType": "model/gltf-binary", "buffer": glb()[:-4]})
    expect(page.locator(".map-side [role=alert]")).to_contain_text("无法显示该模型")
    model.set_input_files({"name": "m.glb", "mimeType": "model/gltf-binary", "buffer": glb()})
    expect(page.get_by_role("button", name="移除模型")).to_be_visible()


@pytest.mark.parametrize(("width", "locale"), [(1366, "en"), (390, "zh-CN")])
def test_until_when_a_gate_is_locked_stands_on_the_plan_too(
    width: int, locale: str, site: Site, open_page: OpenPage
) -> None:
    yard.draw(site.gateway)
    page = open_page(width=width, height=768 if width > 700 else 844, locale=locale)
    yard.opened(site, page)
    end = datetime.now(UTC) + timedelta(minutes=1)
    order = {"verdict": "refuse", "reason": "locked_down", "until": times.to_text(end), "by": "li", "why": "狗"}
    site.tell(site.by_hand(f"t-locked-{locale}", **order))
    there = f"{end.astimezone(ZoneInfo('Asia/Shanghai')):%H:%M}"
    expect(page.locator(".map-list .lane-until")).to_contain_text(there)
    page.locator('.map-flat [data-spot="front"]').press("Enter")
    expect(page.locator(".map-chosen .lane-until")).to_contain_text(there)
    page.screenshot(path=evidence_folder() / f"map-locked-{width}-{locale}.png", animations="disabled")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    site.tell(site.by_hand(f"t-free-{locale}", verdict="refuse", reason="back_to_normal"))
    expect(page.locator(".map-list .lane-until")).to_have_count(0)


def test_whoever_has_no_use_of_it_fetches_no_code_of_three_dimensions(site: Site, open_page: OpenPage) -> None:
    yard.draw(site.gateway)
    page, asked = open_page(), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    yard.opened(site, page)
    expect(page.locator('.map-flat [data-spot="front"]')).to_be_visible()
    assert [url for url in asked if "three" in url or "fiber" in url or "Solid" in url] == []


@pytest.mark.parametrize(("width", "theme", "locale"), [(1366, "light", "en"), (390, "dark", "zh-CN")])
def test_flat_and_drawn_it_is_whole_on_every_screen(
    width: int, theme: str, locale: str, site: Site, open_page: OpenPage
) -> None:
    yard.draw(site.gateway)
    site.raises("borrowed_card", "s-1001", seed=1)
    site.settle()
    page = open_page(width=width, height=768 if width > 700 else 844, locale=locale, theme=theme)
    yard.opened(site, page, "zhao", "admin")
    expect(page.locator('.map-flat [data-spot="front"] [data-raised]')).to_be_visible()
    page.screenshot(path=evidence_folder() / f"map-flat-{width}.png", animations="disabled")
    page.goto(f"{site.gateway.url}/#/alerts")
    page.locator("main .row").first.click()
    page.locator(".detail a[href*='#/map?alert=']").click()
    expect(page.locator('.map-chosen[data-chosen="front"]')).to_be_visible()
    assert serious(page) == []
    page.locator("main .panel-head button").last.click()
    page.locator(".map-side .map-item").first.click()
    page.screenshot(path=evidence_folder() / f"map-editor-{width}.png", animations="disabled")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert serious(page) == []
