"""Groups and schedules on the page: arranged by hand and keyboard, looked at before, never overwritten unseen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Locator, Page, expect
from support.gateway import GatewayProcess
from zhian_gateway.people import arranging as arrange
from zhian_gateway.people import rosters
from zhian_wire.calendar import Group

from .classes import TEACHER, enrol, fifty
from .conftest import OpenPage
from .listed import KEY
from .reading import violations
from .scene import Site, evidence_folder
from .test_pages import HAN, SIZES


@pytest.fixture(scope="module")
def site(gateway: GatewayProcess) -> Iterator[Site]:
    """Two classes with lessons all day, and a morning by which nobody comes yet."""
    made = fifty(gateway)
    spans = [
        {"days": ["mon", "tue", "wed", "thu", "fri"], "start": "06:30", "end": "08:20"},
        {"days": ["mon", "tue", "wed", "thu", "fri"], "start": "13:00", "end": "14:10"},
        {"days": ["sat"], "start": "22:00", "end": "06:00"},
    ]
    with closing(gateway.log_in("head", "admin")) as office:
        office.post("/api/timetable/schedules", json={"id": "school-days", "spans": spans}).raise_for_status()
        office.post("/api/calendar/days", json={"day": "2026-03-03", "name": "校庆"}).raise_for_status()
        office.post("/api/calendar/days", json={"day": "2026-03-07", "works_as": "tue"}).raise_for_status()
    yield made
    made.close()


def own(site: Site, name: str, *pupils: str) -> str:
    """A group of a test's own, so that no other test sees what becomes of it."""
    with site.gateway.services() as parts:
        with parts.store.write() as link:
            group = Group(id=name, lessons="lessons")
            arrange.add_group(link, group, site=parts.site, who="test", now=parts.now())
        for pupil in pupils:
            enrol(parts, site, pupil, "司马一一", name)
    return name


def arranging(site: Site, open_page: OpenPage, address: str = "", user: str = "head", **how: object) -> Page:
    page = open_page(**{"locale": "en"} | how)
    site.enter(page, user, "admin" if user == "head" else user)
    page.locator(".shell").wait_for()
    page.goto(f"{site.gateway.url}/#/groups{address}")
    page.locator(".arranged").first.wait_for()
    return page


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog")


def ahead(page: Page, day: str) -> Locator:
    """What is said of a day before anything is saved."""
    part = dialog(page).get_by_role("region", name="What this means")
    part.get_by_label("Day").fill(day)
    return part


def looked(page: Page, name: str, locale: str) -> None:
    """A picture for people; and nothing that a machine finds wrong."""
    page.screenshot(path=evidence_folder() / f"{name}.png", animations="disabled")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    text = page.locator("main").inner_text()
    assert not KEY.findall(text)
    if locale == "en":
        assert not HAN.search(text.replace("校庆", ""))
    assert violations(page) == []


@pytest.mark.parametrize(("size", "locale", "theme"), [("desk", "zh-CN", "light"), ("phone", "en", "dark")])
def test_groups_and_schedules_are_read(size: str, locale: str, theme: str, site: Site, open_page: OpenPage) -> None:
    width, height = SIZES[size]
    page = arranging(site, open_page, width=width, height=height, locale=locale, theme=theme)
    expect(page.locator("[data-group='g3-1']")).to_contain_text("48")
    looked(page, f"groups-{size}-{locale}", locale)
    for address, name in (("/g3-1", "group"), ("?schedule=school-days", "schedule")):
        page.goto(f"{site.gateway.url}/#/groups{address}")
        page.locator(".ahead-next li").first.wait_for()
        page.locator("input[type=date]").fill("2026-03-02")
        expect(page.locator(".ahead-next li")).to_have_count(6)
        expect(page.locator(".ahead-next")).to_contain_text("校庆")
        looked(page, f"{name}-{size}-{locale}", locale)
        page.keyboard.press("Escape")
        expect(dialog(page)).to_have_count(0)


