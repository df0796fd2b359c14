"""A class's day on one page: read at a glance, corrected in two taps, live, and taken home as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Locator, Page, expect
from support.gateway import GatewayProcess

from .classes import TEACHER, fifty
from .conftest import OpenPage
from .listed import KEY
from .scene import Site, evidence_folder
from .test_pages import HAN, SIZES, serious


@pytest.fixture(scope="module")
def site(gateway: GatewayProcess) -> Iterator[Site]:
    """It is some time after the first bell; three came after it."""
    made = fifty(gateway)
    for number in range(3):
        made.comes(f"p-{number:02d}", seed=number, direction="in", lane="main")
    made.settle()
    yield made
    made.close()


def day(site: Site, open_page: OpenPage, user: str = TEACHER, role: str = "teacher", **how: object) -> Page:
    page = open_page(**how)
    site.enter(page, user, role)
    page.locator(".shell").wait_for()
    return page


def row(page: Page, person: str) -> Locator:
    return page.locator(f".pupil[data-person='{person}']")


def finding(page: Page, name: str) -> Locator:
    return page.locator(f".findings .finding-{name}")


def test_a_teacher_begins_at_the_own_classes_day(site: Site, open_page: OpenPage) -> None:
    page = day(site, open_page)
    expect(page.get_by_role("heading", name="考勤", level=1)).to_be_visible()
    expect(page.locator(".pupil")).to_have_count(48)
    expect(finding(page, "absent")).to_contain_text("45")
    expect(finding(page, "late")).to_contain_text("3")
    expect(page.locator(".class-picker")).to_have_count(0)
    expect(page.locator("main")).not_to_contain_text("g3-2")
    expect(page.locator(".pupils img")).to_have_count(0)


@pytest.mark.parametrize(("size", "locale", "theme"), [("desk", "zh-CN", "light"), ("phone", "en", "dark")])
def test_fifty_pupils_are_readable(size: str, locale: str, theme: str, site: Site, open_page: OpenPage) -> None:
    width, height = SIZES[size]
    page = day(site, open_page, width=width, height=height, locale=locale, theme=theme)
    expect(page.locator(".pupil")).to_have_count(48)
    page.screenshot(path=evidence_folder() / f"school-{size}-{locale}-{theme}.png", animations="disabled")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    text = page.locator("body").inner_text()
    assert not KEY.findall(text)
    if locale == "en":
        shell = text.replace("第一小学", "")
        for name in page.locator(".pupil-name").all_inner_texts():
            shell = shell.replace(name, "")
        assert not HAN.search(shell)
    assert serious(page) == []
    row(page, "p-10").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.screenshot(path=evidence_folder() / f"school-pupil-{size}-{locale}-{theme}.png", animations="disabled")
    assert serious(page) == []


def test_a_correction_takes_two_taps_and_is_taken_back_with_two(site: Site, open_page: OpenPage) -> None:
    page = day(site, open_page, width=390, height=844)
    row(page, "p-20").tap()
    page.get_by_role("button", name="在校 · 老师亲眼见到").tap()
    expect(row(page, "p-20")).to_contain_text("已更正")
    expect(row(page, "p-20").locator(".day-status")).to_contain_text("到校")
    expect(page.get_by_role("dialog")).to_have_count(0)
    row(page, "p-20").tap()
    expect(page.get_by_role("dialog")).to_contain_text("老师亲眼见到")
    expect(page.get_by_role("dialog")).to_contain_text("闸口记录：缺勤")
    page.get_by_role("button", name="撤回", exact=True).tap()
    expect(row(page, "p-20").locator(".day-status")).to_contain_text("缺勤")
    expect(row(page, "p-20")).not_to_contain_text("已更正")


def test_a_time_and_a_reason_in_own_words_are_said_with_the_keyboard_alone(site: Site, open_page: OpenPage) -> None:
    page = day(site, open_page, locale="en")
    row(page, "p-21").focus()
    page.keyboard.press("Enter")
    other = page.get_by_role("dialog").locator("details", has_text="Another correction")
    other.locator("summary").focus()
    page.keyboard.press("Enter")
    other.get_by_label("Time", exact=True).fill("00:00")
    other.get_by_label("Reason", exact=True).fill("came by the kitchen door")
    page.keyboard.press("Enter")
    expect(row(page, "p-21").locator(".day-status")).to_contain_text("Present")
    expect(row(page, "p-21")).to_contain_text("Arrived 00:00")


def test_who_comes_meanwhile_is_seen_without_a_reload(site: Site, open_page: OpenPage) -> None:
    page = day(site, open_page)
    expect(row(page, "p-30").locator(".day-status")).to_contain_text("缺勤")
    site.comes("p-30", seed=1, direction="in", lane="main")
    expect(row(page, "p-30").locator(".day-status")).to_contain_text("迟到")


def test_a_number_shows_just_whom_it_counts_and_another_day_is_one_press_away(site: Site, open_page: OpenPage) -> None:
    page = day(site, open_page)
    finding(page, "late").click()
    expect(row(page, "p-00")).to_be_visible()
    expect(row(page, "p-40")).to_have_count(0)
    page.get_by_role("button", name="后一天").click()
    expect(finding(page, "due")).to_contain_text("48")
    row(page, "p-40").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="请假 · 病假")).to_be_visible()
    expect(dialog.get_by_role("button", name="在校 · 老师亲眼见到")).to_have_count(0)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="今天").click()
    expect(finding(page, "late")).to_be_visible()


def test_the_sheet_is_taken_home_as_a_file(site: Site, open_page: OpenPage, tmp_path: Path) -> None:
    page = day(site, open_page)
    files = {}
    for name in ("CSV", "Excel"):
        with page.expect_download() as fetched:
            page.locator(".sheet-export").get_by_role("link", name=name).click()
        files[name] = tmp_path / fetched.value.suggested_filename
        fetched.value.save_as(files[name])
    rows = list(csv.reader(io.StringIO(files["CSV"].read_text(encoding="utf-8-sig"))))
    assert len(rows) == 49
    assert rows[0][:4] == ["日期", "班级", "编号", "姓名"]
    sheet = load_workbook(files["Excel"]).active
    assert sheet is not None
    assert sheet.max_row == 49


def test_the_office_sees_every_class_and_goes_from_one_to_the_next(site: Site, open_page: OpenPage) -> None:
    page = day(site, open_page, user="head", role="admin")
    page.goto(f"{site.gateway.url}/#/school")
    page.locator(".class-picker a", has_text="g3-2").click()
    expect(page.locator(".pupil")).to_have_count(2)
    page.goto(f"{site.gateway.url}/#/school/no-such-class")
    expect(page.locator(".pupil")).to_have_count(48)


def test_leave_is_given_and_ended_where_the_pupil_is_looked_at(site: Site, open_page: OpenPage) -> None:
    page = day(site, open_page, locale="en")
    row(page, "p-41").click()
    dialog = page.get_by_role("dialog")
    dialog.locator("summary", has_text="Give leave").click()
    dialog.get_by_label("From", exact=True).fill("00:00")
    dialog.get_by_label("Until", exact=True).fill("23:59")
    dialog.get_by_label("Reason", exact=True).first.fill("dentist")
    dialog.get_by_role("button", name="This car").click()
    dialog.get_by_label("Plate").fill("京A12345")
    page.screenshot(path=evidence_folder() / "school-leave.png", animations="disabled")
    dialog.get_by_role("button", name="This person").click()
    dialog.get_by_label("Name or number").fill("p-40")
    dialog.locator(".order-found button").first.click()
    expect(dialog.locator(".order-person b")).not_to_be_empty()
    last = (date.fromisoformat(dialog.get_by_label("Until this day").input_value()) + timedelta(days=2)).isoformat()
    dialog.get_by_label("Until this day").fill(last)
    page.screenshot(path=evidence_folder() / "school-leave-days.png", animations="disabled")
    dialog.get_by_role("button", name="Give leave", exact=True).click()
    expect(dialog).to_contain_text(f"{last[5:]} 23:59")
    dialog.get_by_role("button", name="End it").click()
    expect(dialog.get_by_role("button", name="End it")).to_have_count(0)
    dialog.get_by_label("From", exact=True).fill("00:00")
    dialog.get_by_label("Until", exact=True).fill("23:59")
    dialog.get_by_label("Reason", exact=True).first.fill("dentist")
    dialog.get_by_role("button", name="This car").click()
    dialog.get_by_label("Plate").fill("京A12345")
    dialog.get_by_role("button", name="Give leave", exact=True).click()
    expect(dialog).to_contain_text("Leave 00:00–23:59")
    expect(dialog).to_contain_text("京A12345")
    page.keyboard.press("Escape")
    expect(row(page, "p-41").locator(".day-status")).to_contain_text("Excused")
    expect(row(page, "p-41")).to_contain_text("Leave 00:00–23:59")
    row(page, "p-41").click()
    dialog.get_by_role("button", name="End it").click()
    page.keyboard.press("Escape")
    expect(row(page, "p-41").locator(".day-status")).to_contain_text("Absent")
