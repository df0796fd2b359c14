"""A guard lets somebody pass on the page: one press for who waits, a few letters for others; a slip is undone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Page, expect
from support.gateway import GatewayProcess
from support.waiting import eventually
from zhian_wire.commands import TakeBack
from zhian_wire.events import Decision
from zhian_wire.evidence import Evidence
from zhian_wire.state import DeviceState

from .conftest import OpenPage
from .heeding import Heeding
from .scene import Site, evidence_folder

BARRIER = DeviceState(id="boom", kind="barrier", driver="modbus", lane="main", status="ok")
SCREENS = (("zh-CN", 1366, 768), ("en", 1366, 768), ("zh-CN", 390, 844), ("en", 390, 844))


@pytest.fixture(scope="module")
def site(gateway: GatewayProcess) -> Iterator[Site]:
    made = Site(gateway)
    made.enrol("s-1001", "王晓明", seed=0)
    made.enrol("s-1002", "李思琪", seed=1)
    made.enrol("w-1", "王某", seed=2, watch=True)
    made.ticket()
    yield made
    made.close()


@pytest.fixture
def node(site: Site) -> Heeding:
    site.beat(devices=(BARRIER,), lanes={"main": "normal", "side": "normal"})
    # Nobody waits there any more: the lanes have opened by hand since.
    for lane in ("main", "side"):
        site.tell(site.by_hand(f"t-0-{lane}", lane=lane, verdict="open", reason="manual"))
    site.settle()
    return Heeding(site)


@pytest.fixture
def page(site: Site, node: Heeding, open_page: OpenPage) -> Page:
    shown = open_page()
    site.enter(shown)
    expect(shown.locator(".lane")).to_have_count(2)
    return shown


def refuse(site: Site, transaction: str, person_id: str = "s-1001") -> None:
    """The main lane has just refused somebody's card."""
    who = site._opaque[person_id]
    card = Evidence(kind="card", device="gate-reader", at_ms=800, card="04A1B2C3", person_id=who)
    site.tell(
        Decision(
            transaction=transaction, lane="main", verdict="refuse", reason="withdrawn_card", policy="card",
            evidence_age_ms=0, person_id=who, evidence=(card,),
        )
    )  # fmt: skip
    site.settle()


def test_whoever_was_refused_just_now_is_let_pass_by_one_press_and_a_slip_is_undone(
    page: Page, site: Site, node: Heeding
) -> None:
    refuse(site, "t-1")
    row = page.locator(".hands-waiting")
    expect(row).to_contain_text("王晓明")
    page.screenshot(path=evidence_folder() / "hands-waiting.png")
    row.get_by_role("button", name="忘带卡").click()
    outcome = page.locator(".hands-outcome")
    expect(outcome).to_contain_text("王晓明")
    expect(outcome).to_contain_text("已放行，计入通行")
    expect(row).to_have_count(0)
    (order,) = node.passes
    assert (order.opens, order.direction, order.why) == (True, "in", "忘带卡")
    assert order.person_id == site._opaque["s-1001"]
    outcome.get_by_role("button", name="撤销").click()
    expect(outcome).to_contain_text("已撤销，不计入通行")
    eventually(lambda: isinstance(node.orders[-1], TakeBack), "the node hears that it was a slip")


def test_by_keys_alone_somebody_is_found_by_a_few_letters_and_let_pass(page: Page, node: Heeding) -> None:
    page.keyboard.press("p")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("谁")).to_be_focused()
    page.keyboard.type("思琪")
    found = dialog.get_by_role("list", name="找到的人").get_by_role("button")
    expect(found).to_have_count(1)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(dialog.locator(".order-person")).to_contain_text("李思琪")
    dialog.get_by_role("button", name="家长").focus()
    page.keyboard.press("Enter")
    expect(dialog.locator(".hands-outcome")).to_contain_text("李思琪")
    expect(dialog.locator(".order-person")).to_have_count(0)  # nobody stays chosen who could be let pass again
    eventually(lambda: [order.why for order in node.passes] == ["家长"], "the order at the node")


