"""The demo as a person meets it: a link, a lane that opens, a borrowed card and a tailgater, one key to acknowledge."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, expect

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_MS = 60_000


@pytest.fixture
def home(models_home: Path, tmp_path: Path) -> Path:
    """A home of its own that borrows the networks."""
    (tmp_path / "models").symlink_to(models_home / "models")
    return tmp_path


@pytest.fixture
def demo(home: Path) -> Iterator[subprocess.Popen[str]]:
    environment = os.environ | {
        "ZHIAN_HOME": str(home),
        "ZHIAN_SHARED": str(home / "none"),
        "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT / "scripts"), os.environ.get("PYTHONPATH")))),
    }
    command = [sys.executable, "-m", "demo_parts"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    yield process
    process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def link_of(demo: subprocess.Popen[str]) -> str:
    assert demo.stdout is not None
    said: list[str] = []
    for line in demo.stdout:
        said.append(line)
        if found := re.search(r"http://\S+/#/login\?ticket=\S+", line):
            return found[0]
    raise AssertionError("the demo gave no link:\n" + "".join(said))


@pytest.mark.thorough
@pytest.mark.timeout(240)
def test_demo_alert_acknowledge(demo: subprocess.Popen[str], browser: Browser, console: Path, home: Path) -> None:
    link = link_of(demo)
    parts = psutil.Process(demo.pid).children(recursive=True)
    page = browser.new_context(locale="zh-CN", viewport={"width": 1366, "height": 768}).new_page()
    page.goto(link)

    borrowed = page.locator('.card[data-state="raised"]', has_text="借用他人卡")
    expect(borrowed).to_contain_text("Barack Obama 的卡", timeout=PATIENCE_MS)
    pair = page.locator(".focus .pair img")
    expect(pair).to_have_count(2, timeout=PATIENCE_MS)  # who held the card, and whose it is
    for picture in pair.all():
        picture.evaluate("image => image.decode()")

    opened = page.locator('.lane[data-state="open"]', has_text="Barack Obama")
    expect(opened).to_contain_text("卡与人脸一致", timeout=PATIENCE_MS)
    expect(page.locator('.card[data-state="raised"]', has_text="尾随进入")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator(".stream .arrival", has_text="Barack Obama").first).to_be_visible(timeout=PATIENCE_MS)
    page.locator(".card", has_text="借用他人卡").locator(".card-body").click()
    page.keyboard.press("a")
    expect(page.locator('.card[data-state="acknowledged"]', has_text="借用他人卡")).to_be_visible()
    expect(borrowed).to_have_count(0)
    page.context.close()

    office = browser.new_context(locale="zh-CN", viewport={"width": 1366, "height": 768}).new_page()
    office.goto(link_of(demo))  # the next link is the administrator's
    expect(office).to_have_url(re.compile("#/watch$"))  # where signing in leads
    expect(office.locator(".user")).to_contain_text("admin")
    office.goto(f"{link.partition('#')[0]}#/muster")
    expect(office.locator(".muster-zones")).to_contain_text("校园/大门内", timeout=PATIENCE_MS)
    expect(office.locator(".muster-zones")).to_contain_text("奥巴马")
    office.context.close()

    demo.send_signal(signal.SIGINT)
    said, _ = demo.communicate(timeout=60)
    counted = re.search(
        r"recognised: (\d+) person, (\d+) plates? \(each once\)\n"
        r"lanes were asked (\d+) times \((\d+) by card, (\d+) by plate or by hand\): (\d+) opened, (\d+) refused\n"
        r"told: (\d+) alerts to the guards, (\d+) notices? to guardians\s*$",
        said,
    )
    assert counted is not None, said
    people, _plates, asked, cards, others, openings, refusals, alerts, notices = map(int, counted.groups())
    assert people == 1
    assert cards + others == asked == openings + refusals, "what is counted adds up"
    assert min(alerts, cards) >= 2 and min(notices, openings, refusals) >= 1
    orders = map(json.loads, (home / "demo" / "gate.orders").read_text().splitlines())
    assert [each["order"] for each in orders].count("pulse") == openings, "one pulse for each opening"
    assert demo.returncode == 0
    assert [part for part in parts if part.is_running()] == [], "something was left running"
