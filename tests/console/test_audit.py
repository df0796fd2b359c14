"""The auditor's page: who looked at whom, who was refused, and whether the record is whole."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update
from support.gateway import GatewayProcess
from zhian_gateway.store.tables import audit

from .conftest import OpenPage
from .scene import Site, drawn_face, evidence_folder
from .test_pages import serious

LOOKS = [(size, locale) for size in ((1366, 768), (390, 844)) for locale in ("zh-CN", "en")]


@pytest.fixture(scope="module")
def site(gateway: GatewayProcess) -> Iterator[Site]:
    """A guard has looked at a pupil's day, at a picture of theirs and at a stray one, and an officer wanted to."""
    made = Site(gateway)
    made.enrol("s-1001", "王晓明", seed=0)
    made.comes("s-1001", seed=0)
    made.settle()
    with closing(gateway.log_in("wang", "guard")) as guard:
        guard.get("/api/people/s-1001/day").raise_for_status()
        guard.get("/api/people/s-1001/picture").raise_for_status()
        for picture in (hashlib.sha256(drawn_face(0)).hexdigest(), made.put(drawn_face(9))):
            guard.get(f"/api/pictures/{picture}").raise_for_status()
        order = {"state": "locked", "minutes": 5, "why": "狗"}
        assert guard.post("/api/lanes/gate-1/main/state", json=order).status_code == 503
    with closing(gateway.log_in("chen", "police")) as officer:
        assert officer.get("/api/people/s-1001/day").status_code == 403
    yield made
    made.close()


def opened(page: Page, site: Site) -> None:
    site.enter(page, "boss", "admin")
    page.locator(".shell").wait_for()
    page.goto(f"{site.gateway.url}/#/audit")
    page.locator(".audit-row").first.wait_for()


@pytest.mark.parametrize(("size", "locale"), LOOKS)
def test_the_record_is_shown_and_said_to_be_whole(
    site: Site, open_page: OpenPage, size: tuple[int, int], locale: str
) -> None:
    page = open_page(width=size[0], height=size[1], locale=locale)
    opened(page, site)
    expect(page.locator(".audit-state")).to_contain_text({"en": "is whole"}.get(locale, "完整无缺"))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.screenshot(path=evidence_folder() / f"audit-{size[0]}-{locale}.png")
    # Each page that was opened before is an entry too, and only the rows in sight are in the document.
    page.get_by_label({"en": "Kind"}.get(locale, "类别")).select_option("refused")
    refused = page.locator("[data-action='access.refused']")
    expect(refused).to_contain_text("/api/people/s-1001/day")
    expect(refused.locator("strong")).to_have_text({"en": "chen · Was refused"}.get(locale, "chen · 被拒绝访问"))
    assert serious(page) == []


@pytest.mark.parametrize(
    ("locale", "words"), [("zh-CN", "节点离线，未发送；封锁，至 "), ("en", "offline; locked until ")]
)
def test_what_stands_beside_an_action_is_in_the_readers_language_and_the_sites_time(
    site: Site, open_page: OpenPage, locale: str, words: str
) -> None:
    page = open_page(locale=locale)
    opened(page, site)
    page.get_by_label({"en": "User"}.get(locale, "用户"), exact=True).fill("wang")
    ordered = page.locator("[data-action='lane.locked']")
    expect(ordered).to_contain_text(words)
    expect(ordered).to_contain_text("狗")
    assert not re.search(r"\dT\d\d:", ordered.inner_text())
    expect(ordered.locator("strong")).to_contain_text({"en": "Locked a lane"}.get(locale, "封锁通道"))
    page.screenshot(path=evidence_folder() / f"audit-said-{locale}.png")


@pytest.mark.parametrize("width", [390, 820, 1280])
@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_a_look_at_a_picture_names_whom_it_is_of_and_never_a_bare_hash(
    site: Site, open_page: OpenPage, width: int, locale: str
) -> None:
    words, stray = {"en": ("Passage: ", "Picture ")}.get(locale, ("通行：", "图片 "))
    page = open_page(width=width, height=844, locale=locale)
    opened(page, site)
    page.get_by_label({"en": "User"}.get(locale, "用户"), exact=True).fill("wang")
    subjects = page.locator("[data-action='picture.view'] .audit-subject")
    expect(subjects).to_have_count(2)
    expect(subjects.last).to_contain_text(f"{words}s-1001 · cam-1 · ")
    expect(subjects.first).to_contain_text(stray)
    expect(subjects.first).to_contain_text("… · gate-1 · ")
    assert not re.search(r"[0-9a-f]{20}", page.locator(".page").inner_text())
    for subject in subjects.all():
        assert subject.evaluate("each => each.scrollWidth <= each.clientWidth"), "cut"
    page.screenshot(path=evidence_folder() / f"audit-picture-{width}-{locale}.png")


def test_looks_at_one_person_are_found_by_who_and_kind(site: Site, open_page: OpenPage) -> None:
    page = open_page(locale="en")
    opened(page, site)
    page.get_by_label("Kind").select_option("look")
    page.get_by_label("Person (id)").fill("s-1001")
    page.get_by_label("User").fill("wang")
    rows = page.locator(".audit-row")
    expect(rows).to_have_count(3)
    expect(rows.last).to_contain_text("Looked at somebody's day")
    page.get_by_label("Until").fill("2020-01-01")
    expect(page.locator(".empty")).to_contain_text("No such entries")


def test_a_changed_entry_turns_the_page_red(site: Site, open_page: OpenPage) -> None:
    page = open_page(locale="en")
    opened(page, site)
    with site.gateway.services() as parts, parts.store.write() as link:
        before = link.execute(select(audit.c.who).where(audit.c.id == 2)).scalar_one()
        link.execute(update(audit).where(audit.c.id == 2).values(who="nobody"))
    page.get_by_role("button", name="Check again").click()
    expect(page.locator(".audit-broken")).to_contain_text("broken at entry 2")
    page.screenshot(path=evidence_folder() / "audit-broken.png")
    with site.gateway.services() as parts, parts.store.write() as link:
        link.execute(update(audit).where(audit.c.id == 2).values(who=before))


def test_an_officers_address_bar_leads_to_no_record(site: Site, open_page: OpenPage) -> None:
    page = open_page()
    site.enter(page, "chen", "police")
    page.locator(".shell").wait_for()
    page.goto(f"{site.gateway.url}/#/audit")
    expect(page.get_by_role("heading", name="研判", level=1)).to_be_visible()
    expect(page.locator(".audit-row")).to_have_count(0)


@pytest.mark.parametrize(("size", "locale"), LOOKS)
def test_an_auditor_begins_at_the_record_sees_the_ledger_and_nothing_else(
    site: Site, open_page: OpenPage, size: tuple[int, int], locale: str
) -> None:
    page = open_page(width=size[0], height=size[1], locale=locale)
    site.enter(page, "zhao", "auditor")
    page.locator(".audit-row").first.wait_for()
    ledger = page.locator(".ledger")
    expect(ledger).to_contain_text({"en": "decided"}.get(locale, "全部入库"))
    ledger.locator("summary").click()
    expect(ledger.locator("tbody tr")).not_to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.screenshot(path=evidence_folder() / f"audit-ledger-{size[0]}-{locale}.png")
    assert serious(page) == []
    page.goto(f"{site.gateway.url}/#/alerts")
    expect(page.locator(".audit-state")).to_be_visible()