def test_a_name_that_nobody_enrolled_has_stands_in_the_reason(page: Page, node: Heeding) -> None:
    page.locator(".let-pass").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("谁").fill("王某")
    expect(dialog).to_contain_text("没有找到此人")  # whoever is looked for is let pass by nobody
    dialog.get_by_label("谁").fill("李师傅")
    dialog.get_by_role("button", name="访客").click()
    expect(dialog.locator(".hands-outcome")).to_contain_text("已放行")
    assert [(order.person_id, order.why) for order in node.passes] == [(None, "访客: 李师傅")]


def test_where_the_node_says_nothing_the_guard_records_it_and_it_counts(page: Page, site: Site, node: Heeding) -> None:
    node.silent = True
    refuse(site, "t-2", "s-1002")
    page.locator(".hands-waiting").get_by_role("button", name="忘带卡").click()
    outcome = page.locator(".hands-outcome")
    record = outcome.get_by_role("button", name="人工登记")
    record.wait_for(timeout=20_000)
    page.screenshot(path=evidence_folder() / "hands-unanswered.png")
    record.click()
    expect(outcome).to_contain_text("门不是由系统打开的")
    with closing(site.gateway.log_in("wang")) as guard:
        eventually(
            lambda: (
                [
                    (each["person"]["id"], each["movement"], each["reason"])
                    for each in guard.get("/api/passages?person=s-1002").json()["items"]
                ]
                == [("s-1002", "arrival", "recorded_by_hand")]
            ),
            "the recorded passage",
        )


#: Where everything on the guard's page stands that one may be about to press.
PLACES = """() => [".lane", ".let-pass", "[data-order=all]", ".strip", ".wall", ".stream", ".watch-foot"]
  .flatMap((what) => [...document.querySelectorAll(what)].map((one) => [what, one.getBoundingClientRect()]))
  .map(([what, { x, y, width, height }]) => [what, x, y, width, height])"""


@pytest.mark.parametrize("screen", SCREENS)
def test_nothing_moves_when_somebody_is_refused_and_let_pass(
    site: Site, node: Heeding, open_page: OpenPage, screen: tuple[str, int, int]
) -> None:
    locale, width, height = screen
    shown = open_page(width=width, height=height, locale=locale)
    site.enter(shown)
    expect(shown.locator(".lane")).to_have_count(2)
    expect(shown.locator(".tile")).to_be_visible()
    expect(shown.locator(".hands-place > .quiet")).to_be_visible()
    before = shown.evaluate(PLACES)
    refuse(site, f"t-one-{locale}-{width}")
    unknown = Evidence(kind="card", device="side-reader", at_ms=800, card="04FFFFFF")
    who = {"lane": "side", "verdict": "refuse", "reason": "unknown_card", "policy": "card", "evidence_age_ms": 0}
    site.tell(Decision(transaction=f"t-two-{locale}-{width}", evidence=(unknown,), **who))  # type: ignore[arg-type]
    waiting = shown.locator(".hands-waiting")
    expect(waiting).to_have_count(2)
    assert shown.evaluate(PLACES) == before
    shown.screenshot(path=evidence_folder() / f"hands-two-{width}-{locale}.png")
    assert shown.evaluate("document.querySelector('.main').scrollTop") == 0
    waiting.last.get_by_role("button").first.click()
    expect(shown.locator('.hands-outcome[data-state="passed"]')).to_be_visible()
    assert shown.evaluate(PLACES) == before
    shown.screenshot(path=evidence_folder() / f"hands-passed-{width}-{locale}.png")


@pytest.mark.parametrize("screen", SCREENS)
def test_the_desk_of_a_guards_hands_fits_every_screen(
    site: Site, node: Heeding, open_page: OpenPage, screen: tuple[str, int, int]
) -> None:
    locale, width, height = screen
    shown = open_page(width=width, height=height, locale=locale)
    site.enter(shown)
    refuse(site, f"t-{locale}-{width}")
    expect(shown.locator(".hands-waiting")).to_be_visible()
    shown.screenshot(path=evidence_folder() / f"hands-watch-{width}-{locale}.png")
    shown.locator(".let-pass").click()
    dialog = shown.get_by_role("dialog")
    expect(dialog.locator(".order-person")).to_be_visible()  # who was refused is offered first
    buttons = [box for button in dialog.locator("form button").all() if (box := button.bounding_box())]
    for box in buttons:
        assert box["height"] >= 44 and box["x"] >= 0 and box["x"] + box["width"] <= width
    assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shown.screenshot(path=evidence_folder() / f"hands-desk-{width}-{locale}.png")
