"""The officer's queue: what is to be judged first, compared, and answered by key or thumb; guards see it at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from support.gateway import GatewayProcess
from support.waiting import eventually

from .conftest import OpenPage
from .scene import Site, evidence_folder
from .test_pages import serious

LOOKS = [(size, locale) for size in ((1366, 768), (390, 844)) for locale in ("zh-CN", "en")]


@pytest.fixture(scope="module")
def site(gateway: GatewayProcess) -> Iterator[Site]:
    """Two who may be on a list, a stranger, and a pupil's borrowed card, which is no affair of the police."""
    made = Site(gateway)
    made.enrol("w-1", "赵某", seed=2, watch=True)
    made.enrol("s-1001", "王晓明", seed=0)
    made.ticket()
    made.comes("w-1", seed=2)
    made.stranger_comes(seed=3)
    made.raises("borrowed_card", "s-1001", seed=1)
    made.settle()
    yield made
    made.close()


def cases(site: Site) -> dict[str, dict[str, Any]]:
    with closing(site.gateway.log_in("reset", "admin")) as client:
        items = client.get("/api/alerts", params={"limit": 200}).raise_for_status().json()["items"]
    return {each["kind"]: each for each in items}


@pytest.fixture
def hit(site: Site) -> dict[str, Any]:
    """The candidate, open and unacknowledged."""
    with closing(site.gateway.log_in("reset", "admin")) as client:
        found = cases(site)["watch_hit"]
        if found["state"] != "raised":
            step = {"to": "raised", "note": "", "expected_state": found["state"]}
            found = client.post(f"/api/alerts/{found['id']}/transitions", json=step).raise_for_status().json()
    return dict(found)


def settled(page: Page) -> None:
    expect(page.locator("main .loading")).to_have_count(0)
    page.evaluate("Promise.all([...document.images].map(image => image.decode().catch(() => null)))")


@pytest.mark.parametrize(("size", "locale"), LOOKS)
def test_the_queue_begins_with_what_is_to_be_judged(
    site: Site, hit: dict[str, Any], open_page: OpenPage, size: tuple[int, int], locale: str
) -> None:
    page = open_page(width=size[0], height=size[1], locale=locale)
    site.enter(page, "chen", "police")
    first = page.locator(".queue-part").first
    expect(first).to_contain_text({"en": "To be judged"}.get(locale, "待研判"))
    expect(page.locator("[data-part=to_judge] .row")).to_have_count(1)
    # What was not agreed to be passed on is not there.
    expect(page.locator(".row")).to_have_count(2)
    settled(page)
    page.screenshot(path=evidence_folder() / f"queue-{size[0]}-{locale}.png")
    page.locator("[data-part=to_judge] .row").click()
    expect(page.locator(".split-detail .pair img")).to_have_count(2)
    expect(page.locator(".split-detail .facts")).to_contain_text("0.71")
    settled(page)
    page.screenshot(path=evidence_folder() / f"queue-case-{size[0]}-{locale}.png")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert serious(page) == []


def test_a_guard_sees_the_officers_word_at_once(site: Site, hit: dict[str, Any], open_page: OpenPage) -> None:
    guard, officer = open_page(), open_page(locale="en")
    site.enter(guard)
    guard.goto(f"{site.gateway.url}/#/alerts/{hit['id']}")
    expect(guard.locator(".split-detail h2")).to_have_text("名单比中")
    site.enter(officer, "chen", "police")
    expect(officer.locator("[data-part=to_judge] .row")).to_have_count(1)
    officer.keyboard.press("j")
    expect(officer.locator(".split-detail h2")).to_have_text("Watch-list hit")
    officer.keyboard.press("y")
    dialog = officer.get_by_role("dialog")
    send = dialog.get_by_role("button", name="Confirm and tell the guards")
    expect(send).to_be_disabled()
    officer.keyboard.type("The pictures agree, left ear")
    officer.screenshot(path=evidence_folder() / "queue-verdict.png")
    officer.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    told = guard.locator(".split-detail .verdict")
    expect(told).to_contain_text("chen 已确认")
    expect(told).to_contain_text("The pictures agree, left ear")
    expect(guard.locator(".split-detail .focus-badges .state-acknowledged")).to_be_visible()
    guard.screenshot(path=evidence_folder() / "queue-guard-sees.png")
    officer.keyboard.press("d")
    sending = officer.get_by_role("dialog")
    sending.get_by_role("button", name="Police officer").click()
    sending.get_by_label("Name").fill("Chen, car 12")
    sending.locator("button[type=submit]").click()
    expect(guard.locator(".split-detail .waiting-mark")).to_contain_text("Chen, car 12")
    expect(officer.locator("[data-part=judged] .row")).to_have_count(1)
    officer.keyboard.press("c")
    closing_ = officer.get_by_role("dialog")
    closing_.get_by_role("button", name="Led out").click()
    closing_.locator("button[type=submit]").click()
    expect(guard.locator(".split-detail .focus-badges .state-resolved")).to_be_visible()


def test_a_thumb_rejects_with_a_usual_reason(site: Site, hit: dict[str, Any], open_page: OpenPage) -> None:
    phone = open_page(width=390, height=844)
    site.enter(phone, "chen", "police")
    phone.goto(f"{site.gateway.url}/#/queue/{hit['id']}")
    for button in phone.locator(".focus-foot button").all():
        box = button.bounding_box()
        assert box is not None and box["height"] >= 44 and box["x"] + box["width"] <= 390
    phone.get_by_role("button", name="排除").tap()
    dialog = phone.get_by_role("dialog")
    dialog.get_by_role("button", name="证件显示为他人").tap()
    phone.screenshot(path=evidence_folder() / "queue-reject-390-zh-CN.png")
    assert serious(phone) == []
    dialog.get_by_role("button", name="排除并关闭").tap()
    expect(dialog).to_have_count(0)
    eventually(lambda: cases(site)["watch_hit"]["state"] == "false_alarm", "the gateway's word")
    assert cases(site)["watch_hit"]["verdict"]["reason"] == "证件显示为他人"


def test_who_was_slower_is_told_so(site: Site, hit: dict[str, Any], open_page: OpenPage) -> None:
    page = open_page(locale="en")
    site.enter(page, "chen", "police")
    page.goto(f"{site.gateway.url}/#/queue/{hit['id']}")
    page.get_by_role("button", name="Confirm").click()
    with closing(site.gateway.log_in("reset", "admin")) as client:
        said = {"finding": "rejected", "reason": "somebody else", "expected_state": "raised"}
        client.post(f"/api/alerts/{hit['id']}/verdict", json=said).raise_for_status()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="The pictures agree").click()
    dialog.locator("button[type=submit]").click()
    expect(dialog.get_by_role("alert")).to_have_text("Somebody was faster")


def test_nothing_to_judge_is_said(site: Site, open_page: OpenPage) -> None:
    page = open_page(locale="en")
    site.enter(page, "chen", "police")
    page.locator(".row").first.wait_for()
    page.get_by_role("button", name="Info").click()
    expect(page.locator(".empty")).to_contain_text("Nothing waits for you")
