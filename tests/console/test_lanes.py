"""Lanes on the guard's screen: opening while it is looked at, refusing with a reason, and not moving."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect
from support.gateway import GatewayProcess
from zhian_wire import times
from zhian_wire.state import CameraState, DeviceState

from .conftest import OpenPage
from .scene import Site, evidence_folder

READER = DeviceState(id="gate-reader", kind="reader", driver="osdp", lane="main", status="ok", reads=3, last_ms=900)
BARRIER = DeviceState(id="boom", kind="barrier", driver="modbus", lane="main", status="ok")
LOST = DeviceState(
    id="gate-reader",
    kind="reader",
    driver="osdp",
    lane="main",
    status="down",
    cause="lost",
    detail="no answer",
    errors=2,
)


@pytest.fixture(scope="module")
def site(gateway: GatewayProcess) -> Iterator[Site]:
    made = Site(gateway)
    made.enrol("s-1001", "王晓明", seed=0)
    made.ticket()
    yield made
    made.close()


@pytest.fixture
def page(site: Site, open_page: OpenPage) -> Page:
    site.beat(devices=(READER, BARRIER))
    shown = open_page()
    site.enter(shown)
    expect(shown.locator(".lane")).to_be_visible()
    return shown


def lane(page: Page, state: str) -> Locator:
    return page.locator(f'.lane[data-state="{state}"]')


def test_a_lane_that_decided_nothing_is_there_by_its_devices(page: Page) -> None:
    expect(lane(page, "closed")).to_contain_text("还没有人请求通过")


def test_a_lane_opens_while_the_guard_looks_and_closes_again(page: Page, site: Site) -> None:
    site.asks("s-1001", "t1", reason="confirmed")
    expect(lane(page, "opening")).to_contain_text("王晓明")
    site.acts("t1")
    expect(lane(page, "open")).to_contain_text("卡与人脸一致")
    expect(lane(page, "closed")).to_be_visible(timeout=15_000)


def test_a_card_in_anothers_hand_is_refused_by_reason_and_shown_beside_its_owner(page: Page, site: Site) -> None:
    site.asks("s-1001", "t2", seed=3, verdict="refuse", reason="face_differs")
    site.raises("borrowed_card", "s-1001", seed=3)
    refused = page.locator(".lane-refused")
    expect(refused).to_contain_text("拒绝")
    expect(refused).to_contain_text("王晓明 的卡")
    expect(refused).to_contain_text("人脸与持卡人不符")

    focus = page.locator(".focus")
    expect(focus.locator("h2")).to_have_text("借用他人卡")
    expect(focus.locator(".pair img")).to_have_count(2)
    expect(focus.locator(".pair-side", has_text="持卡人")).to_contain_text("王晓明")
    expect(focus.locator(".facts")).to_contain_text("不是同一人")
    expect(focus.locator(".facts")).to_contain_text("真人")

    page.locator(".lane").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".pair img")).to_have_count(2)
    expect(dialog).to_contain_text("今日拒绝")
    page.screenshot(path=evidence_folder() / "lane-refused.png")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_a_barrier_that_does_not_move_is_said_until_it_does(page: Page, site: Site) -> None:
    site.asks("s-1001", "t3")
    site.acts("t3", result="failed", detail="no answer from the relay")
    expect(lane(page, "failed")).to_contain_text("道闸未动作")
    site.asks("s-1001", "t4")
    site.acts("t4")
    expect(lane(page, "open")).to_be_visible()


def test_what_the_guard_brought_a_lane_into_stands(page: Page, site: Site) -> None:
    site.tell(site.by_hand("t5", verdict="refuse", reason="locked_down"))
    site.acts("t5", action="close")
    expect(lane(page, "locked")).to_contain_text("人工操作")
    site.acts("t6", action="close")  # how the barrier stands says nothing of what holds
    expect(lane(page, "locked")).to_be_visible()
    site.tell(site.by_hand("t7", verdict="refuse", reason="back_to_normal"))
    expect(lane(page, "closed")).to_be_visible()


def test_a_reader_that_cannot_be_reached_is_said_at_its_lane_and_at_its_node(page: Page, site: Site) -> None:
    site.beat(devices=(LOST, BARRIER))
    expect(page.locator(".lane-trouble")).to_contain_text("无法连接")
    page.goto(f"{site.gateway.url}/#/nodes")
    device = page.locator('[data-device="gate-reader"]')
    expect(device).to_have_attribute("data-state", "down")
    expect(device.locator(".device-cause")).to_contain_text("无法连接")
    device.locator("summary").click()
    expect(device.locator("q")).to_contain_text("no answer")
    expect(device).to_contain_text("2 次错误")


def test_on_a_phone_a_lane_is_large_enough_for_a_thumb(site: Site, open_page: OpenPage) -> None:
    site.beat(devices=(READER, BARRIER))
    phone = open_page(width=390, height=844, locale="en")
    site.enter(phone)
    tile = phone.locator(".lane")
    expect(tile).to_contain_text("Closed")
    box = tile.bounding_box()
    assert box is not None and box["height"] >= 44 and box["x"] >= 0 and box["x"] + box["width"] <= 390
    tile.tap()
    expect(phone.get_by_role("dialog")).to_contain_text("Barrier boom")


@pytest.mark.parametrize(("width", "locale"), [(1366, "zh-CN"), (1366, "en"), (390, "zh-CN"), (390, "en")])
def test_a_card_alone_is_shown_as_a_card_with_what_is_known_and_what_not(
    site: Site, open_page: OpenPage, width: int, locale: str
) -> None:
    site.beat(devices=(READER, BARRIER))
    site.shows_card("s-1001", "t-card")
    shown = open_page(width=width, height=844 if width < 700 else 768, locale=locale)
    site.enter(shown)
    row = shown.locator(".stream .arrival").first
    expect(row).to_contain_text({"en": "Card of 王晓明"}.get(locale, "王晓明 的卡"))
    shown.screenshot(path=evidence_folder() / f"card-watch-{width}-{locale}.png")
    shown.goto(f"{site.gateway.url}/#/passages")
    shown.locator(".passage").first.click()
    dialog = shown.get_by_role("dialog")
    expect(dialog).to_contain_text({"en": "Who held it was not seen"}.get(locale, "没有看到是谁刷的卡"))
    expect(dialog.locator(".facts").first).to_contain_text({"en": "Reader"}.get(locale, "读卡器"))
    assert not {"Camera", "摄像机"} & set(dialog.locator("dt").all_inner_texts())
    shown.screenshot(path=evidence_folder() / f"card-passage-{width}-{locale}.png")


@pytest.mark.parametrize(("width", "locale"), [(1366, "zh-CN"), (1366, "en"), (390, "zh-CN"), (390, "en")])
def test_until_when_a_lane_is_locked_by_whom_and_why_is_shown_in_the_sites_time(
    site: Site, open_page: OpenPage, width: int, locale: str
) -> None:
    site.beat(devices=(READER, BARRIER))
    end = datetime.now(UTC) + timedelta(minutes=1)
    order = site.by_hand(
        f"t-until-{width}-{locale}", verdict="refuse", reason="locked_down", until=times.to_text(end), by="li", why="狗"
    )
    site.tell(order)
    shown = open_page(width=width, height=844 if width < 700 else 768, locale=locale)
    site.enter(shown)
    there = end.astimezone(ZoneInfo("Asia/Shanghai"))
    expect(lane(shown, "locked")).to_contain_text(f"{there:%H:%M}")
    shown.screenshot(path=evidence_folder() / f"lane-until-{width}-{locale}.png")
    lane(shown, "locked").click()
    stands = shown.get_by_role("dialog").locator(".lane-stands")
    for words in (f"{there:%H:%M}", "li", "狗"):
        expect(stands).to_contain_text(words)
    shown.screenshot(path=evidence_folder() / f"lane-until-open-{width}-{locale}.png")
    site.tell(site.by_hand(f"t-over-{width}-{locale}", verdict="refuse", reason="back_to_normal"))
    expect(lane(shown, "closed")).to_be_attached()


def test_a_camera_that_only_starts_is_not_called_blind(page: Page, site: Site) -> None:
    site.beat(CameraState(id="cam-9", status="starting"), devices=(READER, BARRIER))
    expect(page.locator('.pill[data-health="starting"]')).to_contain_text("正在启动")
    expect(page.locator('.pill[data-health="blind"]')).to_have_count(0)


def test_what_the_counts_count_is_said(page: Page) -> None:
    expect(page.locator(".today")).to_contain_text("进（已识别）")
    expect(page.locator(".today")).to_have_attribute("title", re.compile("陌生人另计"))
