"""The office's desk on the page: people found, cards and consents, and who may collect a child, also at an alert."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect
from support.gateway import GatewayProcess
from zhian_gateway.errors import ImportUnderWay
from zhian_wire.state import DeviceState

from .classes import TEACHER, fifty
from .conftest import OpenPage
from .listed import KEY
from .scene import Site, evidence_folder
from .test_pages import HAN, SIZES, serious

#: As it is printed for a guardian.
CODE = re.compile(r"^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$")


@pytest.fixture(scope="module")
def site(gateway: GatewayProcess) -> Iterator[Site]:
    """Fifty pupils; one of them left with somebody who is not listed."""
    made = fifty(gateway)
    made.raises("left_with_unlisted", "p-05", seed=3)
    made.settle()
    yield made
    made.close()


def desk(site: Site, open_page: OpenPage, person: str | None = None, **how: object) -> Page:
    page = open_page(**how)
    site.enter(page, "head", "admin")
    page.locator(".shell").wait_for()
    page.goto(f"{site.gateway.url}/#/people{'' if person is None else f'/{person}'}")
    page.locator(".people").wait_for()
    return page


def section(page: Page, name: str) -> Locator:
    return page.get_by_role("dialog").get_by_role("region", name=name)


@pytest.mark.parametrize(("size", "locale", "theme"), [("desk", "zh-CN", "light"), ("phone", "en", "dark")])
def test_everybody_is_found_and_read(size: str, locale: str, theme: str, site: Site, open_page: OpenPage) -> None:
    width, height = SIZES[size]
    page = desk(site, open_page, width=width, height=height, locale=locale, theme=theme)
    expect(page.locator(".people-stranded b")).to_have_text("50")
    page.get_by_role("searchbox").fill("p-05")
    expect(page.locator(".people .row")).to_have_count(1)
    page.get_by_role("searchbox").fill("")
    page.screenshot(path=evidence_folder() / f"people-{size}-{locale}-{theme}.png", animations="disabled")
    assert serious(page) == []
    page.locator(".people .row").first.click()
    expect(page.get_by_role("dialog").locator(".desk-file")).to_be_visible()
    page.screenshot(path=evidence_folder() / f"person-{size}-{locale}-{theme}.png", animations="disabled")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    text = page.get_by_role("dialog").locator(".desk-file").inner_text()
    assert not KEY.findall(text)
    if locale == "en":
        guardian = page.get_by_role("dialog").get_by_label("Said by").input_value()
        assert guardian
        assert not HAN.search(text.replace(guardian, ""))
    assert serious(page) == []


def test_a_card_is_issued_and_reported_lost_at_the_desk(site: Site, open_page: OpenPage) -> None:
    page = desk(site, open_page, "p-01", locale="en")
    cards = section(page, "Cards")
    cards.get_by_label("New card").fill("04a1b2c3")
    page.keyboard.press("Enter")
    expect(cards.locator("li")).to_contain_text(["04A1B2C3"])
    expect(section(page, "Ways in")).to_contain_text("Card")
    cards.get_by_role("button", name="Lost").click()
    cards.get_by_role("button", name="Withdraw 04A1B2C3: Lost").click()
    expect(cards.locator("li")).to_contain_text(["Withdrawn: Lost"])
    expect(section(page, "Ways in")).to_contain_text("No way in at all")
    cards.get_by_role("button", name="Found again").click()
    expect(cards.locator("li")).to_contain_text(["Holds"])
    cards.get_by_role("button", name="Damaged").click()
    cards.get_by_label("New card in its place").fill("77705924")
    cards.locator(".card-end").get_by_label("Written as").select_option("decimal")
    cards.get_by_role("button", name="Replace 04A1B2C3").click()
    expect(cards.locator("[data-card='04A1B2C3']")).to_contain_text("Withdrawn: Damaged")
    expect(cards.locator("[data-card='04A1B2C4']")).to_contain_text("Holds")
    cards.get_by_role("button", name="Returned").click()
    cards.get_by_role("button", name="Withdraw 04A1B2C4: Returned").click()
    expect(section(page, "Ways in")).to_contain_text("No way in at all")
    page.get_by_role("button", name="Let guards let them in").click()
    expect(section(page, "Ways in")).to_contain_text("By hand")


def test_a_card_that_somebody_else_has_is_refused_in_words(site: Site, open_page: OpenPage) -> None:
    for person, refused in (("p-02", False), ("p-03", True)):
        page = desk(site, open_page, person, locale="en")
        section(page, "Cards").get_by_label("New card").fill("0BADCAFE")
        page.keyboard.press("Enter")
        if refused:
            expect(section(page, "Cards").get_by_role("alert")).to_contain_text("somebody else has")
        else:
            expect(section(page, "Cards").locator("li")).to_contain_text(["0BADCAFE"])


@pytest.mark.parametrize(("size", "locale"), [("desk", "zh-CN"), ("phone", "en")])
def test_a_desks_reader_is_offered_and_one_that_is_away_is_said_to_be(
    size: str, locale: str, site: Site, open_page: OpenPage
) -> None:
    site.beat(devices=(DeviceState(id="front", kind="reader", driver="pcsc", status="ok", use="desk"),))
    width, height = SIZES[size]
    page = desk(site, open_page, "p-06", width=width, height=height, locale=locale)
    words = {"zh-CN": ("读卡", "请在 front 上刷卡"), "en": ("Read a card", "Hold the card to front")}
    read, hold = words[locale]
    page.get_by_role("button", name=read).click()
    expect(page.locator("[data-reading=true]")).to_contain_text(hold)
    page.screenshot(path=evidence_folder() / f"desk-reading-{size}-{locale}.png", animations="disabled")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert serious(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name={"zh-CN": "这是谁的卡？", "en": "Whose card is this?"}[locale]).click()
    expect(page.locator("[data-reading=true]")).to_contain_text(hold)
    page.screenshot(path=evidence_folder() / f"desk-whose-{size}-{locale}.png", animations="disabled")
    lost = DeviceState(id="front", kind="reader", driver="pcsc", status="down", cause="lost", use="desk")
    site.beat(devices=(lost,))
    away = {"zh-CN": "故障", "en": "is out of order"}[locale]
    expect(page.locator(".read-card")).to_contain_text(away, timeout=15_000)
    assert serious(page) == []


@pytest.mark.parametrize(("size", "locale"), [("desk", "en"), ("phone", "zh-CN")])
def test_name_plates_and_guardians_are_typed_at_the_desk(
    size: str, locale: str, site: Site, open_page: OpenPage
) -> None:
    words = {
        "en": (
            "Vehicles",
            "Another plate",
            "Add",
            "Guardians",
            "Add a guardian",
            "Guardian's name",
            "Where they are told",
        ),
        "zh-CN": ("车辆", "新增车牌", "添加", "监护人", "添加监护人", "监护人姓名", "通知地址"),
    }
    more = {
        "en": ("Code for a phone", "Name, class and days", "Class or group", "Save"),
        "zh-CN": ("手机绑定码", "姓名、班级与有效期", "班级或组", "保存"),
    }
    vehicles, another, add, guardians, add_one, name, where = words[locale]
    code, title, group, save = more[locale]
    person = f"p-{7 if locale == 'en' else 8:02}"
    plate = f"京A000{person[-2:]}"
    width, height = SIZES[size]
    page = desk(site, open_page, person, width=width, height=height, locale=locale)
    cars = section(page, vehicles)
    cars.get_by_label(another).fill(plate.lower())
    cars.get_by_role("button", name=add, exact=True).click()
    expect(cars.locator("li")).to_contain_text([plate])
    told = section(page, guardians)
    expect(told.locator("li")).to_have_count(1)
    told.locator("summary", has_text=add_one).click()
    told.get_by_label(name).fill("外婆" if locale == "zh-CN" else "Gran")
    told.get_by_label(where).fill(f"inbox://gran-{person}")
    told.get_by_role("button", name=add_one, exact=True).click()
    expect(told.locator("li")).to_have_count(2)
    told.locator("li").nth(1).get_by_role("button", name=code).click()
    expect(told.locator(".guardian-code strong")).to_have_text(CODE)
    told.scroll_into_view_if_needed()
    page.screenshot(path=evidence_folder() / f"desk-guardians-{size}-{locale}.png", animations="disabled")
    assert serious(page) == []
    typed = section(page, title)
    typed.locator("summary").click()
    typed.get_by_label(group).select_option("g3-2")
    page.screenshot(path=evidence_folder() / f"desk-particulars-{size}-{locale}.png", animations="disabled")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not KEY.findall(page.get_by_role("dialog").inner_text())
    assert serious(page) == []
    typed.get_by_role("button", name=save).click()
    expect(page.get_by_role("dialog").locator(".pupil-head")).to_contain_text("g3-2")
    page.keyboard.press("Escape")
    page.get_by_role("searchbox").fill(plate if locale == "en" else "g3-2")
    expect(page.locator(f".people .row[data-person={person}]")).to_contain_text(plate)


def test_a_consent_is_recorded_with_its_guardian_and_taken_back_with_one_press(site: Site, open_page: OpenPage) -> None:
    page = desk(site, open_page, "p-04", locale="en")
    consents = section(page, "Consents")
    row = consents.locator("li", has_text="Notices of passages")
    row.get_by_role("button", name="Record consent").click()
    expect(row).to_contain_text("Agreed")
    expect(row).to_contain_text("的家长")
    row.get_by_role("button", name="Take back").click()
    expect(row).to_contain_text("Refused or taken back")


def test_who_may_collect_is_said_at_the_desk_and_shown_to_teacher_and_guard(site: Site, open_page: OpenPage) -> None:
    page = desk(site, open_page, "p-05", locale="en")
    who = section(page, "Who may collect")
    expect(who).to_contain_text("Nobody is listed")
    who.locator("summary").click()
    who.get_by_role("button", name="This car").click()
    who.get_by_label("Plate").fill("京A12345")
    who.get_by_label("Relation").fill("grandfather")
    who.get_by_role("button", name="Odd weeks").click()
    who.get_by_label("Counted from").fill("2020-01-01")
    page.screenshot(path=evidence_folder() / "collectors-weeks.png", animations="disabled")
    assert serious(page) == []
    who.get_by_role("button", name="Every week").click()
    page.screenshot(path=evidence_folder() / "collectors.png", animations="disabled")
    who.get_by_role("button", name="Allow").click()
    expect(who.locator("li")).to_contain_text(["京A12345"])
    expect(who.locator("li .badge")).to_have_text("Today")

    guard = open_page()
    site.enter(guard, "wang")
    # A slow machine may raise another case meanwhile: this one is looked at.
    guard.locator(".card", has_text="被未登记的人接走").locator(".card-body").click()
    shown = guard.locator(".focus").get_by_role("region", name="谁可以接")
    expect(shown).to_contain_text("京A12345")
    expect(shown).to_contain_text("今天可以接")
    expect(shown.get_by_role("button")).to_have_count(0)
    guard.screenshot(path=evidence_folder() / "leaving-collectors.png", animations="disabled")

    teacher = open_page(locale="en")
    site.enter(teacher, TEACHER, "teacher")
    teacher.locator(".pupil[data-person='p-05']").click()
    teacher.get_by_role("dialog").locator("summary", has_text="Who may collect").click()
    expect(teacher.get_by_role("dialog")).to_contain_text("grandfather")


def test_a_table_is_looked_through_row_by_row_before_anybody_is_enrolled(
    site: Site, open_page: OpenPage, tmp_path: Path
) -> None:
    table = tmp_path / "roll.csv"
    table.write_text("id,name,group,cards\nn-1,New One,g3-2,0A0B0C0D\nn-2,New Two,g3-2,no card\n", encoding="utf-8")
    page = desk(site, open_page, locale="en")
    page.get_by_role("button", name="Import a table").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Table or ZIP", exact=True).set_input_files(table)
    dialog.get_by_role("button", name="Look it through").click()
    expect(dialog).to_contain_text("1 rows can be taken, 1 cannot")
    expect(dialog.locator("li")).to_contain_text(["Row 3 n-2 refused"])
    page.screenshot(path=evidence_folder() / "import.png", animations="disabled")
    expect(page.locator(".people .row", has_text="New One")).to_have_count(0)
    dialog.get_by_role("button", name="Import 1 rows").click()
    expect(dialog).to_contain_text("1 rows taken, 1 not")
    page.keyboard.press("Escape")
    page.get_by_role("searchbox").fill("n-1")
    expect(page.locator(".people .row")).to_contain_text("New One")


def test_what_a_table_takes_away_is_told_before_it_is_taken(site: Site, open_page: OpenPage, tmp_path: Path) -> None:
    table = tmp_path / "roll.csv"
    page = desk(site, open_page, locale="en")
    dialog = page.get_by_role("dialog")
    for cards in ("0A0B0C1D", ""):
        page.get_by_role("button", name="Import a table").click()
        table.write_text(f"id,name,group,cards\nn-3,New Three,g3-2,{cards}\n", encoding="utf-8")
        dialog.get_by_label("Table or ZIP", exact=True).set_input_files(table)
        dialog.get_by_role("button", name="Look it through").click()
        expect(dialog).to_contain_text("1 rows can be taken, 0 cannot")
        if cards:
            expect(dialog).not_to_contain_text("Taken away")
            dialog.get_by_role("button", name="Import 1 rows").click()
            expect(dialog).to_contain_text("1 rows taken, 0 not")
            page.keyboard.press("Escape")
    expect(dialog).to_contain_text("Taken away: 1 cards, 0 plates, 0 guardians; called otherwise: 0 people")
    expect(dialog.locator("li")).to_contain_text(["takes away card 0A0B0C1D"])


def test_an_import_whose_answer_is_lost_on_the_way_shows_its_report(
    site: Site, open_page: OpenPage, tmp_path: Path
) -> None:
    def lose(route: Route) -> None:
        if route.request.method == "POST":
            route.fetch()
            route.abort("connectionreset")
        else:
            route.continue_()

    table = tmp_path / "roll.csv"
    table.write_text("编号,姓名\nl-1,失而复得\nl-2,另一位\n", encoding="utf-8")
    page = desk(site, open_page, locale="zh-CN")
    page.get_by_role("button", name="导入名单").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("表格或 ZIP", exact=True).set_input_files(table)
    dialog.get_by_role("button", name="检查表格").click()
    page.route("**/api/people/table/import*", lose)
    dialog.get_by_role("button", name="导入 2 行").click()
    expect(dialog).to_contain_text("已导入 2 行，未导入 0 行")
    expect(dialog.get_by_role("alert")).to_have_count(0)


WORDS = {
    "en": (
        ("Import a table", "Table or ZIP", "Look it through", "Import 1 rows"),
        "Something is missing or not in the right form",
        "Rows done before it failed: 7;",
        "An import of yours is under way",
    ),
    "zh-CN": (
        ("导入名单", "表格或 ZIP", "检查表格", "导入 1 行"),
        "输入不完整或格式不对",
        "失败前已处理 7 行",
        "已有一次导入正在进行",
    ),
}


def taken(page: Page, table: Path, locale: str, route: Callable[[Route], None]) -> Locator:
    """The dialog, in which a table was looked through and is imported over a line that does as `route` does."""
    begin, which, look, take = WORDS[locale][0]
    table.write_text("编号,姓名\nf-1,失而复得\n", encoding="utf-8")
    page.get_by_role("button", name=begin).click()
    found = page.get_by_role("dialog")
    found.get_by_label(which, exact=True).set_input_files(table)
    found.get_by_role("button", name=look).click()
    page.route("**/api/people/table/import*", route)
    found.get_by_role("button", name=take).click()
    return found


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_an_import_that_failed_while_its_answer_was_lost_says_by_what_and_how_far_it_was(
    locale: str, site: Site, open_page: OpenPage, tmp_path: Path
) -> None:
    def lose(route: Route) -> None:
        if route.request.method == "POST":
            assert route.fetch(post_data=b"\0").status == 422
            route.abort("connectionreset")
            return
        answer = route.fetch()
        route.fulfill(response=answer, json=answer.json() | {"rows": 7})

    page = desk(site, open_page, locale=locale)
    dialog = taken(page, tmp_path / "roll.csv", locale, lose)
    expect(dialog.get_by_role("alert")).to_have_text(WORDS[locale][1])
    expect(dialog).to_contain_text(WORDS[locale][2])
    page.screenshot(path=evidence_folder() / f"import-failed-{locale}.png", animations="disabled")


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_a_second_import_of_one_s_own_is_told_that_the_first_goes_on(
    locale: str, site: Site, open_page: OpenPage, tmp_path: Path
) -> None:
    error = {"code": ImportUnderWay.code, "message": "an import is under way: 7 rows are done"}

    def refuse(route: Route) -> None:
        if route.request.method == "POST":
            route.fulfill(status=409, json={"error": error}, content_type="application/problem+json")
        else:
            route.continue_()

    dialog = taken(desk(site, open_page, locale=locale), tmp_path / "roll.csv", locale, refuse)
    expect(dialog.get_by_role("alert")).to_contain_text(WORDS[locale][3])


def test_a_file_that_is_too_large_is_said_to_be_before_it_is_sent(
    site: Site, open_page: OpenPage, tmp_path: Path
) -> None:
    table = tmp_path / "roll.csv"
    table.write_bytes(b"x" * ((4 << 20) + 1))
    page = desk(site, open_page, locale="en")
    page.get_by_role("button", name="Import a table").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Table or ZIP", exact=True).set_input_files(table)
    expect(dialog.get_by_role("alert")).to_contain_text("The file is too large: 4 MiB at most")
    expect(dialog.get_by_role("button", name="Look it through")).to_be_disabled()


@pytest.mark.parametrize(("size", "locale", "theme"), [("desk", "zh-CN", "light"), ("phone", "en", "dark")])
def test_the_years_days_and_bells_are_set_on_one_page(
    size: str, locale: str, theme: str, site: Site, open_page: OpenPage
) -> None:
    width, height = SIZES[size]
    page = desk(site, open_page, width=width, height=height, locale=locale, theme=theme)
    page.goto(f"{site.gateway.url}/#/calendar")
    words = {
        "zh-CN": ("日期", "设置这一天", "恢复平常", "到校前", "保存"),
        "en": ("Day", "Set the day", "As usual", "In by", "Save"),
    }
    day, put, usual, bell, save = words[locale]
    page.get_by_label(day, exact=True).fill("2099-10-01")
    page.get_by_role("button", name=put).click()
    row = page.locator("li", has_text="2099-10-01")
    expect(row).to_be_visible()
    bells = page.get_by_role("form", name="g3-2")
    bells.get_by_label(bell).fill("00:05" if locale == "en" else "00:04")
    bells.get_by_role("button", name=save).click()
    expect(bells.get_by_role("button", name=save)).to_be_disabled()
    page.screenshot(path=evidence_folder() / f"calendar-{size}-{locale}-{theme}.png", animations="disabled")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not KEY.findall(page.locator("body").inner_text())
    assert serious(page) == []
    row.get_by_role("button", name=usual).click()
    expect(row).to_have_count(0)
