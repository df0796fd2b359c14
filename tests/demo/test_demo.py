"""The demo as a person meets it: one command, a link, a stranger's alert on the page, one key to acknowledge it."""

from __future__ import annotations

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
        "PYTHONPATH": str(ROOT / "scripts"),
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


@pytest.mark.timeout(240)
def test_demo_alert_acknowledge(demo: subprocess.Popen[str], browser: Browser, console: Path, home: Path) -> None:
    link = link_of(demo)
    parts = psutil.Process(demo.pid).children(recursive=True)
    page = browser.new_context(locale="zh-CN", viewport={"width": 1366, "height": 768}).new_page()
    page.goto(link)
    alert = page.locator('.card[data-state="raised"]', has_text="陌生人员")
    expect(alert).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator(".stream .arrival", has_text="Barack Obama").first).to_be_visible(timeout=PATIENCE_MS)
    page.keyboard.press("a")
    expect(page.locator('.card[data-state="acknowledged"]', has_text="陌生人员")).to_be_visible()
    expect(alert).to_have_count(0)
    page.context.close()

    demo.send_signal(signal.SIGINT)
    said, _ = demo.communicate(timeout=60)
    counted = re.search(r"recognised: (\d+) people, (\d+) plates, (\d+) alerts, (\d+) notices\s*$", said)
    assert counted is not None, said
    people, _plates, alerts, notices = map(int, counted.groups())
    assert (people, alerts) == (1, 1)
    assert notices >= 1
    assert demo.returncode == 0
    assert [part for part in parts if part.is_running()] == [], "something was left running"
