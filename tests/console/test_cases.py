"""A case from its first moment to its end: seen, handed on, closed with a reason and a photo, by keys and by thumb."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from support.gateway import GatewayProcess
from support.waiting import eventually
from zhian_gateway.store.tables import escalations
from zhian_wire import times

from .conftest import OpenPage
from .scene import Site, drawn_face, evidence_folder
from .test_pages import serious

LOOKS = [(size, locale) for size in ((1366, 768), (390, 844)) for locale in ("zh-CN", "en")]


@pytest.fixture(scope="module")
def site(gateway: GatewayProcess) -> Iterator[Site]:
    """Somebody's card is in the hands of three others, and an unknown card is shown."""
    made = Site(gateway)
    made.enrol("s-1001", "王晓明", seed=0)
    made.ticket()
    for seed in (3, 1, 2):
        made.raises("borrowed_card", "s-1001", seed=seed)
    made.settle()
    yield made
    made.close()


@pytest.fixture
def case(site: Site) -> dict[str, Any]:
    """The borrowed card, open and unacknowledged; its node is heard of, so that no other case is raised meanwhile."""
    site.beat()
    with closing(site.gateway.log_in("reset", "admin")) as client:
        every = client.get("/api/alerts", params={"limit": 200}).raise_for_status().json()["items"]
        (found,) = (each for each in every if each["kind"] == "borrowed_card")
        if found["state"] != "raised":
            step = {"to": "raised", "note": "", "expected_state": found["state"]}
            found = client.post(f"/api/alerts/{found['id']}/transitions", json=step).raise_for_status().json()
    return dict(found)


@pytest.fixture
def page(site: Site, case: dict[str, Any], open_page: OpenPage) -> Page:
    shown = open_page()
    site.enter(shown)
    expect(shown.locator(".focus h2")).to_have_text("借用他人卡")
    return shown


def card(page: Page) -> Locator:
    return page.locator(".card", has=page.locator(".card-title", has_text="借用他人卡"))


def now(site: Site, case: dict[str, Any]) -> dict[str, Any]:
    with closing(site.gateway.log_in("reset", "admin")) as client:
        return dict(client.get(f"/api/alerts/{case['id']}").raise_for_status().json())


def test_a_merged_case_is_stepped_through_with_the_moment_of_each(page: Page, site: Site) -> None:
    steps = page.locator(".focus .repeats")
    expect(steps).to_contain_text("共 3 次，最近一次")
    last = page.locator(".focus .pair img").first.get_attribute("src")
    earlier = steps.get_by_role("button", name="前一次")
    earlier.focus()
    page.keyboard.press("Enter")
    expect(steps).to_contain_text("第 2 次，共 3 次")
    assert page.locator(".focus .pair img").first.get_attribute("src") != last
    page.keyboard.press("Enter")
    expect(steps).to_contain_text("第 1 次，共 3 次")
    expect(earlier).to_be_disabled()
    steps.get_by_role("button", name="后一次").click()
    expect(steps).to_contain_text("第 2 次，共 3 次")


def test_how_long_nobody_acknowledges_is_counted_on_the_page(page: Page) -> None:
    waiting = card(page).locator(".waiting-mark")
    expect(waiting).to_contain_text("未确认已")
    before = waiting.inner_text()
    expect(waiting).not_to_have_text(before)
    page.keyboard.press("a")
    expect(card(page)).to_have_attribute("data-state", "acknowledged")
    expect(card(page).locator("[data-waiting]")).to_have_count(0)


def test_one_key_sends_somebody_by_name(page: Page, site: Site, case: dict[str, Any]) -> None:
    page.keyboard.press("d")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("姓名")).to_be_focused()
    expect(dialog.get_by_role("button", name="派人处置", exact=True)).to_be_disabled()
    page.keyboard.type("王强")
    dialog.get_by_role("button", name="网格员").click()
    dialog.get_by_label("备注").fill("请带对讲机")
    page.screenshot(path=evidence_folder() / "case-dispatch.png")
    assert serious(page) == []
    dialog.get_by_label("备注").press("Enter")
    expect(dialog).to_have_count(0)
    expect(card(page).locator(".waiting-mark")).to_have_text("网格员 王强")
    step = now(site, case)["transitions"][-1]
    assert (step["to"], step["assignee"], step["note"]) == (
        "dispatched",
        {"role": "grid_worker", "name": "王强"},
        "请带对讲机",
    )


