"""The whole tool, as an installer runs it: by numbers, and by hand on the page."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from typer.testing import CliRunner, Result
from zhian_edge.calibration.subjects import NetworkFinder
from zhian_edge.capture import Frame, open_file
from zhian_edge.cli import app
from zhian_models.store import Store


def calibrate(folder: Path, *options: str) -> Result:
    where = [str(folder / "node.toml"), "--report", str(folder / "calibration")]
    return CliRunner().invoke(app, ["calibrate", *where, "--seconds", "1", *options])


def cameras(config: Path) -> dict[str, dict[str, object]]:
    return {camera["id"]: camera for camera in tomllib.loads(config.read_text())["cameras"]}


def test_line_and_zone_can_be_given_as_numbers(config: Path) -> None:
    before = config.read_text()
    done = calibrate(config.parent, "--camera", "door", "--line", "0.1,0.6,0.9,0.6", "--zone", "0,0,1,0,1,1")
    assert done.exit_code == 0, done.stderr
    line = 'senses = ["body"]  # no faces here\nline = [[0.1, 0.6], [0.9, 0.6]]\n'
    zone = "zone = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]]\n"
    assert config.read_text() == before.replace('senses = ["body"]  # no faces here\n', line + zone)
    report = Path(done.stdout.strip())
    assert "0.100, 0.600" in report.read_text()
    assert (report.parent / "door.jpg").stat().st_size > 1000


def test_without_a_page_and_without_numbers_nothing_is_written(config: Path) -> None:
    before = config.read_text()
    done = calibrate(config.parent, "--no-browser", "--report", str(config.parent / "found"))
    assert done.exit_code == 0, done.stderr
    assert config.read_text() == before
    report = (config.parent / "found" / "report.html").read_text()
    for words in ("a second, 25 declared", "帧率", "Content-Security-Policy", "data:image/jpeg;base64,"):
        assert words in report
    assert not re.search(r"(src|href)=\"(?!data:)", report), "it must need nothing else"
    assert " +0800<" in report, "in the time of the site, wherever the laptop is"


def test_a_camera_that_does_not_open_is_a_result_with_its_reason(config: Path) -> None:
    config.write_text(config.read_text().replace('source = "gate.mp4"', 'source = "rtsp://me:secret@127.0.0.1:9/x"', 1))
    done = calibrate(config.parent, "--no-browser")
    assert done.exit_code == 1
    report = (config.parent / "calibration" / "report.html").read_text()
    assert "Connection refused" in report
    assert "secret" not in report + done.stdout + done.stderr


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--line", "0.1,0.6,0.9,0.6"], "say which with --camera"),
        (["--camera", "attic"], "there are: door, drive"),
        (["--camera", "door", "--line", "1,2,3"], "pairs of x and y"),
        (["--camera", "door", "--line", "0,0,1,7"], "from 0 to 1"),
        (["--camera", "door", "--line", "left"], "expected numbers"),
        (["--camera", "door", "--zone", "0,0,1,1"], "at least three corners"),
        (["--camera", "door", "--line", "0.5,0.5,0.5,0.5"], "too short"),
    ],
)
def test_what_makes_no_sense_is_said_before_anything_is_done(config: Path, options: list[str], says: str) -> None:
    done = calibrate(config.parent, *options)
    assert done.exit_code == 2
    assert says in done.stderr
    assert not (config.parent / "calibration").exists()


@contextmanager
def drawing(folder: Path, browser: Browser, locale: str = "en-GB") -> Iterator[tuple[Page, subprocess.Popen[str]]]:
    """The command, waiting for the installer, and its page; the command must end when the page does."""
    command = [sys.executable, "-m", "zhian_edge.cli", "calibrate", "node.toml", "--seconds", "1"]
    process = subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    try:
        assert process.stderr is not None
        address = next(m[0] for text in process.stderr if (m := re.search(r"http://127\.0\.0\.1:\d+/\S+/", text)))
        context = browser.new_context(locale=locale, viewport={"width": 1366, "height": 768})
        page = context.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        page.goto(address)
        expect(page.locator("#stage image")).to_be_visible()
        yield page, process
        context.close()
        process.communicate(timeout=30)
        assert [fault for fault in faults if "409" not in fault] == []
    finally:
        process.kill()
        process.communicate()


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drag by mouse over the picture, in shares of it."""
    box = page.locator("#stage image").bounding_box()
    assert box is not None
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in (start, end)]
    page.mouse.move(*points[0])
    page.mouse.down()
    page.mouse.move(*points[1], steps=6)
    page.mouse.up()


