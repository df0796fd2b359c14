"""Watch lists on the page: proposed by one officer, approved by another, over when somebody says so."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from support.gateway import GatewayProcess

from .conftest import OpenPage
from .scene import Site, drawn_face, evidence_folder
from .test_pages import serious

LOOKS = list(itertools.product(((1366, 768), (390, 844)), ("zh-CN", "en")))


@pytest.fixture(scope="module")
def site(gateway: GatewayProcess) -> Iterator[Site]:
    made = Site(gateway)
    yield made
    made.close()


@pytest.fixture(scope="module")
def waiting(site: Site) -> dict[str, Any]:
    """One that waits for a second person, with a photograph, and one that is looked for by its plate."""
    wanted = {"label": "赵某", "ground": "沪公刑字 2026/17", "until": "2030-03-31", "plates": []}
    with closing(site.gateway.log_in("li", "police")) as one, closing(site.gateway.log_in("chen", "police")) as two:
        entry = one.post("/api/watch-lists", json=wanted).raise_for_status().json()
        one.put(f"/api/watch-lists/{entry['id']}/pictures", content=drawn_face(2)).raise_for_status()
        car = one.post("/api/watch-lists", json=wanted | {"label": "灰色面包车", "plates": ["粤B12345"]}).json()
        said = {"decision": "approved", "reason": "compared", "seen": []}
        two.post(f"/api/watch-lists/{car['id']}/decision", json=said).raise_for_status()
    return dict(entry)


def shown(page: Page, site: Site, user: str, path: str = "lists") -> None:
    site.enter(page, user, "police")
    page.locator(".shell").wait_for()
    page.goto(f"{site.gateway.url}/#/{path}")
    page.locator("main .row").first.wait_for()
    page.evaluate("Promise.all([...document.images].map(image => image.decode().catch(() => null)))")


@pytest.mark.parametrize(("size", "locale"), LOOKS)
def test_who_is_looked_for_and_who_waits_is_shown(
    site: Site, waiting: dict[str, Any], open_page: OpenPage, size: tuple[int, int], locale: str
) -> None:
    page = open_page(width=size[0], height=size[1], locale=locale)
    shown(page, site, "chen")
    expect(page.locator(".queue-part").first).to_contain_text({"en": "Waiting for"}.get(locale, "待第二人批准"))
    page.screenshot(path=evidence_folder() / f"lists-{size[0]}-{locale}.png")
    assert serious(page) == []
    page.goto(f"{site.gateway.url}/#/lists/{waiting['id']}")
    photo = page.locator(".list-photos img")
    expect(photo).to_be_visible()
    assert photo.evaluate("image => image.decode().then(() => image.naturalWidth)") == 240
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.screenshot(path=evidence_folder() / f"lists-entry-{size[0]}-{locale}.png")
    assert serious(page) == []


def test_who_proposed_is_told_that_somebody_else_decides(
    site: Site, waiting: dict[str, Any], open_page: OpenPage
) -> None:
    page = open_page(locale="en")
    shown(page, site, "li", f"lists/{waiting['id']}")
    expect(page.locator(".list-mine")).to_have_text("You proposed this. Somebody else has to decide.")
    expect(page.locator("[data-step=approve]")).to_have_count(0)


def test_a_vehicle_goes_from_proposal_to_its_end(site: Site, waiting: dict[str, Any], open_page: OpenPage) -> None:
    one, two = open_page(locale="en"), open_page(width=390, height=844)
    shown(one, site, "li")
    # What one proposes or decides stands at once on the page that another has open.
    shown(two, site, "chen")
    one.get_by_role("button", name="Propose an entry").click()
    dialog = one.get_by_role("dialog")
    submit = dialog.locator("button[type=submit]")
    one.keyboard.type("Silver van")
    dialog.get_by_label("Ground").fill("Order 12/2026")
    dialog.get_by_label("Last day").fill("2030-12-31")
    expect(dialog).to_contain_text("A photograph or a plate is needed")
    expect(submit).to_be_disabled()
    dialog.get_by_label("Plates").fill("沪a·d1234 5，京A00001")
    one.screenshot(path=evidence_folder() / "lists-propose.png")
    assert serious(one) == []
    submit.click()
    expect(one.locator(".split-detail h2")).to_have_text("Silver van")
    expect(one.locator(".split-detail .plate").first).to_have_attribute("aria-label", "Plate 沪AD12345, colour unknown")
    two.locator(".row", has_text="Silver van").click()
    two.get_by_role("button", name="批准", exact=False).first.tap()
    sure = two.get_by_role("dialog")
    sure.get_by_label("理由").fill("已核对")
    two.screenshot(path=evidence_folder() / "lists-approve-390-zh-CN.png")
    sure.locator("button[type=submit]").tap()
    expect(two.locator(".split-detail .focus-badges .badge")).to_have_text("布控中")
    expect(one.locator(".split-detail .focus-badges .badge")).to_have_text("Looked for")
    two.get_by_role("button", name="撤控").tap()
    two.get_by_role("dialog").get_by_label("理由").fill("已找到")
    two.get_by_role("dialog").locator("button[type=submit]").tap()
    expect(two.locator(".split-detail .focus-badges .badge")).to_have_text("已撤控")


def test_a_face_is_approved_by_what_the_networks_see_in_it(
    site: Site, waiting: dict[str, Any], open_page: OpenPage, models_home: Path
) -> None:
    portraits = models_home / "models" / "portraits"
    if not portraits.is_dir():
        pytest.skip("needs the demo's portraits: run scripts/test, which brings them")
    one, two = open_page(), open_page(locale="en")
    shown(one, site, "li")
    one.get_by_role("button", name="提出布控").click()
    dialog = one.get_by_role("dialog")
    dialog.get_by_label("名称").fill("某甲")
    dialog.get_by_label("依据").fill("文书 9 号")
    dialog.get_by_label("截止日期").fill("2030-12-31")
    dialog.get_by_label("人脸照片").set_input_files([portraits / "obama.jpg", portraits / "obama2.jpg"])
    expect(dialog).to_contain_text("2 张照片")
    dialog.locator("button[type=submit]").click()
    # Two networks look at each photograph first.
    expect(one.locator(".list-photos img")).to_have_count(2, timeout=30_000)
    shown(two, site, "chen")
    two.locator(".row", has_text="某甲").click()
    expect(two.locator(".list-photos img")).to_have_count(2)
    two.screenshot(path=evidence_folder() / "lists-face-en.png")
    two.get_by_role("button", name="Approve").click()
    two.get_by_role("dialog").get_by_label("Reason").fill("Compared with the file")
    two.get_by_role("dialog").locator("button[type=submit]").click()
    expect(two.locator(".split-detail .focus-badges .badge")).to_have_text("Looked for", timeout=60_000)
    expect(two.locator(".split-detail .table")).to_contain_text("2 photographs")


def test_a_photograph_without_a_face_is_not_approved(
    site: Site, waiting: dict[str, Any], open_page: OpenPage, models_home: Path
) -> None:
    page = open_page(locale="en")
    shown(page, site, "chen", f"lists/{waiting['id']}")
    expect(page.locator(".list-photos img")).to_be_visible()
    page.get_by_role("button", name="Approve").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill("Looks right")
    dialog.locator("button[type=submit]").click()
    told = "No photograph shows a face well enough to be compared, and there is no plate"
    expect(dialog.get_by_role("alert")).to_have_text(told, timeout=60_000)
