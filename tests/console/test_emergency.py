"""The emergency button on the page: two presses, never one; a drill that says so; the end; the roll call on paper."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Page, expect
from support.gateway import GatewayProcess
from support.waiting import eventually
from zhian_wire.commands import Answer, Command, SoundSiren

from .conftest import OpenPage
from .scene import Site, evidence_folder, school


@pytest.fixture(scope="module")
def site(gateway: GatewayProcess) -> Iterator[Site]:
    made = school(gateway)
    yield made
    made.close()


@pytest.fixture
def sounded(site: Site) -> list[str]:
    """What the node's siren was told."""
    told: list[str] = []

    def heed(command: Command) -> Answer | None:
        if not isinstance(command, SoundSiren):
            return None
        told.append(command.state)
        return Answer(id=command.id, result="done")

    site.node.heed = heed
    site.beat()
    return told


@pytest.fixture
def page(site: Site, sounded: list[str], open_page: OpenPage) -> Iterator[Page]:
    shown = open_page()
    site.enter(shown)
    expect(shown.locator(".card").first).to_be_visible()
    yield shown
    with closing(site.gateway.log_in("ends", "admin")) as client:
        client.post("/api/emergency/end", json={"why": "after the test"}).raise_for_status()


def kinds(site: Site) -> list[tuple[str, str]]:
    with closing(site.gateway.log_in("looks", "admin")) as client:
        items = client.get("/api/alerts").raise_for_status().json()["items"]
        return [(each["kind"], each["state"]) for each in items if each["kind"].startswith("emergency")]


def test_one_press_calls_nobody_and_a_second_one_calls_everybody(site: Site, page: Page, sounded: list[str]) -> None:
    page.keyboard.press("e")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("立即报警？")
    page.screenshot(path=evidence_folder() / "emergency-armed.png")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert kinds(site) == []

    page.keyboard.press("e")
    expect(dialog).to_be_visible()
    page.wait_for_timeout(450)  # what comes sooner is a key that bounces
    page.keyboard.press("e")
    banner = page.locator(".emergency-banner")
    expect(banner).to_contain_text("wang")
    expect(banner).to_contain_text("键盘")
    expect(page.locator(".card-critical", has_text="紧急报警").first).to_be_visible()
    expect(banner.locator('[data-reached="siren"]')).to_contain_text("1 个节点正在响")
    expect(banner.locator('[data-reached="police"]')).to_contain_text("未接入")
    assert sounded[-1] == "on"
    page.screenshot(path=evidence_folder() / "emergency-real.png")

    banner.get_by_role("button", name="解除").click()
    page.get_by_label("情况说明").fill("误会，已解除")
    page.get_by_role("button", name="立即解除").click()
    expect(banner).to_have_count(0)
    eventually(lambda: sounded[-1] == "off", "silence")
    assert kinds(site)[0] == ("emergency", "resolved")


def test_the_keyboard_begins_where_nothing_is_called_and_nothing_is_closed(site: Site, page: Page) -> None:
    called: list[str] = []
    page.on("request", lambda sent: called.append(sent.url) if sent.method == "POST" else None)
    page.keyboard.press("e")
    dialog = page.get_by_role("dialog")
    real = dialog.get_by_role("button", name="真实报警")
    expect(real).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(dialog.get_by_role("button", name="演练", exact=True)).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert [each for each in called if "/api/emergency" in each] == [], "neither Enter alone nor a choice calls anybody"


def test_a_drill_says_so_everywhere_and_sounds_no_siren(
    site: Site, page: Page, sounded: list[str], open_page: OpenPage
) -> None:
    phone = open_page(width=390, height=844, locale="en")
    site.enter(phone, "zhang")
    phone.get_by_role("button", name="Emergency").tap()
    phone.get_by_role("button", name="Drill", exact=True).tap()
    expect(phone.get_by_label("Tell the police too")).not_to_be_checked()
    phone.screenshot(path=evidence_folder() / "emergency-drill-phone.png")
    phone.get_by_role("button", name="Begin the drill").tap()
    expect(phone.locator(".emergency-banner")).to_contain_text("this is not an emergency")
    expect(page.locator(".emergency-banner")).to_contain_text("演练，并非真实报警")
    expect(page.locator(".emergency-banner")).to_contain_text("未拉响")
    expect(page.locator(".card-title", has_text="紧急报警（演练）").first).to_be_visible()
    assert "on" not in sounded
    phone.screenshot(path=evidence_folder() / "emergency-drill-phone-under-way.png")
    page.screenshot(path=evidence_folder() / "emergency-drill.png")