def test_a_line_drawn_by_mouse_is_in_the_file(config: Path, browser: Browser) -> None:
    with drawing(config.parent, browser) as (page, process):
        drag(page, (0.2, 0.7), (0.8, 0.6))
        inwards = page.locator("[data-side=in]")
        below = float(inwards.get_attribute("y") or 0)
        page.get_by_role("button", name="Swap in and out").click()
        assert float(inwards.get_attribute("y") or 0) < below, "the arrow turned over"
        page.get_by_role("button", name="Undo").click()
        page.get_by_role("radio", name="Zone").click()
        for x, y in [(0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.3, 0.95)]:
            drag(page, (x, y), (x, y))
        page.get_by_role("button", name="Save to the configuration").click()
        expect(page.get_by_role("status")).to_have_text("Saved. You may close this page.")
        process.wait(30)
    assert process.returncode == 0
    door, drive = cameras(config)["door"], cameras(config)["drive"]
    assert flat(door["line"]) == pytest.approx([0.2, 0.7, 0.8, 0.6], abs=0.005)
    assert flat(door["zone"]) == pytest.approx([0.1, 0.1, 0.9, 0.1, 0.9, 0.9, 0.3, 0.95], abs=0.005)
    assert drive["line"] == [[0.2, 0.5], [0.8, 0.5]]
    assert "# the porter's node" in config.read_text()
    assert "# the way for cars" in config.read_text()


def flat(points: object) -> list[float]:
    assert isinstance(points, list)
    return [value for point in points for value in point]


@pytest.mark.thorough
def test_the_page_can_be_used_by_keyboard_and_in_chinese(config: Path, browser: Browser) -> None:
    with drawing(config.parent, browser, "zh-CN") as (page, process):
        expect(page.locator("h1")).to_have_text("摄像机校准")
        page.get_by_role("tab", name="drive").focus()
        page.keyboard.press("Enter")
        page.locator("[data-handle=line-1]").focus()
        page.keyboard.press("Shift+ArrowDown")
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Control+z")
        page.get_by_role("button", name="保存到配置文件").press("Enter")
        expect(page.get_by_role("status")).to_have_text("已保存。可以关闭此页面。")
        process.wait(30)
    assert flat(cameras(config)["drive"]["line"]) == pytest.approx([0.2, 0.5, 0.795, 0.55])


@pytest.mark.thorough
def test_a_file_that_was_edited_meanwhile_is_left_alone_and_the_page_says_so(config: Path, browser: Browser) -> None:
    with drawing(config.parent, browser) as (page, _process):
        theirs = config.read_text() + "\n# a colleague\n"
        config.write_text(theirs)
        drag(page, (0.2, 0.7), (0.8, 0.6))
        page.get_by_role("button", name="Save to the configuration").click()
        expect(page.get_by_role("status")).to_contain_text("changed by somebody else")
        page.get_by_role("button", name="Do not save").click()
    assert config.read_text() == theirs


@pytest.mark.shared
def test_faces_and_plates_are_found_with_the_nodes_own_networks(shared: Path, models_home: Path) -> None:
    finder = NetworkFinder(["face", "plate"], Store(models_home))
    people = [s for f in _every(shared / "reels" / "people.mp4", 40, 200) for s in finder.find(f)]
    cars = [s for f in _every(shared / "reels" / "cars.mp4", 40, 400) for s in finder.find(f)]
    faces, plates = [s for s in people if s.kind == "face"], [s for s in cars if s.kind == "plate"]
    assert len(faces) >= 5
    assert all(5 < s.pixels < 150 for s in faces)
    assert [s for s in people if s.kind == "plate"] == []
    assert len(plates) >= 2
    assert all(40 < s.pixels < 600 for s in plates)


def _every(path: Path, gap: int, end: int) -> Iterator[Frame]:
    with open_file(path) as frames:
        for frame in frames:
            if frame.index >= end:
                return
            if frame.index % gap == 0:
                yield frame
