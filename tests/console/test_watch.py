"""The guard's screen in front of a running gateway: live, by key, and through a gateway that is killed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Locator, Page, Route, expect
from support.gateway import GatewayProcess
from support.waiting import eventually

from .conftest import OpenPage
from .scene import Site, evidence_folder, school

RAISED = '.card[data-state="raised"]'
ACKNOWLEDGED = '.card[data-state="acknowledged"]'


@pytest.fixture(scope="module")
def site(gateway: GatewayProcess) -> Iterator[Site]:
    made = school(gateway)
    yield made
    made.close()


@pytest.fixture
def page(site: Site, open_page: OpenPage) -> Page:
    """A guard's screen, signed in, with every alert open and unacknowledged."""
    with closing(site.gateway.log_in("reset", "admin")) as client:
        for alert in client.get("/api/alerts", params={"limit": 200}).raise_for_status().json()["items"]:
            if alert["state"] != "raised":
                step = {"to": "raised", "note": "", "expected_state": alert["state"]}
                client.post(f"/api/alerts/{alert['id']}/transitions", json=step).raise_for_status()
    shown = open_page()
    site.enter(shown)
    expect(shown.locator('[data-line="open"]')).to_be_visible()
    expect(shown.locator(RAISED).first).to_be_visible()
    return shown


def card(page: Page, title: str) -> Locator:
    return page.locator(".card", has=page.locator(".card-title", has_text=title))


def test_a_passage_and_an_alert_appear_while_the_guard_looks(page: Page, site: Site) -> None:
    count = card(page, "陌生人员").locator(".card-count")
    before = int(re.sub(r"\D", "", count.inner_text())) if count.count() else 1
    site.comes("s-1001", seed=0, direction="in")
    expect(page.locator(".stream .arrival").first).to_contain_text("王晓明")
    site.stranger_comes(seed=3)
    expect(page.locator(".stream .arrival").first).to_contain_text("未知人员")
    expect(page.locator(".stream .arrival").first.locator(".badge-alert")).to_be_visible()
    # The same stranger at the same place is the same case, seen once more.
    expect(card(page, "陌生人员").locator(".card-count")).to_have_text(f"×{before + 1}")
    page.screenshot(path=evidence_folder() / "watch-live.png")


def test_captured_and_enrolled_face_stand_side_by_side_and_a_candidate_is_no_fact(page: Page) -> None:
    focus = page.locator(".focus")
    expect(focus.locator("h2")).to_have_text("名单比中")
    expect(focus.locator(".candidate")).to_contain_text("不是结论")
    expect(focus).to_contain_text("可能是：赵某")
    expect(focus.locator(".pair img")).to_have_count(2)
    for picture in focus.locator(".pair img").all():
        assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 240
    expect(focus.locator(".facts")).to_contain_text("0.71")
    expect(focus.locator(".facts")).to_contain_text("cam-1")
    expect(focus.locator(".focus-head .badge-synthetic")).to_be_visible()
    passed = page.locator(".stream .arrival", has_text="赵某").first
    expect(passed).to_contain_text("可能是：赵某")
    expect(passed.locator(".badge-candidate")).to_be_visible()


def test_one_key_acknowledges_one_key_takes_it_back(page: Page, site: Site) -> None:
    hit = card(page, "名单比中")
    expect(hit).to_have_class(re.compile("card-waiting"))
    page.keyboard.press("a")
    expect(hit).to_have_attribute("data-state", "acknowledged")
    expect(page.locator(".remark-undo")).to_contain_text("已确认：名单比中")
    # What waits next is selected by itself.
    expect(page.locator(".focus h2")).to_have_text("陌生人员")
    page.keyboard.press("z")
    expect(hit).to_have_attribute("data-state", "raised")
    expect(page.locator(".focus h2")).to_have_text("名单比中")
    page.keyboard.press("a")
    expect(hit).to_have_attribute("data-state", "acknowledged")
    expect(hit.locator(".card-acknowledge")).to_have_count(0)

    hit.locator(".card-body").click()
    page.keyboard.press("Escape")
    page.locator("main").click(position={"x": 2, "y": 2})
    page.keyboard.press("Enter")
    steps = page.locator(".split-detail .life li")
    expect(page.locator(".split-detail .life")).to_contain_text("撤销")
    # The page knows of the second one before the gateway has written it.
    expect(steps.filter(has_text="wang").last).to_contain_text("已确认")
    page.screenshot(path=evidence_folder() / "alert-life.png")


