"""The visitors' desk on the page: registered by keyboard alone, screened, let in, seen out; invited by a link."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect
from support.broker import Broker
from support.gateway import GatewayProcess
from zhian_wire.state import DeviceState

from .conftest import OpenPage
from .scene import Site, drawn_face, evidence_folder
from .test_pages import serious

CITIZEN = "11010519491231002X"
AREAS = """
[[visitors.areas]]
id = "office"
name = "办公楼"
group = "visitor-office"

[[visitors.areas]]
id = "all"
name = "全校"
group = "visitor"
"""
SCREENS = (("zh-CN", 1366, 768), ("en", 1366, 768), ("zh-CN", 390, 844), ("en", 390, 844))


@pytest.fixture(scope="module")
def gateway(console: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatewayProcess]:
    folder = tmp_path_factory.mktemp("visitors")
    broker = Broker(folder / "broker").start()
    process = GatewayProcess(folder, broker, AREAS)
    try:
        yield process.start()
    finally:
        process.kill()
        broker.kill()


@pytest.fixture(scope="module")
def site(gateway: GatewayProcess) -> Iterator[Site]:
    made = Site(gateway)
    made.ticket("chen", "teacher")
    made.ticket("head", "admin")
    with closing(gateway.log_in("wang")) as guard:
        for name, phone, purpose in (("周敏", "13900139000", "送货"), ("吴强", "13700137000", "维修")):
            register(guard, name, phone, purpose)
        first = register(guard, "郑洁", "13600136000", "家长会")
        guard.post(f"/api/visits/{first}/screening").raise_for_status()
        guard.post(f"/api/visits/{first}/admit", json={}).raise_for_status()
    yield made
    made.close()


def register(guard: object, name: str, phone: str, purpose: str) -> str:
    now = datetime.now(ZoneInfo("Asia/Shanghai"))
    said = {"name": name, "phone": phone, "purpose": purpose, "host": {"kind": "user", "id": "chen"}, "area": "office"}
    said |= {"begins": now.isoformat(), "ends": (now + timedelta(hours=2)).isoformat(), "agreed": ["keeping", "photo"]}
    answer = guard.post("/api/visits/window", json=said)  # type: ignore[attr-defined]
    answer.raise_for_status()
    return str(answer.json()["id"])


def keep(page: Page, name: str) -> None:
    page.screenshot(path=evidence_folder() / f"visitors-{name}.png", full_page=True)


def test_somebody_at_the_window_is_registered_and_let_in_by_keyboard_alone(site: Site, open_page: OpenPage) -> None:
    page = open_page()
    site.enter(page)
    page.goto(f"{site.gateway.url}/#/visitors/new")
    expect(page.get_by_label("姓名", exact=True)).to_be_focused()
    keys = page.keyboard
    for typed in ("李雷", "11010519491231002x", "138 0013 8000", "京A12345", "chen", "家长会"):
        keys.type(typed)
        keys.press("Tab")
    page.get_by_label("我同意第一小学", exact=False).focus()
    keys.press("Space")
    keys.press("Tab")
    keys.press("Space")
    page.get_by_label("我同意第一小学", exact=False).focus()
    keep(page, "window")
    keys.press("Enter")
    detail = page.locator(".detail[data-visit]")
    expect(detail.get_by_role("heading", name="李雷")).to_be_visible()
    expect(detail).to_contain_text("110***********002X")
    expect(detail).not_to_contain_text(CITIZEN)
    screen = detail.get_by_role("button", name="立即核对")
    screen.focus()
    keys.press("Enter")
    expect(detail.get_by_role("status")).to_contain_text("不在任何名单上")
    detail.get_by_role("button", name="放行", exact=True).focus()
    keys.press("Enter")
    detail.get_by_role("button", name="显示通行码").click()
    expect(detail.get_by_role("img", name="通行二维码")).to_be_visible()
    keep(page, "pass")
    detail.get_by_role("button", name="现在离开").click()
    expect(detail.locator(".visit-left")).to_have_text("已离开")


def test_a_visitors_card_is_read_at_the_desk(site: Site, open_page: OpenPage) -> None:
    site.beat(devices=(DeviceState(id="front", kind="reader", driver="pcsc", status="ok", use="desk"),))
    with closing(site.gateway.log_in("zhou", "guard")) as guard:
        visit = register(guard, "高圆圆", "13922223333", "开会")
        guard.post(f"/api/visits/{visit}/screening").raise_for_status()
    page = open_page()
    site.enter(page)
    page.goto(f"{site.gateway.url}/#/visitors/{visit}")
    page.get_by_role("button", name="读卡").click()
    expect(page.locator("[data-reading=true]")).to_contain_text("请在 front 上刷卡")
    site.is_shown("front", "04A1B2C3D4")
    expect(page.get_by_label("临时卡", exact=False).first).to_have_value("04A1B2C3D4")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    keep(page, "card-read")


def test_who_went_out_for_now_is_listed_apart_from_who_is_inside(site: Site, open_page: OpenPage) -> None:
    with closing(site.gateway.log_in("zhou", "guard")) as guard:
        visits = [register(guard, name, "13933334444", "开会") for name in ("在内者", "外出者")]
        for visit in visits:
            guard.post(f"/api/visits/{visit}/screening").raise_for_status()
            guard.post(f"/api/visits/{visit}/admit", json={}).raise_for_status()
    with site.gateway.services() as parts:
        site.learn(parts, f"visit-{visits[1]}")
    site.comes(f"visit-{visits[1]}", seed=1, direction="out")
    site.settle()
    page = open_page(locale="en")
    site.enter(page)
    page.goto(f"{site.gateway.url}/#/visitors")
    out = page.get_by_role("region", name="Out for now, not checked out")
    expect(out.locator(".visit")).to_have_count(1)
    expect(out).to_contain_text("外出者")
    expect(page.get_by_role("region", name="Inside", exact=True)).to_contain_text("在内者")


@pytest.mark.parametrize(("size", "locale"), [((1366, 768), "en"), ((390, 844), "zh-CN")])
def test_who_was_here_before_says_a_number_and_the_form_is_filled(
    site: Site, open_page: OpenPage, size: tuple[int, int], locale: str
) -> None:
    with closing(site.gateway.log_in("zhou", "guard")) as guard:
        visit = register(guard, "韩梅梅", "13911112222", "维修")
        ended = guard.post(f"/api/visits/{visit}/refuse", json={"reason": "came on the wrong day"})
        ended.raise_for_status()
    page = open_page(width=size[0], height=size[1], locale=locale)
    site.enter(page)
    page.goto(f"{site.gateway.url}/#/visitors/new")
    page.locator("input[name=phone]").fill("139 1111 2222")
    page.locator(".earlier button").click()
    expect(page.locator("input[name=name]")).to_have_value("韩梅梅")
    expect(page.locator("input[name=purpose]")).to_have_value("维修")
    expect(page.locator(".earlier")).to_contain_text("139****2222")
    keep(page, f"earlier-{size[0]}-{locale}")
    assert serious(page) == []
    page.locator("input[name=phone]").fill("139 1111 2223")
    page.locator(".earlier button").click()
    expect(page.locator(".earlier")).to_contain_text({"en": "Nobody gave"}.get(locale, "没有用过"))


def test_a_mistyped_number_is_told_while_it_is_typed(site: Site, open_page: OpenPage) -> None:
    page = open_page(locale="en")
    site.enter(page)
    page.goto(f"{site.gateway.url}/#/visitors/new")
    page.get_by_label("Citizen number", exact=True).fill("110105194912310021")
    expect(page.get_by_text("digit by digit")).to_be_visible()
    expect(page.get_by_role("button", name="Register and go on")).to_be_disabled()
    page.get_by_label("Host", exact=True).fill("nobody")
    expect(page.get_by_text("Choose somebody from the list")).to_be_visible()


def test_who_is_on_the_stop_list_goes_in_only_by_a_persons_word(site: Site, open_page: OpenPage) -> None:
    admin = open_page()
    site.enter(admin, "head", "admin")
    admin.goto(f"{site.gateway.url}/#/visitors/list")
    admin.get_by_label("姓名", exact=True).fill("吴强")
    admin.get_by_label("依据", exact=True).fill("扰乱秩序")
    admin.get_by_role("button", name="加入名单").click()
    expect(admin.locator(".stop-list")).to_contain_text("吴强")
    keep(admin, "stop-list")
    page = open_page()
    site.enter(page)
    page.goto(f"{site.gateway.url}/#/visitors")
    page.get_by_role("link", name="吴强").click()
    detail = page.locator(".detail[data-visit]")
    detail.get_by_role("button", name="立即核对").click()
    expect(detail.locator(".visit-screening")).to_contain_text("本单位名单: 发现 (姓名)")
    let_in = detail.get_by_role("button", name="仍然放行")
    expect(let_in).to_be_disabled()
    keep(page, "hit")
    detail.get_by_label("仍然放行的理由", exact=True).fill("校长陪同")
    let_in.click()
    expect(detail).to_contain_text("校长陪同")


def test_a_photograph_is_taken_from_a_file_where_there_is_no_camera(site: Site, open_page: OpenPage) -> None:
    page = open_page()
    site.enter(page)
    page.goto(f"{site.gateway.url}/#/visitors")
    page.get_by_role("link", name="周敏").click()
    detail = page.locator(".detail[data-visit]")
    detail.get_by_role("button", name="使用窗口摄像头").click()
    expect(detail).to_contain_text("浏览器无法使用摄像头")
    face = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": drawn_face(1)}
    detail.locator("input[type=file]").set_input_files(face)  # type: ignore[arg-type]
    detail.get_by_role("button", name="保存这张照片").click()
    expect(detail.get_by_role("img", name="周敏的照片")).to_be_visible()
    keep(page, "detail")


@pytest.mark.parametrize(("locale", "width", "height"), SCREENS)
def test_a_host_invites_and_the_guest_answers_on_a_telephone(
    site: Site, open_page: OpenPage, locale: str, width: int, height: int
) -> None:
    chinese = locale == "zh-CN"
    say = (lambda zh, en: zh) if chinese else (lambda zh, en: en)
    host = open_page(locale=locale, width=width, height=height)
    site.enter(host, "chen", "teacher")
    host.goto(f"{site.gateway.url}/#/visitors/invite")
    host.get_by_label(say("姓名", "Name"), exact=True).fill("韩梅梅")
    host.get_by_label(say("来访事由", "Purpose"), exact=True).fill("家长会")
    host.get_by_label(say("开始", "From"), exact=True).fill("09:00")
    host.get_by_label(say("结束", "Until"), exact=True).fill("11:00")
    host.locator(".visit-form input[type=date]").fill(tomorrow())
    keep(host, f"invite-{locale}-{width}")
    host.get_by_role("button", name=say("生成链接", "Make the link")).click()
    address = host.get_by_label(say("链接", "Link"), exact=True).input_value()
    expect(host.get_by_role("img", name=say("邀请二维码", "QR code of the invitation"))).to_be_visible()
    keep(host, f"link-{locale}-{width}")

    guest = open_page(locale=locale, width=width, height=height)
    guest.goto(address)
    expect(guest.get_by_role("heading", name="第一小学")).to_be_visible()
    expect(guest.locator("main")).to_contain_text(say("chen邀请您来访", "chen expects you"))
    guest.get_by_label(say("电话", "Telephone"), exact=True).fill("13800138000")
    guest.get_by_role("checkbox").first.check()
    keep(guest, f"guest-{locale}-{width}")
    guest.get_by_role("button", name=say("提交并领取通行码", "Send and get the pass")).click()
    expect(guest.get_by_role("img", name=say("您的通行二维码", "QR code of your pass"))).to_be_visible()
    keep(guest, f"guest-pass-{locale}-{width}")
    guest.reload()
    expect(guest.get_by_role("img", name=say("您的通行二维码", "QR code of your pass"))).to_be_visible()


def test_a_link_that_is_over_says_so_and_shows_nothing_of_the_site(site: Site, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{site.gateway.url}/#/visit/nothing")
    expect(page.get_by_role("alert")).to_have_text("邀请已失效或不存在。")
    expect(page.locator("body")).not_to_contain_text("第一小学")


@pytest.mark.parametrize(("locale", "width", "height"), SCREENS)
def test_the_desk_is_read_on_every_screen(
    site: Site, open_page: OpenPage, locale: str, width: int, height: int
) -> None:
    page = open_page(locale=locale, width=width, height=height)
    site.enter(page)
    page.goto(f"{site.gateway.url}/#/visitors")
    expect(page.locator("[data-visit]").first).to_be_visible()
    keep(page, f"desk-{locale}-{width}")
    page.get_by_role("link", name="郑洁").click()
    expect(page.locator(".detail[data-visit]")).to_be_visible()
    keep(page, f"desk-inside-{locale}-{width}")
    page.goto(f"{site.gateway.url}/#/visitors/new")
    expect(page.get_by_role("checkbox").first).to_be_visible()
    keep(page, f"desk-new-{locale}-{width}")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_pass_that_is_scanned_into_the_search_opens_its_visit(site: Site, open_page: OpenPage) -> None:
    with closing(site.gateway.log_in("wang")) as guard:
        inside = next(each for each in guard.get("/api/visits").json()["items"] if each["name"] == "郑洁")
        code = guard.get(f"/api/visits/{inside['id']}/pass").json()["code"]
    page = open_page()
    site.enter(page)
    page.goto(f"{site.gateway.url}/#/visitors")
    page.get_by_label("查找访客", exact=True).fill(code.lower())
    page.keyboard.press("Enter")
    expect(page.locator(f".detail[data-visit='{inside['id']}']")).to_be_visible()


def tomorrow() -> str:
    return (datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(days=1)).date().isoformat()
