"""Everybody can read every page and every dialog: no violation of WCAG 2.2 A and AA, in light and dark."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Page, expect
from support.gateway import GatewayProcess

from . import everything
from .conftest import OpenPage
from .listed import PAGES, WORK
from .reading import violations
from .scene import Site, evidence_folder
from .test_walk import bound

#: The first look is the fast one, and the hardest: contrast in the dark, words on a phone.
SIZES: Final = {"phone": (390, 844), "desk": (1366, 768)}
THEMES: Final = ("dark", "light")
LOOKS: Final = list(itertools.product(SIZES, THEMES))
LANGUAGE: Final = {
    ("desk", "light"): "zh-CN",
    ("phone", "dark"): "en",
    ("desk", "dark"): "en",
    ("phone", "light"): "zh-CN",
}

#: What is opened by a press, and where: role, address, what is pressed (a key where it is one letter).
OPENED: Final = {
    "help": ("admin", "watch", "?"),
    "emergency": ("admin", "watch", "e"),
    "dispatch": ("admin", "watch", "d"),
    "close with reason": ("admin", "watch", "c"),
    "lane": ("admin", "watch", ".lane"),
    "whole site": ("admin", "watch", "[data-order=all]"),
    "passage": ("admin", "passages", ".passage"),
    "person": ("admin", "people/s-1001", None),
    "group": ("admin", "groups/class-3", None),
    "schedule": ("admin", "groups?schedule=%2B", None),
    "table of people": ("admin", "people", ".panel-head .button:last-child"),
    "proposal": ("police", "lists", ".panel-head .button-main"),
    "pupil": (everything.TEACHER, "school", ".pupils button"),
}
#: What stands beside its list: role and address.
BESIDE: Final = {
    "visitor at the window": ("admin", "visitors/new"),
    "invitation": (everything.TEACHER, "visitors/invite"),
    "stop list": ("admin", "visitors/list"),
    "nowhere": ("admin", "nonsense"),
}


@pytest.fixture(scope="module")
def site(gateway: GatewayProcess) -> Iterator[Site]:
    made = everything.everything(gateway)
    yield made
    made.close()


def entered(site: Site, open_page: OpenPage, size: str, theme: str, user: str = "admin") -> Page:
    """Somebody's page; who has a role's name has that role."""
    width, height = SIZES[size]
    page = open_page(width=width, height=height, theme=theme, locale=LANGUAGE[size, theme])
    site.enter(page, user, "teacher" if user == everything.TEACHER else user)
    page.locator(".shell").wait_for()
    return page


def show(page: Page, site: Site, address: str) -> None:
    page.goto(f"{site.gateway.url}/#/{address}")
    expect(page.locator("main .loading")).to_have_count(0)
    page.locator("main").get_by_role("heading").first.wait_for()


def first_row(page: Page) -> bool:
    """Open what stands first in the list, where there is a list with something beside it."""
    row = page.locator(".split-list a.row, .split-list .visit-row a").first
    if not row.count():
        return False
    row.click()
    expect(page.locator(".split-detail .loading")).to_have_count(0)
    page.locator(".split-detail").get_by_role("heading").first.wait_for()
    return True


@pytest.mark.parametrize(("size", "theme"), LOOKS)
def test_every_page_can_be_read_by_everybody(size: str, theme: str, site: Site, open_page: OpenPage) -> None:
    page = entered(site, open_page, size, theme)
    assert set(PAGES) == {"account", *WORK["admin"]}, "an administrator sees every page"
    found: dict[str, list[str]] = {}
    for name in PAGES:
        show(page, site, name)
        found[name] = violations(page)
        page.screenshot(path=evidence_folder() / f"readable-{name}-{size}-{theme}.png", animations="disabled")
        if first_row(page):
            found[f"{name}, one of them"] = violations(page)
            page.screenshot(path=evidence_folder() / f"readable-{name}-one-{size}-{theme}.png", animations="disabled")
    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.parametrize(("size", "theme"), LOOKS)
def test_what_opens_over_a_page_can_be_read_by_everybody(
    size: str, theme: str, site: Site, open_page: OpenPage
) -> None:
    pages: dict[str, Page] = {}
    found: dict[str, list[str]] = {}
    for name, (user, address, press) in OPENED.items():
        if user not in pages:
            pages[user] = entered(site, open_page, size, theme, user)
        page = pages[user]
        show(page, site, address)
        if press is not None and len(press) == 1:
            page.keyboard.press(press)
        elif press is not None:
            page.locator(press).first.click()
        expect(page.get_by_role("dialog"), name).to_be_visible(timeout=30_000)
        expect(page.locator("dialog .loading")).to_have_count(0)
        found[name] = violations(page)
        page.screenshot(path=evidence_folder() / f"readable-{name}-{size}-{theme}.png", animations="disabled")
        page.keyboard.press("Escape")
        # Out of the document, not only out of sight: by then it has given the address back, after which we go on.
        expect(page.locator("dialog")).to_have_count(0)
    for name, (user, address) in BESIDE.items():
        show(pages[user], site, address)
        found[name] = violations(pages[user])
        shot = evidence_folder() / f"readable-{name}-{size}-{theme}.png"
        pages[user].screenshot(path=shot, animations="disabled")
    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.parametrize(("size", "theme"), LOOKS)
def test_the_doors_can_be_read_by_everybody(size: str, theme: str, site: Site, open_page: OpenPage) -> None:
    """Who is not signed in: at the login, an invited guest, a guardian with and without a code."""
    width, height = SIZES[size]
    page = open_page(width=width, height=height, theme=theme, locale=LANGUAGE[size, theme])
    found = {}
    for name, address in {
        "login": site.gateway.url,
        "guest": everything.invitation(site),
        "guest of nobody": f"{site.gateway.url}/#/visit/none",
        "guardian without a code": f"{site.gateway.url}/family.html",
    }.items():
        page.goto(address)
        page.locator("main :is(input, [role=alert])").first.wait_for()
        found[name] = violations(page)
        page.screenshot(path=evidence_folder() / f"readable-{name}-{size}-{theme}.png", animations="disabled")
    bound(site, page, "s-1001")
    tabs = page.locator(".family-nav button")
    for place in range(tabs.count()):
        tabs.nth(place).click()
        page.locator(".family-main :is(.panel, .empty, section, form)").first.wait_for()
        found[f"guardian {place}"] = violations(page)
    assert {name: faults for name, faults in found.items() if faults} == {}
