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


def opened(site: Site, page: Page, user: str = "wang", role: str = "guard") -> Page:
    site.enter(page, user, role)
    expect(page.locator(".card")).to_have_count(2)
    return page


def test_the_watch_page_opens_at_its_top_and_is_moved_by_keys_alone(site: Site, open_page: OpenPage) -> None:
    page = opened(site, open_page(width=390, height=500))
    expect(page.locator(".tile[data-marked]")).to_have_count(1)
    assert page.locator(".main").evaluate("main => main.scrollTop") == 0
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