def test_what_a_schedule_means_is_said_in_words_before_it_is_a_groups(site: Site, open_page: OpenPage) -> None:
    page = arranging(site, open_page, "/g3-2")
    dialog(page).get_by_label("May come").select_option("school-days")
    part = ahead(page, "2026-03-02")
    expect(part.get_by_role("status")).to_contain_text("Monday, March 2: may come 06:30–08:20 and 13:00–14:10.")
    expect(part.get_by_role("status")).to_contain_text("Lessons 00:01–23:59.")
    expect(part.locator(".ahead-next li")).to_contain_text(
        ["Day off: 校庆", "06:30–08:20", "06:30–08:20", "06:30–08:20", "Works as Tue", "no"]
    )
    expect(ahead(page, "2026-03-08").get_by_role("status")).to_contain_text("may not come")
    expect(ahead(page, "2026-03-15").get_by_role("status")).to_contain_text("may come until 06:00.")
    with site.gateway.services() as parts, parts.store.read() as link:
        told = rosters.build(link, since=0, now=parts.now())
    assert [each.schedule for each in told.groups if each.id == "g3-2"] == [""]
    dialog(page).get_by_label("May come").select_option("")
    expect(ahead(page, "2026-03-02").get_by_role("status")).to_contain_text("may come at any time")


def test_a_schedule_is_made_and_given_to_a_new_group_by_keyboard_alone(site: Site, open_page: OpenPage) -> None:
    page = arranging(site, open_page)
    page.get_by_role("link", name="New schedule").focus()
    page.keyboard.press("Enter")
    expect(dialog(page).get_by_label("Name")).to_be_focused()
    page.keyboard.type("evenings")
    dialog(page).get_by_label("From").fill("18:00")
    dialog(page).get_by_label("Until").fill("00:00")
    expect(ahead(page, "2026-03-02").get_by_role("status")).to_contain_text("may come 18:00–24:00")
    dialog(page).get_by_label("Also on days off").press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("[data-schedule='evenings']")).to_contain_text("Mon–Fri 18:00–24:00")
    page.get_by_role("link", name="New group").focus()
    page.keyboard.press("Enter")
    expect(dialog(page).get_by_label("Name")).to_be_focused()
    page.keyboard.type("choir")
    dialog(page).get_by_label("May come").select_option("evenings")
    page.keyboard.press("Enter")
    expect(page.locator("[data-group='choir']")).to_contain_text("evenings")
    with site.gateway.services() as parts, parts.store.read() as link:
        told = rosters.build(link, since=0, now=parts.now())
    assert ("choir", "evenings") in {(each.id, each.schedule) for each in told.groups}
    page.locator("[data-schedule='evenings']").click()
    expect(dialog(page)).to_contain_text("Can be removed once nobody comes by it")
    page.goto(f"{site.gateway.url}/#/groups/choir")
    dialog(page).get_by_role("button", name="Remove").click()
    dialog(page).get_by_role("button", name="Remove choir for good").click()
    expect(page.locator("[data-group='choir']")).to_have_count(0)
    page.locator("[data-schedule='evenings']").click()
    dialog(page).get_by_role("button", name="Remove", exact=True).click()
    dialog(page).get_by_role("button", name="Remove evenings for good").click()
    expect(page.locator("[data-schedule='evenings']")).to_have_count(0)


def test_what_cannot_be_meant_is_refused_in_words(site: Site, open_page: OpenPage) -> None:
    page = arranging(site, open_page, "?schedule=school-days")
    dialog(page).get_by_role("button", name="Add hours").click()
    row = dialog(page).get_by_role("group", name="Hours 4", exact=True)
    expect(dialog(page)).to_contain_text("Hours need a weekday, a beginning and an end")
    row.get_by_label("From").fill("08:00")
    row.get_by_label("Until").fill("09:00")
    overlap = "06:30-08:20 and 08:00-09:00 lie over each other on Mon."
    expect(dialog(page).get_by_role("alert")).to_contain_text(overlap)
    dialog(page).get_by_role("button", name="Save").click()
    expect(dialog(page).get_by_role("alert").last).to_contain_text(overlap)
    page.goto(f"{site.gateway.url}/#/groups/+")
    dialog(page).get_by_label("Name").fill("g3-1")
    page.keyboard.press("Enter")
    expect(dialog(page).get_by_role("alert")).to_contain_text("There is g3-1 already")
    dialog(page).get_by_label("Name").fill("三年级")
    expect(dialog(page)).to_contain_text("Letters without accents")
    expect(dialog(page).get_by_role("button", name="Add")).to_be_disabled()