def test_the_roll_is_called_by_several_ticked_printed_and_says_what_is_not_certain(
    site: Site, page: Page, open_page: OpenPage
) -> None:
    site.comes("s-1001", seed=0, direction="in", zone="教学区")
    site.comes("s-1002", seed=1, direction="in", zone="操场")
    site.settle()
    page.goto(f"{site.gateway.url}/#/muster")
    expect(page.locator("[data-person]")).to_have_count(2)
    page.get_by_role("button", name="演练清点").click()
    page.locator('[data-person="s-1001"] button').click()
    expect(page.locator('[data-person="s-1001"]')).to_have_attribute("data-met", "true")

    phone = open_page(width=390, height=844, locale="en")
    site.enter(phone, "zhang")
    phone.goto(f"{site.gateway.url}/#/muster")
    expect(phone.locator(".muster-counts")).to_contain_text("1 missing")
    phone.screenshot(path=evidence_folder() / "muster-phone.png")
    phone.locator('[data-person="s-1002"] button').tap()
    expect(page.locator(".muster-counts")).to_contain_text("未到 0 人")
    page.locator('[data-person="s-1002"] button').click()
    expect(phone.locator(".muster-counts")).to_contain_text("1 missing")
    page.screenshot(path=evidence_folder() / "muster.png")
    page.emulate_media(media="print")
    expect(page.locator(".topbar")).to_be_hidden()
    expect(page.locator('[data-person="s-1002"]')).to_be_visible()
    page.screenshot(path=evidence_folder() / "muster-print.png", full_page=True)
    page.emulate_media(media="screen")
    page.get_by_role("button", name="结束清点").click()
    expect(page.get_by_role("button", name="开始清点")).to_be_visible()


@pytest.mark.parametrize(("locale", "yesterday"), [("zh-CN", "11月22日 17:40:00"), ("en", "Nov 22, 17:40:00")])
@pytest.mark.parametrize("width", [390, 820, 1280])
def test_who_went_in_yesterday_is_listed_with_the_sites_day(
    site: Site, open_page: OpenPage, width: int, locale: str, yesterday: str
) -> None:
    inside = {"group": "class-3", "zone": "school", "node": "gate-1", "left_at": None, "met_at": None, "met_by": None}
    # Half past midnight of the 23rd at the site; in the browser's zone all of it is on the 22nd.
    muster = {
        "muster": {"id": "1", "drill": True, "who": "wang", "at": "2026-11-22T15:59:00.000Z"},
        "as_of": "2026-11-22T16:30:00.000Z",
        "nameless": {"came": 0, "left": 0},
        "unheard": [{"node": "gate-2", "last_seen": "2026-11-22T09:40:00.000Z"}],
        "people": [
            {**inside, "id": "s-1", "name": "王晓明", "at": "2026-11-22T09:40:00.000Z", "stale": True},
            {**inside, "id": "s-2", "name": "欧阳娜娜", "at": "2026-11-22T16:05:09.000Z", "stale": False},
        ],
    }
    page = open_page(width=width, height=844, locale=locale)
    page.route("**/api/muster", lambda route: route.fulfill(json=muster))
    site.enter(page, "wang")
    page.goto(f"{site.gateway.url}/#/muster")
    expect(page.locator('[data-person="s-1"]')).to_contain_text(yesterday)
    expect(page.locator('[data-person="s-2"]')).to_contain_text("00:05:09")
    expect(page.locator('[data-person="s-2"]')).not_to_contain_text("Nov" if locale == "en" else "月")
    expect(page.locator(".muster-doubts")).to_contain_text(yesterday)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.screenshot(path=evidence_folder() / f"muster-night-{width}-{locale}.png")
    page.emulate_media(media="print")
    expect(page.locator('[data-person="s-1"]')).to_contain_text(yesterday)
    expect(page.locator(".muster-counts")).to_contain_text("November 23" if locale == "en" else "11月23日")
    page.screenshot(path=evidence_folder() / f"muster-night-print-{width}-{locale}.png", full_page=True)
