"""In a guard's hand: the watch page opens at its top, further pages are within reach, and no count covers a name."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from .conftest import OpenPage
from .scene import Site, evidence_folder

#: Whether the count of waiting alerts lies upon the name of their page.
COVERED = """() => {
  const name = document.querySelector(".nav-count").parentElement.querySelector("span").getBoundingClientRect();
  const count = document.querySelector(".nav-count").getBoundingClientRect();
  return count.bottom > name.top + 2 && count.top < name.bottom && count.right > name.left && count.left < name.right;
}"""

#: How far it is scrolled, after whatever was drawn last had the chance to scroll it.
SCROLLED = """main => new Promise((told) => {
  requestAnimationFrame(() => requestAnimationFrame(() => told(main.scrollTop)));
})"""

#: What is chosen from in a row of chips or segments, and cut at an edge.
CUT = """() => [...document.querySelectorAll(".chip, .segments button")].filter((each) => {
  const box = each.getBoundingClientRect();
  const row = each.parentElement.getBoundingClientRect();
  const beyond = box.right > Math.min(row.right, innerWidth) + 1 || box.left < row.left - 1;
  return beyond || each.scrollWidth > each.clientWidth;
}).map((each) => each.innerText)"""


def opened(site: Site, page: Page, user: str = "wang", role: str = "guard") -> Page:
    site.enter(page, user, role)
    expect(page.locator(".card")).to_have_count(2)
    return page


def test_the_watch_page_opens_at_its_top_and_is_moved_by_keys_alone(site: Site, open_page: OpenPage) -> None:
    page = opened(site, open_page(width=390, height=500))
    expect(page.locator(".tile[data-marked]")).to_have_count(1)
    assert page.locator(".main").evaluate(SCROLLED) == 0
    page.keyboard.press("j")
    expect(page.locator(".card").last).to_be_in_viewport(ratio=0.9)


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_what_has_no_place_at_the_foot_is_one_press_away_as_signs(site: Site, open_page: OpenPage, locale: str) -> None:
    page = opened(site, open_page(width=390, height=844, locale=locale), "chief", "admin")
    assert not page.evaluate(COVERED)
    page.locator(".nav-more").click()
    items = page.get_by_role("menuitem")
    expect(items).to_have_count(13)
    for box in (item.bounding_box() for item in items.all()):
        assert box is not None and box["height"] >= 44 and box["x"] >= 0 and box["x"] + box["width"] <= 390
        assert box["y"] >= 0 and box["y"] + box["height"] <= 844
    page.screenshot(path=evidence_folder() / f"phone-more-{locale}.png", animations="disabled")


@pytest.mark.parametrize(("user", "role"), [("wang", "guard"), ("chief", "admin")])
def test_at_a_desk_the_count_of_alerts_stands_beside_their_sign(
    site: Site, open_page: OpenPage, user: str, role: str
) -> None:
    page = opened(site, open_page(), user, role)
    assert not page.evaluate(COVERED)
    page.locator(".nav").screenshot(path=evidence_folder() / f"rail-{role}.png")


def at(site: Site, page: Page, name: str, user: str = "wang", role: str = "guard") -> None:
    """Another page than the watch, whatever the watch shows by then."""
    site.enter(page, user, role)
    page.locator(".shell").wait_for()
    page.goto(f"{site.gateway.url}/#/{name}")


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
@pytest.mark.parametrize("name", ["alerts", "people", "school"])
def test_no_chip_of_a_row_is_cut(site: Site, open_page: OpenPage, name: str, locale: str) -> None:
    page = open_page(width=390, height=844, locale=locale)
    at(site, page, name, "chief", "admin")
    page.locator(".chip").first.wait_for()
    assert page.evaluate(CUT) == []
    page.screenshot(path=evidence_folder() / f"phone-chips-{name}-{locale}.png", animations="disabled")


FILTER = {"zh-CN": ("筛选", "姓名或编号", "清除"), "en": ("Filter", "Name or id", "Clear")}


@pytest.mark.parametrize("locale", FILTER)
def test_the_filter_of_passages_is_folded_behind_a_button_that_counts(
    site: Site, open_page: OpenPage, locale: str
) -> None:
    word, person, clear = FILTER[locale]
    page = open_page(width=390, height=844, locale=locale)
    at(site, page, "passages")
    fold = page.locator(".filter-fold")
    expect(fold).to_have_text(word)
    expect(page.get_by_label(person)).to_be_hidden()
    bar = page.locator(".filter").bounding_box()
    assert bar is not None and bar["height"] < 100
    page.screenshot(path=evidence_folder() / f"phone-filter-{locale}.png", animations="disabled")
    # By keys alone: unfolded, typed into, folded again.
    fold.focus()
    page.keyboard.press("Enter")
    expect(fold).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Tab")
    expect(page.get_by_label(person)).to_be_focused()
    page.keyboard.type("s-1001")
    expect(fold).to_have_text({"zh-CN": "筛选：已设 1 项"}.get(locale, "Filter: 1 set"))
    page.locator(".filter input[type=datetime-local]").first.fill("2026-10-12T07:30")
    expect(fold).to_contain_text("2")
    times = page.locator(".filter input[type=datetime-local]").all()
    assert all(each.evaluate("input => input.clientWidth >= 250") for each in times), "no part of a time is cut"
    page.screenshot(path=evidence_folder() / f"phone-filter-open-{locale}.png", animations="disabled")
    fold.press("Space")
    expect(page.get_by_label(person)).to_be_hidden()
    page.screenshot(path=evidence_folder() / f"phone-filter-set-{locale}.png", animations="disabled")
    page.get_by_role("button", name=clear, exact=True).tap()
    expect(fold).to_have_text(word)


@pytest.mark.parametrize("width", [820, 1280])
@pytest.mark.parametrize("locale", FILTER)
def test_wider_than_a_phone_the_filter_lies_open(site: Site, open_page: OpenPage, width: int, locale: str) -> None:
    page = open_page(width=width, height=844, locale=locale)
    at(site, page, "passages")
    expect(page.get_by_label(FILTER[locale][1])).to_be_visible()
    expect(page.locator(".filter-fold")).to_be_hidden()
    page.screenshot(path=evidence_folder() / f"filter-{width}-{locale}.png", animations="disabled")