def test_who_is_slower_sees_what_holds_before_saving_again(site: Site, open_page: OpenPage) -> None:
    name = own(site, "slower")
    page = arranging(site, open_page, f"/{name}")
    dialog(page).get_by_label("Leaves only with").check()
    with closing(site.gateway.log_in("other", "admin")) as other:
        said = {"id": name, "schedule": "school-days", "lessons": "lessons"}
        other.put(f"/api/timetable/groups/{name}", json=said).raise_for_status()
    page.keyboard.press("Enter")
    expect(dialog(page).get_by_role("alert")).to_contain_text("Somebody else changed this meanwhile; nothing was saved")
    dialog(page).get_by_role("button", name="Show what holds now").click()
    expect(dialog(page).get_by_label("May come")).to_have_value("school-days")
    expect(dialog(page).get_by_label("Leaves only with")).not_to_be_checked()
    dialog(page).get_by_label("Leaves only with").check()
    page.keyboard.press("Enter")
    expect(page.locator(f"[data-group='{name}']")).to_contain_text("is collected")


def test_a_renamed_group_takes_its_people_along(site: Site, open_page: OpenPage) -> None:
    page = arranging(site, open_page, f"/{own(site, 'third', 'third-1', 'third-2')}")
    dialog(page).get_by_label("Name").fill("fourth")
    page.keyboard.press("Enter")
    expect(page.locator("[data-group='fourth']")).to_contain_text("2 people")
    expect(page.locator("[data-group='third']")).to_have_count(0)


def test_a_teacher_reads_of_the_own_class_and_changes_nothing(site: Site, open_page: OpenPage) -> None:
    page = open_page(locale="en")
    site.enter(page, TEACHER, "teacher")
    page.locator(".shell").wait_for()
    page.goto(f"{site.gateway.url}/#/groups/g3-1")
    expect(dialog(page).get_by_label("May come")).to_be_disabled()
    expect(dialog(page).get_by_role("button", name="Save")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator("[data-group]")).to_have_count(1)
    expect(page.get_by_role("link", name="New group")).to_have_count(0)


@pytest.mark.parametrize(("size", "locale"), [("desk", "zh-CN"), ("phone", "en")])
def test_several_are_moved_at_once_or_nobody_is(size: str, locale: str, site: Site, open_page: OpenPage) -> None:
    words = {
        "en": ("Choose several", "All shown (2)", "Into group", "Move 2 people", "2 people moved to {to}."),
        "zh-CN": ("选择多人", "全选当前显示（2）", "移到班组", "移动 2 人", "已将 2 人移到 {to}。"),
    }
    several, every, into, move, moved = words[locale]
    width, height = SIZES[size]
    # By their ids among the first, which the page shows without being asked for more.
    ids = (f"a-{size}-1", f"a-{size}-2")
    begin, to = own(site, f"from-{size}", *ids), own(site, f"to-{size}")
    page = arranging(site, open_page, width=width, height=height, locale=locale)
    page.goto(f"{site.gateway.url}/#/people")
    page.get_by_role("button", name=several).click()
    for person in ids:
        page.locator(f"[data-person='{person}'] input").check()
    page.get_by_label(into).select_option(to)
    looked(page, f"people-move-{size}-{locale}", "zh-CN")
    with site.gateway.services() as parts, parts.store.write() as link:
        parts.editor.set_place(link, ids[0], to, None, who="t", now=parts.now())
    page.get_by_role("button", name=move).click()
    expect(page.get_by_role("alert")).to_have_text(re.compile("nobody was moved|没有移动任何人"))
    with site.gateway.services() as parts, parts.store.write() as link:
        for person in ids:
            parts.editor.set_place(link, person, begin, None, who="t", now=parts.now())
    page.reload()
    page.get_by_role("button", name=several).click()
    page.get_by_role("searchbox").fill(f"a-{size}-")
    for person in ids:
        page.locator(f"[data-person='{person}'] input").check()
    page.get_by_label(into).select_option(to)
    page.get_by_role("button", name=move).click()
    expect(page.locator(".move-done")).to_have_text(moved.format(to=to))
    for person in ids:
        expect(page.locator(f"[data-person='{person}']")).to_contain_text(to)
    page.goto(f"{site.gateway.url}/#/people?find=p-9")
    page.reload()
    expect(page.locator(".people .row")).to_have_count(2)
    page.get_by_role("button", name=several).click()
    page.get_by_role("button", name=every).click()
    expect(page.locator(".people .row input:checked")).to_have_count(2)