def test_a_slow_answer_to_an_earlier_step_changes_nothing_that_was_done_since(page: Page) -> None:
    hit, held = card(page, "名单比中"), list[Route]()
    page.route("**/transitions", lambda route: held.append(route))  # noqa: PLW0108 - a builtin cannot be handed over
    for key, state in (("a", "acknowledged"), ("z", "raised"), ("a", "acknowledged")):
        page.keyboard.press(key)
        expect(hit).to_have_attribute("data-state", state)
    states = hit.evaluate_handle("""card => {
        const seen = [], id = card.dataset.alert;
        const look = () => seen.push(document.querySelector(`[data-alert="${id}"]`)?.dataset.state);
        new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
        return seen;
    }""")

    def waits() -> bool:
        page.evaluate("0")  # hears of requests
        return bool(held)

    # One is sent when the one before is answered.
    for _ in range(3):
        eventually(waits, "the next step")
        with page.expect_response("**/transitions") as answered:
            held.pop().continue_()
        assert answered.value.ok
    expect(hit).to_have_attribute("data-state", "acknowledged")
    assert "raised" not in states.json_value()


def test_keys_walk_and_explain_themselves(page: Page) -> None:
    first = page.locator(".focus h2").inner_text()
    page.keyboard.press("j")
    expect(page.locator(".focus h2")).not_to_have_text(first)
    page.keyboard.press("k")
    expect(page.locator(".focus h2")).to_have_text(first)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("确认所选告警")
    page.keyboard.press("a")  # a dialog takes the keys
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(ACKNOWLEDGED)).to_have_count(0)


def test_whoever_was_slower_is_told_who_was_faster(page: Page, site: Site) -> None:
    def li_first(route: Route) -> None:
        _dispatched_by_li(site)
        route.continue_()

    page.route("**/transitions", li_first)
    page.keyboard.press("a")
    expect(page.locator(".remark-warning")).to_contain_text("li 抢先一步")
    expect(card(page, "名单比中")).to_have_attribute("data-state", "dispatched")
    expect(page.locator(".remark-undo")).to_have_count(0)


def _dispatched_by_li(site: Site) -> None:
    with closing(site.gateway.log_in("li", "guard")) as client:
        alerts = client.get("/api/alerts", params={"state": "raised"}).json()["items"]
        hit = next(alert for alert in alerts if alert["kind"] == "watch_hit")
        step = {"to": "dispatched", "note": "", "expected_state": "raised"}
        client.post(f"/api/alerts/{hit['id']}/transitions", json=step).raise_for_status()


def test_what_another_guard_does_is_seen_here(page: Page, site: Site, open_page: OpenPage) -> None:
    other = open_page(width=390, height=844, locale="en")
    site.enter(other, "zhang")
    expect(other.locator('.card[data-state="raised"] .card-title').first).to_have_text("Watch-list hit")
    other.locator(".card-acknowledge").first.tap()
    expect(card(page, "名单比中")).to_have_attribute("data-state", "acknowledged")
    other.get_by_role("button", name="Undo").tap()
    expect(card(page, "名单比中")).to_have_attribute("data-state", "raised")


def test_the_page_says_that_it_cannot_be_heard_until_somebody_starts_the_shift(page: Page) -> None:
    sound = page.locator(".sound")
    expect(sound).to_have_class(re.compile("sound-off"))
    expect(sound).to_contain_text("没有声音")
    sound.click()
    expect(sound).to_have_class(re.compile("sound-on"))


def test_a_killed_gateway_is_noticed_and_what_was_missed_is_filled_in_once(page: Page, site: Site) -> None:
    site.comes("s-1001", seed=0)
    expect(page.locator(".stream .arrival").first).to_contain_text("王晓明")
    newest = page.locator(".stream .arrival").first.get_attribute("data-passage")
    site.gateway.kill()
    banner = page.locator(".line-banner")
    expect(banner).to_contain_text(re.compile(r"连接已断开，自 \d\d:\d\d:\d\d 起"))
    expect(page.locator(".pill-node .health")).to_have_text("未知")
    page.screenshot(path=evidence_folder() / "watch-lost.png")

    # Acknowledging what nobody can hear must not look done.
    page.keyboard.press("a")
    expect(page.locator(".remark-warning")).to_contain_text("网关没有应答")
    expect(page.locator(ACKNOWLEDGED)).to_have_count(0)

    site.gateway.start()
    site.comes("s-1002", seed=1, evidence=())
    site.comes("s-1001", seed=0, evidence=())
    expect(banner).to_have_count(0)
    expect(page.locator(".stream .arrival").nth(2)).to_have_attribute("data-passage", newest or "")
    # At one moment: rows that are asked one by one may have moved down in between.
    ids = page.locator(".stream .arrival").evaluate_all("rows => rows.map(row => row.dataset.passage)")
    assert len(ids) == len(set(ids))
    assert ids.index(newest) == 2
