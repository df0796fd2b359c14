"""A school morning from one seed, through real nodes, broker and gateway, on the page: told as it was.

The truth is the seed's (`morning/plan.py`), written before anything is played; the verdict is what the gateway has
stored and what the pages show. `ZHIAN_SCREENSHOTS=docs/images scripts/test --slow -k morning` makes README.md's
pictures again.
"""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from zhian_gateway.auth.sessions import ROLES, Role
from zhian_models.store import Store

from ..support.broker import Broker
from ..support.gateway import COMMAND, GatewayProcess
from ..support.waiting import eventually
from .morning.day import Day
from .morning.gates import Gates
from .morning.office import SAID, TEACHERS_CLASS, Office, morning_zone
from .morning.plan import CLASSES, draw
from .morning.tour import SIZES, Browsing, publish, walk, walk_phone

SEED = 20260901
pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]


@pytest.fixture(scope="module")
def day(console: Path, models_home: Path, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    """It has been played; everything still runs."""
    folder = tmp_path_factory.mktemp("morning")
    zone = morning_zone(datetime.now(UTC))
    broker = Broker(folder / "broker").start()
    gateway = GatewayProcess(folder / "gateway", broker, SAID, ZHIAN_HOME=str(models_home))
    text = gateway.config.read_text(encoding="utf-8")
    gateway.config.write_text(text.replace("[listen]", f'timezone = "{zone}"\n[listen]', 1), encoding="utf-8")
    gateway.start()
    office, morning = Office(gateway, zone), draw(SEED)
    office.enrol(morning)
    visitors = office.visitors(Store(models_home).path("portrait_obama"))
    gates = Gates(folder / "gates", broker, gateway, models_home, zone)
    try:
        gates.start()
        played = Day(morning, gateway, gates, office, visitors, Browsing(browser, gateway))
        played.play()
        yield played
    finally:
        gates.stop()
        gateway.kill()
        broker.kill()


def test_every_pupil_is_counted_once_by_the_lane_they_came_by(day: Day) -> None:
    items, before = [], None
    while True:
        asked = {"limit": 200} | ({"before": before} if before else {})
        page = day.told("/api/passages", **asked)
        items += page["items"]
        before = page["next"]
        if before is None:
            break
    told = Counter(
        (each["person"]["id"], each["lane"]) for each in items if each["person"] and each["direction"] == "in"
    )
    pupils = {key: count for key, count in told.items() if key[0].startswith("p-")}
    assert pupils == dict.fromkeys(day.morning.come.items(), 1)
    inside = {each["id"] for each in day.told("/api/muster")["people"]}
    assert inside == set(day.morning.come)


def test_every_class_says_who_is_absent_and_who_came_late(day: Day) -> None:
    counted = {each["group"]: each["counts"] for each in day.told("/api/attendance/classes")["items"]}
    for group in CLASSES:
        expected = day.morning.of(group)
        assert {name: counted[group][name] for name in expected} == expected, group
    with day.browsing.as_role("teacher", locale="en") as page:
        day.browsing.go(page, "school")
        expected = day.morning.of(TEACHERS_CLASS)
        expect(page.locator(".pupil")).to_have_count(sum(expected.values()))
        for name in ("absent", "late"):
            expect(page.locator(f".findings .finding-{name}")).to_contain_text(str(expected[name]))
        publish(page, "school")


def test_who_is_absent_is_told_to_the_own_guardian_and_nobody_else(day: Day) -> None:
    expected = {(f"inbox://{person}", person) for person in day.morning.absent}
    eventually(lambda: len(day.not_arrived()) >= len(expected), "the word to the guardians", 100)
    assert day.not_arrived() == expected


def test_each_odd_thing_is_a_case_and_nothing_else_is(day: Day) -> None:
    # What a node tells of itself depends on the machine that the test runs on.
    found = [each for each in day.told("/api/alerts", limit=200)["items"] if each["lane"] is not None]
    assert Counter(each["kind"] for each in found) == {"borrowed_card": 1, "tailgating": 1, "help_called": 1}


def test_three_visitors_came_in_and_left(day: Day) -> None:
    visits = {each["id"]: each for each in day.visits()}
    assert len(visits) == 3
    for visitor in day.visitors:
        steps = [each["direction"] for each in day.told(f"/api/visits/{visitor.visit}")["steps"]]
        # Whether the reel's guest is followed over the line depends on how many frames a busy machine can look at.
        assert steps if visitor is day.visitors[0] else steps == ["in", "out"], visitor.name
        assert not visits[visitor.visit]["on_site"]
    assert visits[day.visitors[0].visit]["state"] == "left"
    with day.browsing.as_role("guard", locale="en") as page:
        day.browsing.go(page, f"visitors/{day.visitors[0].visit}")
        expect(page.locator(".detail")).to_contain_text(day.visitors[0].name)
        expect(page.locator(".row.visit")).to_have_count(3)
        publish(page, "visitors")


def test_a_guardian_sees_when_the_own_child_came(day: Day) -> None:
    child = day.morning.late[0].pupil
    with day.browsing.as_guardian(child.id, locale="en") as page:
        expect(page.locator(".family-today")).to_contain_text(child.name)
        expect(page.locator(".family-steps li")).to_have_count(1)
        page.set_viewport_size({"width": 390, "height": 560})
        publish(page, "family")


def test_everything_is_stored_once_and_without_a_hole(day: Day) -> None:
    command = [*COMMAND, "ledger", "--json", "--config", str(day.gateway.config)]
    lines = [json.loads(line) for line in subprocess.run(command, capture_output=True, check=True).stdout.splitlines()]
    decided = sum(len(node.decided()) for node in (day.gates.one, day.gates.two))
    assert sum(line["stored"] for line in lines) >= decided
    assert sum(line["holes"] for line in lines) == 0


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("role", ROLES)
def test_every_page_is_whole(day: Day, role: Role, size: str, locale: str) -> None:
    walk(day.browsing, role, size, locale)


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
@pytest.mark.parametrize("size", SIZES)
def test_a_guardians_page_is_whole(day: Day, size: str, locale: str) -> None:
    walk_phone(day.browsing, day.morning.early[0].pupil.id, size, locale)
