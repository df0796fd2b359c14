"""The page is reached only by who was given its address, from this machine, and only once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import httpx
import numpy as np
import pytest
from zhian_edge.calibration.geometry import Geometry
from zhian_edge.calibration.page import Page
from zhian_edge.calibration.sampling import Sample
from zhian_edge.calibration.study import study
from zhian_edge.calibration.subjects import Subject
from zhian_edge.capture import Frame
from zhian_edge.capture.media import StreamFacts
from zhian_edge.config.types import Camera
from zhian_edge.errors import ConfigError

LINE = {"line": [[0.1, 0.5], [0.9, 0.5]], "zone": None}


class OneFace:
    """Finds a face in the middle of every picture."""

    def find(self, frame: Frame) -> list[Subject]:
        return [Subject("face", (0.5, 0.5), 30)]


@pytest.fixture
def saved() -> list[Mapping[str, Geometry]]:
    return []


@pytest.fixture
def page(saved: list[Mapping[str, Geometry]]) -> Iterator[Page]:
    frame = Frame.of_picture(np.full((180, 320, 3), 90, np.uint8), camera="door")
    sample = Sample("door", StreamFacts(320, 180, 25.0, "h264"), (frame,), 75, 25.0)
    camera = Camera(id="door", source="gate.mp4", senses=("face",))
    with Page([study(camera, sample, OneFace())], {"door": Geometry()}, saved.append) as page:
        yield page


def test_nothing_is_served_without_the_token(page: Page) -> None:
    root = f"http://127.0.0.1:{page.port}/"
    for path in ("", "cameras.json", "x/cameras.json", "../page.py"):
        assert httpx.get(root + path).status_code == 404
    assert httpx.post(root + "x/save", json={"door": LINE}).status_code == 404
    assert httpx.get(page.address + "page.py").status_code == 404
    assert httpx.get(page.address + "picture-7").status_code == 404


def test_everything_is_served_with_a_strict_policy(page: Page) -> None:
    for path in ("", "page.js", "page.css", "cameras.json", "picture-0"):
        answer = httpx.get(page.address + path)
        assert answer.status_code == 200
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"Origin": "https://evil.example"}, {"Content-Type": "text/plain"}],
    ids=["rebound name", "other site", "plain form"],
)
def test_another_sites_page_cannot_reach_in(
    page: Page, saved: list[Mapping[str, Geometry]], headers: dict[str, str]
) -> None:
    answer = httpx.post(page.address + "save", json={"door": LINE}, headers=headers)
    assert answer.status_code == 403
    assert saved == []


def test_it_is_saved_once(page: Page, saved: list[Mapping[str, Geometry]]) -> None:
    assert httpx.post(page.address + "save", json={"door": LINE}).status_code == 200
    assert page.wait(5)
    assert page.saved
    assert saved == [{"door": Geometry(line=((0.1, 0.5), (0.9, 0.5)))}]
    assert httpx.post(page.address + "save", json={"door": LINE}).status_code == 410


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"[", 400),
        (b'{"door": {"line": [[0, 0]]}}', 400),
        (b'{"door": {"line": [[0, 0], [7, 7]]}}', 400),
        (b'{"door": {"line": [[0.5, 0.5], [0.5, 0.501]]}}', 409),
    ],
)
def test_what_is_no_line_is_refused_and_the_page_stays(page: Page, body: bytes, status: int) -> None:
    answer = httpx.post(page.address + "save", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == status
    assert answer.json()["error"]
    assert not page.saved
    assert not page.wait(0)


def test_the_items_follow_the_line_that_is_being_drawn(page: Page) -> None:
    answer = httpx.post(page.address + "items", json={"door": LINE}).json()
    values = [item["value"]["en"] for item in answer]
    assert "30 pixels (seen 1× at the line)" in values
    far = {"line": [[0.0, 0.01], [1.0, 0.01]], "zone": None}
    answer = httpx.post(page.address + "items", json={"door": far}).json()
    assert any(item["verdict"] == "unknown" for item in answer)


def test_an_error_of_the_file_is_shown_and_may_be_tried_again() -> None:
    def refuse(_: Mapping[str, Geometry]) -> None:
        raise ConfigError("node.toml: was changed by somebody else")

    with Page([], {}, refuse) as page:
        answer = httpx.post(page.address + "save", json={})
        assert (answer.status_code, answer.json()["error"]) == (409, "node.toml: was changed by somebody else")
        assert httpx.post(page.address + "cancel", json={}).status_code == 200
        assert page.wait(5)
        assert not page.saved
