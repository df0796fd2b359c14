"""An administrator changes a node by the page: looks at the change, pushes it, sees what came of it, goes back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect
from support.gateway import GatewayProcess
from zhian_wire.commands import Answer, CheckConfiguration, Command
from zhian_wire.configuration import Outcome, Report

from .conftest import OpenPage
from .scene import NODE, Site, evidence_folder, school
from .test_pages import HAN, KEY, SIZES, serious

TEXT = f"""\
[site]
id = "school"

[node]
id = "{NODE}"

[gateway]
brokers = ["mqtts://gateway.school.lan:8883"]
url = "https://gateway.school.lan:8443"

[recognition]
fpir = 0.01

[[lanes]]
id = "main"
policy = "card"
egress = "free"

[[cameras]]
id = "door"
source = "rtsp://kept-0123456789abcdef@10.0.0.9/main"
line = [[0.8, 1.0], [0.8, 0.15]]

[[barriers]]
id = "main-bar"
driver = "modbus"
link = "tcp://10.0.0.40:502"
lane = "main"
pulse_s = 1.0

[[schedules]]
id = "school-days"
spans = [{{ days = ["mon", "tue"], start = "07:30", end = "17:00" }}]
"""
WIDER = TEXT.replace("pulse_s = 1.0", "pulse_s = 2")


@pytest.fixture(scope="module")
def site(gateway: GatewayProcess) -> Iterator[Site]:
    """A node that finds every change in order."""
    made = school(gateway)
    made.node.heed = in_order
    yield made
    made.close()


def in_order(command: Command) -> Answer | None:
    data: dict[str, str | int] = {"problems": "[]"}
    return Answer(id=command.id, result="done", data=data) if isinstance(command, CheckConfiguration) else None


def opened(site: Site, open_page: OpenPage, **how: object) -> Page:
    page = open_page(**how)
    site.enter(page, "head", "admin")
    page.locator(".shell").wait_for()
    page.goto(f"{site.gateway.url}/#/nodes/{NODE}")
    return page


def says(site: Site, mark: str = "m0", text: str = TEXT, outcome: Outcome | None = None) -> None:
    kept = () if mark == "m0" else ("m0",)
    site.configured(Report(mark=mark, text=text, origin="file", version="1", kept=kept, outcome=outcome))


def latest(page: Page, state: str) -> Locator:
    return page.locator(f"[data-push='{state}']").first


@pytest.mark.parametrize(
    ("size", "locale", "theme"),
    [("desk", "zh-CN", "light"), ("phone", "en", "dark"), ("desk", "en", "light"), ("phone", "zh-CN", "light")],
)
def test_a_change_is_looked_at_pushed_and_taken_back(
    size: str, locale: str, theme: str, site: Site, open_page: OpenPage
) -> None:
    says(site)
    width, height = SIZES[size]
    page = opened(site, open_page, width=width, height=height, locale=locale, theme=theme)
    chinese = locale == "zh-CN"
    page.get_by_label("开门秒数" if chinese else "Stays open, in seconds").fill("2")
    page.get_by_role("button", name="查看改动" if chinese else "Look at the change").click()
    expect(page.locator(".configuration-editor .line-added")).to_contain_text("pulse_s = 2")
    page.get_by_label("原因" if chinese else "Reason").fill("小学生走得慢" if chinese else "children need longer")
    page.locator(".configuration").evaluate("part => part.scrollTo(0, 0)")
    page.screenshot(path=evidence_folder() / f"configuration-{size}-{locale}-{theme}.png", animations="disabled")
    page.locator(".configuration-editor .difference").scroll_into_view_if_needed()
    page.screenshot(path=evidence_folder() / f"configuration-diff-{size}-{locale}-{theme}.png", animations="disabled")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert serious(page) == []
    page.get_by_role("button", name="下发到节点" if chinese else "Push it to the node").click()
    expect(latest(page, "waiting")).to_be_visible()
    push = site.wanted_configuration()
    says(site, "m1", WIDER, Outcome(push=push, result="applied", at="2026-03-02T08:00:00.000Z"))
    expect(latest(page, "applied")).to_be_visible()
    page.get_by_role("button", name="退回到改动之前" if chinese else "Go back to before").click()
    expect(latest(page, "waiting")).to_be_visible()
    back = site.wanted_configuration()
    why = "not well in time: camera door: no_frames"
    says(site, "m1", WIDER, Outcome(push=back, result="rolled_back", at="2026-03-02T08:00:00.000Z", detail=why))
    said = "未能按时恢复正常：摄像机 door：没有画面" if chinese else "not well in time: camera door: No picture"
    expect(latest(page, "rolled_back")).to_contain_text(said)
    page.screenshot(path=evidence_folder() / f"configuration-past-{size}-{locale}-{theme}.png", animations="disabled")
    text = page.locator(".panel-head").inner_text() + page.locator(".configuration-editor").inner_text()
    assert not KEY.findall(text)
    assert chinese or not HAN.search(text)


def test_a_fault_is_shown_by_its_line(site: Site, open_page: OpenPage) -> None:
    says(site)
    page = opened(site, open_page, locale="en")
    page.get_by_role("button", name="Text", exact=True).click()
    page.get_by_label("The whole text (TOML)").fill(TEXT.replace(f'id = "{NODE}"', 'id = "other"'))
    page.get_by_role("button", name="Look at the change").click()
    expect(page.locator(".configuration-problems")).to_contain_text("Line 5 node.id")


def test_a_fault_is_said_in_the_pages_language_and_its_own_words_fold_out(site: Site, open_page: OpenPage) -> None:
    says(site)
    page = opened(site, open_page, locale="zh-CN")
    page.get_by_role("button", name="文本", exact=True).click()
    page.get_by_label("完整文本（TOML）").fill(TEXT.replace(f'id = "{NODE}"', 'id = "other"'))
    page.get_by_role("button", name="查看改动").click()
    fault = page.locator(".configuration-problems li")
    expect(fault).to_contain_text("只能在节点上修改")
    expect(fault.locator("q")).to_be_hidden()
    fault.locator("summary").click()
    expect(fault.locator("q")).to_contain_text("is changed at the node alone")
    page.screenshot(path=evidence_folder() / "configuration-fault-zh-CN.png", animations="disabled")


def test_a_guard_sees_no_configuration(site: Site, open_page: OpenPage) -> None:
    says(site)
    page = open_page()
    site.enter(page)
    page.locator(".shell").wait_for()
    page.goto(f"{site.gateway.url}/#/nodes/{NODE}")
    page.locator(".node").first.wait_for()
    expect(page.locator(".configuration")).to_have_count(0)
    expect(page.get_by_text("配置", exact=True)).to_have_count(0)
