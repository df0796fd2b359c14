"""Without a mouse: every page is reached and worked by keys, one sees where, dialogs keep and return the focus."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect
from support.gateway import GatewayProcess

from . import everything
from .conftest import OpenPage
from .listed import PAGES, WORK
from .scene import Site
from .test_readable import BESIDE, OPENED, SIZES, show

#: More presses than any page has places to stop at.
MOST_STOPS: Final = 160
#: Where the focus is, whether one sees that, and whether it is within a dialog.
WHERE: Final = """() => {
  const at = document.activeElement;
  if (at === null || at === document.body) return { stop: "", seen: true, inside: true };
  const look = getComputedStyle(at);
  const ring = (look.outlineStyle !== "none" && parseFloat(look.outlineWidth) > 0) || look.boxShadow !== "none";
  const box = at.getBoundingClientRect();
  return {
    stop: `${at.tagName} ${at.getAttribute("href") ?? (at.textContent.slice(0, 30) || at.type)}`,
    seen: ring && box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
    inside: at.closest("dialog") !== null,
  };
}"""
#: Remembers every element that had the focus.
REMEMBER: Final = """() => {
  window.visited = new Set();
  document.addEventListener("focusin", (event) => window.visited.add(event.target));
}"""
#: What of the page can be worked and was never reached.
MISSED: Final = """() => [...document.querySelectorAll(
  "main :is(a[href], button:enabled, input:enabled, select:enabled, textarea:enabled, summary)"
)].filter((one) => one.checkVisibility() && one.tabIndex >= 0 && !window.visited.has(one))
  .map((one) => one.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def site(gateway: GatewayProcess) -> Iterator[Site]:
    made = everything.everything(gateway)
    yield made
    made.close()


@pytest.fixture
def page(site: Site, open_page: OpenPage) -> Page:
    width, height = SIZES["desk"]
    shown = open_page(width=width, height=height, locale="en")
    site.enter(shown, "admin", "admin")
    shown.locator(".shell").wait_for()
    return shown


def where(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(WHERE)
    return found


def test_every_page_is_reached_by_tab_and_enter_alone(page: Page) -> None:
    for name in WORK["admin"]:
        for _ in range(MOST_STOPS):
            page.keyboard.press("Tab")
            if where(page)["stop"] == f"A #/{name}":
                break
        else:
            pytest.fail(f"{name} is never reached")
        page.keyboard.press("Enter")
        expect(page.locator(f".nav a[href='#/{name}']")).to_have_attribute("aria-current", "page")


def test_all_of_every_page_is_reached_and_one_sees_where_one_is(page: Page, site: Site) -> None:
    page.evaluate(REMEMBER)
    missed: dict[str, list[str]] = {}
    for name in [*PAGES, *(address for user, address in BESIDE.values() if user == "admin")]:
        show(page, site, name)
        page.evaluate("document.activeElement.blur()")
        for _ in range(MOST_STOPS):
            page.keyboard.press("Tab")
            at = where(page)
            assert at["seen"], f"{name}: nobody sees that the focus is at {at['stop']}"
            missed[name] = page.evaluate(MISSED)
            if not missed[name]:
                break
    assert {name: left for name, left in missed.items() if left} == {}


@pytest.mark.parametrize("left_by", ["button", "Escape"])
def test_a_dialog_keeps_the_focus_and_returns_it(left_by: str, page: Page, site: Site) -> None:
    for name, (user, address, press) in OPENED.items():
        if user != "admin" or press is None:
            continue
        show(page, site, address)
        opens_by_key = len(press) == 1
        page.locator(".nav a" if opens_by_key else press).first.focus()
        # The element itself: what it says, such as how a lane is, may change meanwhile.
        before = page.evaluate_handle("document.activeElement")
        page.keyboard.press(press if opens_by_key else "Enter")
        dialog = page.get_by_role("dialog")
        dialog.wait_for()
        for _ in range(25):
            page.keyboard.press("Tab")
            assert where(page)["inside"], f"{name}: {where(page)['stop']} is behind the dialog"
        if left_by == "Escape":
            page.keyboard.press("Escape")
        else:
            dialog.locator(".dialog-head button").press("Enter")
        expect(dialog).to_have_count(0)
        assert before.evaluate("element => element === document.activeElement"), f"{name}: {where(page)['stop']}"
