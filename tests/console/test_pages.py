"""Every page in both languages, four sizes, light and dark: nothing cut off, nothing untranslated, readable by all."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect

from .conftest import OpenPage
from .listed import KEY, PAGES, WORK
from .scene import Site, evidence_folder

#: Every page, and one alert by itself; a guard's work is looked at as a guard, the rest as the administrator.
GUARDS = [*WORK["guard"], "account", "alerts/1"]
OTHERS = [name for name in PAGES if name not in GUARDS]
SIZES = {"desk": (1366, 768), "wall": (1920, 1080), "tablet": (768, 1024), "phone": (390, 844)}
TITLES = {
    "zh-CN": {"watch": "值守", "alerts": "告警", "passages": "通行记录", "notices": "通知", "nodes": "设备"},
    "en": {"watch": "Watch", "alerts": "Alerts", "passages": "Passages", "notices": "Notices", "nodes": "Nodes"},
}
LOOKS = list(itertools.product(SIZES, TITLES, ("light", "dark")))

#: For each heading and each row, which of its words stand upon which.
OVERLAPS = """() => {
  const found = [];
  const boxes = "main :is(.focus-head, .panel-head, .row, .arrival, .notice, .visit-head)";
  for (const box of document.querySelectorAll(boxes)) {
    const words = [];
    const walk = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const range = document.createRange();
      range.selectNodeContents(walk.currentNode);
      const shown = walk.currentNode.parentElement.checkVisibility({ visibilityProperty: true });
      const text = walk.currentNode.textContent.trim();
      if (!shown || text === "" || walk.currentNode.parentElement.closest(".hidden")) continue;
      for (const rect of range.getClientRects()) words.push([text, rect, walk.currentNode.parentElement]);
    }
    for (const [one, a, mine] of words)
      for (const [other, b, its] of words) {
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (one < other && mine !== its && wide > 3 && high > 8) found.push(`${one} | ${other}`);
      }
  }
  return found;
}"""
HAN = re.compile(r"[一-鿿]")
#: Names and plates that are Chinese in every language.
OWN_WORDS = re.compile(r"第一小学|王晓明|欧阳娜娜|赵某|的家长|[京沪]A|简体中文")


def show(page: Page, site: Site, name: str) -> None:
    page.goto(f"{site.gateway.url}/#/{name}")
    page.locator("main").get_by_role("heading").first.wait_for()
    expect(page.locator("main .loading")).to_have_count(0)
    page.evaluate("Promise.all([...document.images].map(image => image.decode().catch(() => null)))")


def looked_at(page: Page, site: Site) -> Iterator[str]:
    """Every page in turn, as somebody whose work it is."""
    for user, role, names in (("wang", "guard", GUARDS), ("chief", "admin", OTHERS)):
        site.enter(page, user, role)
        page.locator(".shell").wait_for()
        for name in names:
            show(page, site, name)
            yield name


@pytest.mark.parametrize(("size", "locale", "theme"), LOOKS)
def test_every_page_is_whole_in(size: str, locale: str, theme: str, site: Site, open_page: OpenPage) -> None:
    width, height = SIZES[size]
    page = open_page(width=width, height=height, locale=locale, theme=theme)
    for name in looked_at(page, site):
        shot = evidence_folder() / f"{name.replace('/', '-')}-{size}-{locale}-{theme}.png"
        page.screenshot(path=shot, animations="disabled")
        text = page.locator("body").inner_text()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} is wider than the screen"
        assert not KEY.findall(text)
        if locale == "en":
            assert not HAN.search(_without_notices(page, OWN_WORDS.sub("", text)))
        assert not empty_titles(page), f"{name} has a heading without words"
        assert not overlapping(page), f"{name} has words upon words"
        if name in TITLES[locale]:
            expect(page.get_by_role("heading", name=TITLES[locale][name], level=1)).to_be_attached()


def overlapping(page: Page) -> list[str]:
    """Words of a heading or a row that stand upon other words of it."""
    found: list[str] = page.evaluate(OVERLAPS)
    return found


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_on_a_tablet_no_words_stand_upon_others(locale: str, site: Site, open_page: OpenPage) -> None:
    page = open_page(width=768, height=1024, locale=locale)
    site.enter(page)
    page.locator(".card-waiting").first.wait_for()
    for name, filled in (("watch", ".card-waiting"), ("alerts/1", ".life li"), ("passages", ".row")):
        show(page, site, name)
        # An empty page has no words that could stand upon others.
        page.locator("main").locator(filled).first.wait_for()
        assert overlapping(page) == []
        # The rest of the words lies beside what can be seen of its box, where nobody reads it.
        cut = page.locator(":is(.segments, .panel-head, .focus-head)").evaluate_all(
            "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.innerText)"
        )
        assert cut == []


def test_on_a_phone_the_end_of_an_alert_is_read_above_its_buttons(site: Site, open_page: OpenPage) -> None:
    page = open_page(width=390, height=844)
    site.enter(page)
    page.locator(".shell").wait_for()
    show(page, site, "alerts/1")
    last = page.locator(".split-detail .life li").last
    last.scroll_into_view_if_needed()
    assert last.evaluate(
        """one => {
          const { left, top, width, height } = one.getBoundingClientRect();
          return one.contains(document.elementFromPoint(left + width / 2, top + height / 2));
        }"""
    )


def empty_titles(page: Page) -> list[str]:
    """Headings that say nothing."""
    return [text for text in page.locator("main :is(h1, h2, h3)").all_text_contents() if not text.strip()]


def _without_notices(page: Page, text: str) -> str:
    """A notice is written in its receiver's language, not in the guard's."""
    for notice in page.locator(".notice h2, .notice p").all_inner_texts():
        text = text.replace(OWN_WORDS.sub("", notice), "")
    return text


def serious(page: Page) -> list[str]:
    """What axe calls serious or worse, with the first place of each."""
    # Contrast is judged at rest: the flash has a test of its own.
    page.emulate_media(reduced_motion="reduce")
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found if v["impact"] in ("serious", "critical")]


def test_the_other_phase_of_the_flash_is_as_readable(site: Site, open_page: OpenPage) -> None:
    page = open_page()
    site.enter(page)
    page.locator(".card-waiting").first.wait_for()
    page.locator(".strip[data-beat]").wait_for()
    # No timer goes on: the strip stays in that phase while it is read.
    page.evaluate("for (let timer = setTimeout(() => {}); timer > 0; timer--) clearInterval(timer)")
    page.locator(".strip").evaluate("strip => strip.toggleAttribute('data-beat', true)")
    found = Axe().run(page, options={"runOnly": ["color-contrast"], "resultTypes": ["violations"]})
    assert found.response["violations"] == []


def test_times_are_the_sites_wherever_the_guard_sits(site: Site, open_page: OpenPage) -> None:
    page = open_page()
    site.enter(page)
    row = page.locator(".stream .arrival").first
    utc = row.locator("time").get_attribute("datetime")
    assert utc is not None
    hour = (int(utc[11:13]) + 8) % 24
    expect(row.locator("time")).to_have_text(f"{hour:02d}{utc[13:19]}")


def test_passages_are_found_by_name_plate_and_camera(site: Site, open_page: OpenPage) -> None:
    page = open_page()
    site.enter(page)
    page.locator(".shell").wait_for()
    show(page, site, "passages")
    rows = page.locator(".passage")
    page.get_by_label("车牌（含相近）").fill("AI234S")
    expect(rows).to_have_count(1)
    expect(rows.first.locator(".plate-blue")).to_have_attribute("aria-label", "车牌 京A12345，蓝牌")
    page.get_by_role("button", name="清除").click()
    page.get_by_label("姓名或编号").fill("王晓明")
    expect(rows).to_have_count(6)
    page.get_by_label("摄像机或通道").fill("nowhere")
    expect(page.locator(".empty")).to_contain_text("没有符合条件的记录")
    page.get_by_role("button", name="清除").click()
    page.get_by_label("从", exact=True).fill("2030-01-01T08:00")
    expect(page.locator(".empty")).to_be_visible()
    page.get_by_label("从", exact=True).fill("2020-01-01T08:00")
    expect(rows.first).to_be_visible()
    page.screenshot(path=evidence_folder() / "passages-search.png")


def test_a_passage_opens_with_its_evidence_and_leads_to_its_alert(site: Site, open_page: OpenPage) -> None:
    page = open_page(locale="en")
    site.enter(page)
    page.locator(".shell").wait_for()
    show(page, site, "passages")
    page.locator(".passage", has_text="Unknown person").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Not like any enrolled person enough")
    page.screenshot(path=evidence_folder() / "passage.png")
    dialog.get_by_role("link", name="Show the alert").first.click()
    expect(page.locator(".split-detail h2")).to_have_text("Unknown person")


def test_an_alert_is_closed_with_a_reason_and_its_whole_life_is_told(site: Site, open_page: OpenPage) -> None:
    page = open_page()
    site.enter(page)
    page.locator(".shell").wait_for()
    show(page, site, "alerts")
    page.locator(".row", has_text="陌生人员").click()
    page.locator(".split-detail").get_by_role("button", name="办结").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="误报", exact=True).click()
    dialog.get_by_label("原因", exact=True).fill("送水的师傅")
    dialog.get_by_role("button", name="办结：误报").click()
    life = page.locator(".life")
    expect(life).to_contain_text("送水的师傅")
    expect(life).to_contain_text("wang")
    expect(page.locator(".row", has_text="陌生人员")).to_have_count(0)
    page.get_by_role("button", name="已结").click()
    expect(page.locator(".row", has_text="陌生人员")).to_have_count(1)
    page.get_by_role("button", name="重新打开").click()
    expect(page.locator(".row", has_text="陌生人员")).to_have_count(0)


def test_guardians_notices_are_listed_with_what_became_of_them(site: Site, open_page: OpenPage) -> None:
    page = open_page()
    site.enter(page)
    page.locator(".shell").wait_for()
    show(page, site, "notices")
    notice = page.locator(".notice", has_text="王晓明 已到达").first
    expect(notice).to_contain_text("王晓明的家长")
    expect(notice.locator(".badge")).to_have_text("已发出")


def test_what_the_gateway_finds_in_itself_is_said_in_the_pages_language(site: Site, open_page: OpenPage) -> None:
    page = open_page(locale="zh-CN")
    site.enter(page)
    show(page, site, "nodes")
    expect(page.locator(".gateway .check-warn").filter(has_text="从未备份")).to_be_visible()
    page.locator(".gateway summary").click()
    expect(page.locator(".gateway .check-ok").filter(has_text="消息代理")).to_contain_text("已连接")


def test_an_address_that_names_no_page_is_said_to(site: Site, open_page: OpenPage) -> None:
    page = open_page(locale="en")
    site.enter(page)
    page.locator(".shell").wait_for()
    page.goto(f"{site.gateway.url}/#/nonsense")
    expect(page.get_by_role("heading", name="There is no such page")).to_be_attached()
    page.locator("main").get_by_role("link", name="Back to the beginning").click()
    expect(page.locator(".strip")).to_be_visible()


def test_a_number_in_the_list_of_passages_says_what_it_is(site: Site, open_page: OpenPage) -> None:
    page = open_page(locale="en")
    site.enter(page)
    page.locator(".shell").wait_for()
    show(page, site, "passages")
    expect(page.locator(".passage", has_text="王晓明").first).to_contain_text("Similarity 0.71")
    expect(page.locator(".passage", has_text="A12345").first).to_contain_text("Confidence 0.97")
