"""Lanes on the guard's screen: opening while it is looked at, refusing with a reason, and not moving."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect
from support.gateway import GatewayProcess
from zhian_wire.state import DeviceState

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
    expect(device).to_contain_text("无法连接: no answer")
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
