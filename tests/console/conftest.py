"""Fixtures for the page: the built console, Debian's Chromium, a gateway with something to see."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page
from support.gateway import GatewayProcess, running

from . import scene

ROOT = Path(__file__).resolve().parents[2]

#: Files of which every journey leads over pages that the fast ones open too.
ALL_THOROUGH: Final = (
    *("account", "audit", "configuration", "crowded", "hands", "nodes", "phone"),
    *("queue", "replay", "shift", "silence", "solid", "tasks", "tiles"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of each other file the first test that needs a browser is fast: the journey that its page is for, at one look.
    Further journeys, languages and screens are thorough.
    """
    here = Path(__file__).parent
    begun = {here / f"test_{name}.py" for name in ALL_THOROUGH}
    for item in items:
        browses = item.path.parent == here and "browser" in getattr(item, "fixturenames", ())
        if browses and item.path in begun:
            item.add_marker(pytest.mark.thorough)
        elif browses:
            begun.add(item.path)


#: Opens a page: `open_page(width=390, locale="en", theme="dark")`.
OpenPage = Callable[..., Page]


def missing(what: str) -> None:
    """Skip, and say why; in CI nothing may be missing."""
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="module")
def gateway(console: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatewayProcess]:
    """A gateway with a broker, both real, which serves the built page."""
    with running(tmp_path_factory.mktemp("site")) as process:
        yield process


@pytest.fixture(scope="module")
def site(gateway: GatewayProcess) -> Iterator[scene.Site]:
    """A site where something has happened."""
    made = scene.school(gateway)
    yield made
    made.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Opens pages that allow no surprise: what the browser complains about fails the test."""
    pages: list[Page] = []
    complaints: list[str] = []

    def make(*, width: int = 1366, height: int = 768, locale: str = "zh-CN", theme: str = "light") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale=locale,
            color_scheme=theme,  # type: ignore[arg-type]
            timezone_id="America/New_York",  # the site's zone must win
            has_touch=width < 700,
        )
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on("console", lambda said: complaints.append(said.text) if "Security Policy" in said.text else None)
        page.on("request", lambda request: complaints.append(request.url) if "//127.0.0.1" not in request.url else None)
        pages.append(page)
        return page

    yield make
    for page in pages:
        page.context.close()
    assert complaints == []
