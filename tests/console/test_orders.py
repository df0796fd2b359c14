"""A guard orders lanes on the page: with a reason and a second press, by keys and thumb, and is told the outcome."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect
from support.gateway import GatewayProcess
from zhian_wire.commands import Answer, LetPass, SetLane
from zhian_wire.state import DeviceState

from .conftest import OpenPage
from .heeding import Heeding
from .scene import Site, evidence_folder

BARRIER = DeviceState(id="boom", kind="barrier", driver="modbus", lane="main", status="ok")


@pytest.fixture(scope="module")
def site(gateway: GatewayProcess) -> Iterator[Site]:
    made = Site(gateway)
    made.enrol("s-1001", "王晓明", seed=0)
    made.enrol("w-1", "王某", seed=2, watch=True)
    made.ticket()
    yield made
    made.close()


@pytest.fixture
def heeding(site: Site) -> Heeding:
    site.beat(devices=(BARRIER,), lanes={"main": "normal", "side": "normal"})
    return Heeding(site)


@pytest.fixture
def page(site: Site, heeding: Heeding, open_page: OpenPage) -> Page:
    shown = open_page()
    site.enter(shown)
    expect(shown.locator(".lane")).to_have_count(2)
    return shown


def end_lockdown(site: Site) -> None:
    with closing(site.gateway.log_in("wang")) as guard:
        guard.post("/api/lanes/state", json={"state": "normal", "why": "over"}).raise_for_status()


def detail(page: Page) -> Locator:
    page.locator('[data-lane="gate-1/main"]').click()
    return page.get_by_role("dialog")


def test_a_lane_is_locked_with_a_reason_and_the_nodes_answer_is_shown(page: Page, heeding: Heeding) -> None:
    dialog = detail(page)
    dialog.get_by_role("button", name="封锁", exact=True).click()
    confirm = dialog.get_by_role("button", name="确认：封锁")
    expect(confirm).to_be_disabled()
    dialog.get_by_label("时长").select_option(label="1 小时")
    dialog.get_by_role("button", name="紧急情况").click()
    assert heeding.orders == []
    page.screenshot(path=evidence_folder() / "order-lane.png")
    confirm.click()
    expect(dialog.locator(".order-outcome")).to_contain_text("节点已接受命令")
    expect(dialog.locator(".order-outcome")).to_contain_text(re.compile(r"至 .*\d\d:\d\d"))
    expect(dialog.locator(".order-form")).to_have_count(0)  # nothing stays filled that could be sent again
    (order,) = heeding.orders
    assert isinstance(order, SetLane)
    assert (order.lane, order.state, order.who, order.why) == ("main", "locked", "wang", "紧急情况")


def test_what_the_node_refuses_is_said_in_the_pages_words(page: Page, heeding: Heeding) -> None:
    heeding.answers["main"] = Answer(id="", result="refused", detail="no lane main here opens anything")
    dialog = detail(page)
    dialog.get_by_role("button", name="开启一次").click()
    dialog.get_by_label("原因").fill("送水")
    dialog.get_by_label("原因").press("Enter")
    expect(dialog.locator(".order-outcome")).to_have_text("节点拒绝执行：此处的通道 main 不控制任何门闸")


def test_by_keys_alone_somebody_is_found_by_name_and_noted_as_let_pass(page: Page, heeding: Heeding) -> None:
    page.locator('[data-lane="gate-1/main"]').focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="登记放行").focus()
    page.keyboard.press("Enter")
    dialog.get_by_label("谁").focus()
    page.keyboard.type("王")
    found = dialog.get_by_role("list", name="找到的人").get_by_role("button")
    expect(found).to_have_count(1)  # whoever is looked for is let pass by nobody
    page.keyboard.press("Tab")
    expect(found).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog.locator(".order-person")).to_contain_text("王晓明")
    dialog.get_by_role("button", name="忘带卡").focus()
    page.keyboard.press("Space")
    dialog.get_by_label("原因").focus()
    page.keyboard.press("Enter")
    expect(dialog.locator(".order-outcome")).to_have_text("已登记为一次通行")
    (order,) = heeding.orders
    assert isinstance(order, LetPass)
    assert (order.direction, order.why) == ("in", "忘带卡")
    assert order.person_id not in (None, "s-1001")  # nodes know people by another name


def test_all_lanes_are_locked_by_a_second_press_and_one_that_does_not_is_named(
    page: Page, site: Site, heeding: Heeding
) -> None:
    heeding.answers["side"] = Answer(id="", result="refused")
    page.get_by_role("button", name="封锁全部通道").click()
    dialog = page.get_by_role("dialog")
    assert heeding.orders == []
    dialog.get_by_role("button", name="演练").click()
    dialog.get_by_role("button", name="确认：封锁全部通道").click()
    expect(dialog.locator(".order-outcome")).to_contain_text("并非所有通道都已执行")
    expect(dialog.locator('[data-result="done"]')).to_contain_text("main")
    expect(dialog.locator('[data-result="refused"]')).to_contain_text("side")
    assert {order.lane for order in heeding.orders} == {"main", "side"}
    expect(dialog.locator(".order-outcome")).to_contain_text(re.compile(r"至 .*\d\d:\d\d"))
    page.screenshot(path=evidence_folder() / "order-all.png")
    # Also where one gate refuses it the lockdown stands, and its end is what is offered.
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="解除封锁")).to_be_visible()
    end_lockdown(site)


def test_while_lanes_are_locked_the_end_of_it_is_offered(page: Page, site: Site, heeding: Heeding) -> None:
    site.beat(devices=(BARRIER,), lanes={"main": "normal", "side": "locked"})
    expect(page.locator('.lane[data-state="locked"]')).to_have_count(1)
    # One gate that is locked anyway does not stand in the way of a lockdown.
    expect(page.get_by_role("button", name="封锁全部通道")).to_be_visible()
    site.beat(devices=(BARRIER,), lanes={"main": "locked", "side": "locked"})
    page.get_by_role("button", name="解除封锁").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="演练").click()
    dialog.get_by_role("button", name="确认：全部恢复正常").click()
    expect(dialog.locator(".order-outcome")).to_have_text("所有通道都已执行")
    assert [order.state for order in heeding.orders if isinstance(order, SetLane)] == ["normal", "normal"]


def test_a_press_that_nobody_answered_is_sent_again_under_the_same_name(page: Page, heeding: Heeding) -> None:
    sent: list[str] = []

    def cut_off(route: object) -> None:
        sent.append(route.request.post_data_json["id"])  # type: ignore[attr-defined]
        route.abort()  # type: ignore[attr-defined]

    page.route(re.compile("/api/lanes/gate-1/main/state"), cut_off)
    dialog = detail(page)
    dialog.get_by_role("button", name="开启一次").click()
    dialog.get_by_role("button", name="访客").click()
    confirm = dialog.get_by_role("button", name="确认：开启一次")
    for number in (1, 2):
        confirm.click()
        expect(dialog.locator(".order-outcome")).to_have_text("网关没有应答")
        expect(confirm).to_be_enabled()
        assert len(sent) == number
    assert len(set(sent)) == 1


def test_on_a_phone_every_order_is_within_a_thumbs_reach(site: Site, heeding: Heeding, open_page: OpenPage) -> None:
    phone = open_page(width=390, height=844, locale="en")
    site.enter(phone)
    everywhere = phone.get_by_role("button", name="Lock all lanes")
    phone.locator('[data-lane="gate-1/main"]').tap()
    dialog = phone.get_by_role("dialog")
    dialog.get_by_role("button", name="Hold open").tap()
    dialog.get_by_role("button", name="Delivery").tap()
    buttons = [*dialog.locator(".orders button").all(), everywhere]
    for box in (button.bounding_box() for button in buttons):
        assert box is not None and box["height"] >= 44 and box["x"] >= 0 and box["x"] + box["width"] <= 390
    phone.screenshot(path=evidence_folder() / "order-lane-phone.png")
    dialog.get_by_role("button", name="Confirm: Hold open").tap()
    expect(dialog.locator(".order-outcome")).to_contain_text("The node has taken the order")
    (order,) = heeding.orders
    assert isinstance(order, SetLane) and order.state == "held_open"


@pytest.mark.parametrize(("width", "locale"), [(1366, "zh-CN"), (390, "en")])
def test_an_order_to_the_whole_site_stands_on_the_page_with_who_has_not_heard_of_it(
    site: Site, heeding: Heeding, open_page: OpenPage, width: int, locale: str
) -> None:
    site.gateway.add_node("gate-2")  # which has said nothing so far
    with closing(site.gateway.log_in("wang")) as guard:
        guard.timeout = 20
        drill = {"state": "locked", "minutes": 60, "why": "演练"}
        guard.post("/api/lanes/state", json=drill).raise_for_status()
        end = datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(hours=1)
        shown = open_page(width=width, height=844 if width < 700 else 768, locale=locale)
        site.enter(shown)
        banner = shown.locator(".site-order")
        expect(banner).to_contain_text(re.compile(f"{end - timedelta(minutes=1):%H:%M}|{end:%H:%M}"))
        for words in ("wang", "演练", "gate-2"):
            expect(banner).to_contain_text(words)
        assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")
        shown.screenshot(path=evidence_folder() / f"site-order-{width}-{locale}.png")
        guard.post("/api/lanes/state", json={"state": "normal", "why": "over"}).raise_for_status()
    expect(banner).to_have_attribute("data-order-state", "normal", timeout=15_000)  # asked for every 5 s
