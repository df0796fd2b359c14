"""What a guard does all day, counted in clicks and keys; docs/guard-tasks.md holds the counts beside another system's.

Every task begins at the page on which a guard sits, as it is after signing in. A typed name counts as its letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect
from support.gateway import GatewayProcess
from zhian_wire.commands import Answer, SetLane
from zhian_wire.state import CameraState, DeviceState

from .conftest import ROOT, OpenPage
from .scene import Site, school

TABLE = ROOT / "docs" / "guard-tasks.md"
BARRIER = DeviceState(id="boom", kind="barrier", driver="modbus", lane="main", status="ok")
CHILD = "王晓明"


@dataclass
class Hands:
    """Does things on a page as a person does, and counts them."""

    page: Page
    clicks: int = 0
    keys: int = 0

    def click(self, target: Locator) -> None:
        target.click()
        self.clicks += 1

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.keys += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.keys += len(text)

    @property
    def count(self) -> tuple[int, int]:
        """Clicks and keys."""
        return self.clicks, self.keys


@pytest.fixture(scope="module")
def site(gateway: GatewayProcess) -> Iterator[Site]:
    made = school(gateway)
    made.node.heed = lambda command: Answer(id=command.id, result="done") if isinstance(command, SetLane) else None
    camera = CameraState(id="cam-1", status="ok", last_frame_age_ms=60)
    made.beat(camera, devices=(BARRIER,), lanes={"main": "normal"})
    yield made
    made.close()


@pytest.fixture
def hands(site: Site, open_page: OpenPage) -> Hands:
    page = open_page()
    site.enter(page)
    expect(page.locator(".card").first).to_be_visible()
    return Hands(page)


def stated(task: str) -> tuple[tuple[int, int], tuple[int, int] | None]:
    """Clicks and keys of a task in the table: ours, and theirs where they can do it."""
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if cells[0] == task:
            ours, theirs = (re.match(r"(\d+) \+ (\d+)", cell) for cell in cells[1:3])
            assert ours is not None, line
            return _pair(ours), _pair(theirs) if theirs else None
    raise AssertionError(f"{TABLE.name} has no line {task}")


def _pair(found: re.Match[str]) -> tuple[int, int]:
    return int(found[1]), int(found[2])


def is_as_stated(task: str, hands: Hands) -> None:
    ours, theirs = stated(task)
    assert hands.count == ours
    assert theirs is None or sum(ours) <= sum(theirs), "never more than the other system"


def test_an_alert_is_acknowledged(hands: Hands) -> None:
    waiting = hands.page.locator('.card[data-state="raised"]')
    before = waiting.count()
    hands.press("a")
    expect(waiting).to_have_count(before - 1)
    is_as_stated("Acknowledge the alert that waits longest", hands)


def test_it_is_taken_back(hands: Hands) -> None:
    waiting = hands.page.locator('.card[data-state="raised"]')
    before = waiting.count()
    hands.press("a")
    expect(waiting).to_have_count(before - 1)
    undoing = Hands(hands.page)
    undoing.press("z")
    expect(waiting).to_have_count(before)
    is_as_stated("Take that back", undoing)


def test_it_is_seen_where_an_alert_is(hands: Hands) -> None:
    expect(hands.page.locator(".card").first).to_contain_text("cam-1")
    expect(hands.page.locator('[data-tile="gate-1/cam-1"][data-marked]')).to_be_visible()
    is_as_stated("See at which gate an alert is, and its live picture", hands)


def test_a_child_is_found(hands: Hands) -> None:
    page = hands.page
    hands.click(page.locator(".nav a[href='#/passages']"))
    hands.click(page.get_by_label("姓名或编号"))
    hands.type(CHILD)
    rows = page.locator(".passage")
    expect(rows.first).to_contain_text(CHILD)
    expect(rows).to_have_count(12 // 2)
    is_as_stated("Find when and where a child passed", hands)


def test_a_lane_is_opened_once_with_a_reason(hands: Hands) -> None:
    page = hands.page
    hands.click(page.locator('[data-lane="gate-1/main"]'))
    dialog = page.get_by_role("dialog")
    hands.click(dialog.get_by_role("button", name="开启一次"))
    hands.click(dialog.locator(".order-whys button").first)
    hands.click(dialog.locator(".order-form button[type=submit]"))
    expect(dialog.locator(".order-outcome")).to_be_visible()
    is_as_stated("Open a lane once, with a reason on the record", hands)
