"""Every page says in words how it is when nothing is there, when the gateway fails, hangs or is silent."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Final

import pytest
from playwright.sync_api import Page, Route, expect
from support.gateway import GatewayProcess, running

from .conftest import OpenPage
from .listed import KEY, PAGES
from .scene import evidence_folder

SIZES: Final = {"desk": (1366, 768), "phone": (390, 844)}
#: Longer than a page waits for any answer that it shows.
LONG_MS: Final = 31_000
#: What tells who is signed in: without it there is no page but the login.
WHO: Final = "/api/session"
#: The page that is fetched last, before anybody opens it.
LAST_CHUNK: Final = "/AccountPage-"
#: A form, or what the gateway itself wrote: never without content.
NEVER_EMPTY: Final = {"account", "audit"}


@pytest.fixture(scope="module")
def gateway(console: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatewayProcess]:
    """Of a site where nothing is there yet: no node, no person, no passage."""
    with running(tmp_path_factory.mktemp("bare")) as process:
        yield process


def entered(gateway: GatewayProcess, page: Page) -> None:
    with closing(gateway.log_in("head", "admin")) as client:
        kept = [{"name": name, "value": value, "url": gateway.url} for name, value in dict(client.cookies).items()]
    page.context.add_cookies(kept)  # type: ignore[arg-type]


def answering(page: Page, how: Callable[[Route], object]) -> None:
    """Whatever the page asks from now on, but who is signed in, is answered as `how` says."""
    page.route("**/api/**", lambda route: route.continue_() if route.request.url.endswith(WHO) else how(route))


def fails(route: Route) -> None:
    route.fulfill(status=500, content_type="text/html", body="<h1>Internal Server Error</h1>")


def hangs(_: Route) -> None:
    """No answer, ever."""


def is_silent(route: Route) -> None:
    route.abort("connectionrefused")


LOOKS: Final = list(itertools.product(SIZES, ("zh-CN", "en")))
WAYS: Final = [
    (fails, {"zh-CN": "加载失败", "en": "Could not load"}),
    (hangs, {"zh-CN": "网关没有应答", "en": "The gateway does not answer"}),
    (is_silent, {"zh-CN": "网关没有应答", "en": "The gateway does not answer"}),
]


@pytest.mark.parametrize(("how", "words"), WAYS)
@pytest.mark.parametrize("look", [("desk", "zh-CN"), ("phone", "en")])
def test_every_page_says_what_is_wrong(
    how: Callable[[Route], object],
    words: dict[str, str],
    look: tuple[str, str],
    gateway: GatewayProcess,
    open_page: OpenPage,
) -> None:
    size, locale = look
    width, height = SIZES[size]
    page = open_page(width=width, height=height, locale=locale)
    page.clock.install()
    entered(gateway, page)
    answering(page, how)
    with page.expect_response(lambda answer: LAST_CHUNK in answer.url):
        page.goto(gateway.url)
    for name in PAGES:
        page.goto(f"{gateway.url}/#/{name}")
        told = page.locator("main .empty", has=page.get_by_role("button"))
        if how is hangs:
            expect(page.locator("main .loading").first).to_be_visible()
            page.clock.fast_forward(1_000)  # what was typed has settled, and is asked
            expect(page.locator("main .loading").first).to_be_visible()
            page.clock.fast_forward(LONG_MS)
        expect(told.first).to_contain_text(words[locale])
        expect(page.locator("main .loading")).to_have_count(0)
        page.screenshot(path=evidence_folder() / f"state-{how.__name__}-{name}-{size}.png", animations="disabled")


@pytest.mark.parametrize(("size", "locale"), LOOKS)
def test_every_page_of_a_new_site_says_that_nothing_is_there_yet(
    size: str, locale: str, gateway: GatewayProcess, open_page: OpenPage
) -> None:
    width, height = SIZES[size]
    page = open_page(width=width, height=height, locale=locale)
    entered(gateway, page)
    page.goto(gateway.url)
    page.locator(".shell").wait_for()
    for name in PAGES:
        page.goto(f"{gateway.url}/#/{name}")
        page.locator("main").get_by_role("heading").first.wait_for()
        expect(page.locator("main .loading")).to_have_count(0)
        if name not in NEVER_EMPTY:
            said = page.locator("main :is(.empty, .quiet, .shift-summary p)").first
            expect(said).to_have_text(re.compile(r"\S"))
        assert not KEY.findall(page.locator("body").inner_text()), name
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} is wider than the screen"
        page.screenshot(path=evidence_folder() / f"state-empty-{name}-{size}-{locale}.png", animations="disabled")


@pytest.mark.parametrize(("how", "words"), WAYS)
def test_a_door_says_what_is_wrong(
    how: Callable[[Route], object], words: dict[str, str], gateway: GatewayProcess, open_page: OpenPage
) -> None:
    page = open_page(locale="en", width=390, height=844)
    page.clock.install()
    page.route("**/api/**", how)
    for address in ("#/login", "#/visit/none", "family.html"):
        page.goto(f"{gateway.url}/{address}")
        page.locator("#root > *").first.wait_for()
        if how is hangs:
            page.clock.fast_forward(2 * LONG_MS)
        wrong = page.get_by_text(re.compile("answer|failed|code", re.IGNORECASE))
        expect(wrong.first).to_be_visible()