def test_one_key_closes_with_a_reason_and_nothing_closes_without_one(
    page: Page, site: Site, case: dict[str, Any]
) -> None:
    page.keyboard.press("c")
    dialog = page.get_by_role("dialog")
    confirm = dialog.get_by_role("button", name="办结：误报")
    dialog.get_by_role("button", name="误报", exact=True).click()
    expect(confirm).to_be_disabled()
    page.keyboard.press("Enter")
    assert now(site, case)["state"] == "raised"
    dialog.get_by_role("button", name="识别有误").click()
    confirm.click()
    expect(card(page)).to_have_count(0)
    eventually(lambda: now(site, case)["state"] == "false_alarm", "the gateway's word")
    assert now(site, case)["transitions"][-1]["note"] == "识别有误"


def test_a_photo_of_how_it_is_now_goes_with_the_end_and_is_shown(
    site: Site, case: dict[str, Any], open_page: OpenPage, tmp_path: Path
) -> None:
    photo = tmp_path / "door.jpg"
    photo.write_bytes(drawn_face(1))
    phone = open_page(width=390, height=844, locale="en")
    site.enter(phone)
    phone.goto(f"{site.gateway.url}/#/alerts/{case['id']}")
    phone.get_by_role("button", name="Close…").tap()
    dialog = phone.get_by_role("dialog")
    dialog.get_by_role("button", name="Led out").tap()
    dialog.locator("input[type=file]").set_input_files(photo)
    expect(dialog.get_by_role("img", name="The photo that goes with it")).to_be_visible()
    for button in dialog.locator("form button, form label.button").all():
        box = button.bounding_box()
        assert box is not None and box["height"] >= 44 and box["x"] + box["width"] <= 390
    phone.screenshot(path=evidence_folder() / "case-close-phone.png")
    assert serious(phone) == []
    dialog.get_by_role("button", name="Close: Resolved").tap()
    expect(dialog).to_have_count(0)
    shown = phone.locator(".life-photo img")
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") == 240
    eventually(lambda: now(site, case)["state"] == "resolved", "the gateway's word")


def test_a_file_that_is_no_picture_is_refused_on_the_spot(page: Page, tmp_path: Path) -> None:
    (tmp_path / "note.jpg").write_text("no picture")
    page.keyboard.press("c")
    dialog = page.get_by_role("dialog")
    dialog.locator("input[type=file]").set_input_files(tmp_path / "note.jpg")
    expect(dialog.get_by_role("alert")).to_have_text("这个文件不是可读取的图片")


@pytest.mark.parametrize(("size", "locale"), LOOKS)
def test_who_was_told_and_that_it_came_back_is_shown(
    site: Site, case: dict[str, Any], open_page: OpenPage, size: tuple[int, int], locale: str
) -> None:
    width, height = size
    at = times.to_text(datetime.now(UTC))
    key = {"alert_id": int(case["id"]), "round": 0, "at": at, "notice_id": None}
    with site.gateway.services() as parts, parts.store.write() as link:
        link.execute(escalations.delete())
        told = {"王队长": (1, "told"), "派出所值班室": (2, "held")}
        link.execute(
            escalations.insert(),
            [key | {"step": step, "contact": name, "state": state} for name, (step, state) in told.items()],
        )
    shown = open_page(width=width, height=height, locale=locale)
    site.enter(shown)
    shown.goto(f"{site.gateway.url}/#/alerts/{case['id']}")
    rows = shown.locator(".split-detail .told li")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("王队长")
    expect(rows.nth(1).locator(".badge")).to_have_text({"en": "Quiet hours, not woken"}.get(locale, "静默时段，未打扰"))
    expect(shown.locator(".split-detail .badge-back")).to_be_visible()
    assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shot = evidence_folder() / f"case-{width}-{locale}.png"
    shown.evaluate("Promise.all([...document.images].map(image => image.decode().catch(() => null)))")
    shown.screenshot(path=shot)
    if width < 700:
        shown.locator(".split-detail .told").scroll_into_view_if_needed()
        shown.screenshot(path=evidence_folder() / f"case-{width}-{locale}-told.png")


def test_the_undo_covers_nothing_that_could_be_pressed(page: Page, site: Site, case: dict[str, Any]) -> None:
    page.keyboard.press("a")
    undo = page.locator(".remark-undo")
    expect(undo).to_be_visible()
    bar = undo.bounding_box()
    assert bar is not None
    for panel in page.locator("main .panel").all():
        box = panel.bounding_box()
        assert box is not None and box["y"] + box["height"] <= bar["y"]
    page.screenshot(path=evidence_folder() / "undo.png")
    page.keyboard.press("z")
    expect(card(page)).to_have_attribute("data-state", "raised")
    # What is shown at once is true a moment later.
    eventually(lambda: now(site, case)["transitions"][-1]["note"] == "undo", "the gateway's word")
