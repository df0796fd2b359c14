"""Every page of every role and of a guardian's phone, looked at: signed in, whole, translated, kept as a picture."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from console.listed import KEY, WORK
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from zhian_gateway.auth.sessions import Role
from zhian_gateway.family import carers
from zhian_gateway.store.tables import guardians

from ...support.gateway import GatewayProcess
from .office import AUDITOR, GUARD, HEAD, OFFICER, TEACHER

SIZES: Final = {"desk": (1366, 768), "tablet": (768, 1024), "phone": (390, 844)}
USERS: Final[dict[Role, str]] = {
    "guard": GUARD, "teacher": TEACHER, "police": OFFICER, "admin": HEAD, "auditor": AUDITOR,
}  # fmt: skip
#: Where the four pictures of README.md are written, where somebody asks for them.
WANTED: Final = os.environ.get("ZHIAN_SCREENSHOTS", "")
PATIENCE_MS: Final = 20_000


def kept() -> Path:
    """Where the pictures of this test are left."""
    folder = Path(__file__).resolve().parents[3] / "test-output" / "morning"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def keep(page: Page, name: str) -> None:
    """A picture of what is seen."""
    settle(page)
    page.screenshot(path=kept() / f"{name}.png", animations="disabled")


def publish(page: Page, name: str) -> None:
    """A picture for README.md too, if it is wanted."""
    keep(page, name)
    if WANTED:
        folder = Path(WANTED)
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=folder / f"{name}.jpg", type="jpeg", quality=85, animations="disabled")


def settle(page: Page) -> None:
    """Until everything that is fetched is there."""
    expect(page.locator("main .loading")).to_have_count(0, timeout=PATIENCE_MS)
    page.evaluate("Promise.all([...document.images].map(image => image.decode().catch(() => null)))")


class Browsing:
    """Opens pages at a gateway; each role signs in once."""

    def __init__(self, browser: Browser, gateway: GatewayProcess) -> None:
        self._browser = browser
        self._gateway = gateway
        self._cookies: dict[Role, dict[str, str]] = {}

    @contextmanager
    def as_role(self, role: Role, size: str = "desk", locale: str = "zh-CN") -> Iterator[Page]:
        """The page as somebody of this role."""
        if role not in self._cookies:
            with closing(self._gateway.log_in(USERS[role], role)) as client:
                self._cookies[role] = dict(client.cookies)
        with self._opened(size, locale) as page:
            url = self._gateway.url
            kept = [{"name": name, "value": value, "url": url} for name, value in self._cookies[role].items()]
            page.context.add_cookies(kept)  # type: ignore[arg-type]
            page.goto(url)
            page.locator(".shell").wait_for()
            yield page

    @contextmanager
    def as_guardian(self, child: str, size: str = "phone", locale: str = "zh-CN") -> Iterator[Page]:
        """A phone that is bound to this child's guardian."""
        with self._gateway.services() as parts, parts.store.write() as link:
            number = link.execute(select(guardians.c.id).where(guardians.c.person_id == child)).scalar_one()
            code = carers.issue(link, int(number), site=parts.site, who="t", now=parts.clock())
        with self._opened(size, locale) as page:
            page.goto(f"{self._gateway.url}/family.html")
            page.locator("input[name=code]").fill(code)
            page.locator("button[type=submit]").click()
            page.locator(".family-nav").wait_for()
            yield page

    def go(self, page: Page, name: str) -> None:
        """To one of the pages."""
        page.goto(f"{self._gateway.url}/#/{name}")
        page.locator("main").get_by_role("heading").first.wait_for()
        settle(page)

    @contextmanager
    def _opened(self, size: str, locale: str) -> Iterator[Page]:
        width, height = SIZES[size]
        context = self._browser.new_context(
            viewport={"width": width, "height": height}, locale=locale, has_touch=size != "desk"
        )
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        try:
            yield page
        finally:
            context.close()
        assert complaints == []


def whole(page: Page, name: str) -> None:
    """Nothing is wider than the screen, and every word is translated."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} is wider than the screen"
    assert not KEY.findall(page.locator("body").inner_text()), name
    assert page.locator(".empty button").count() == 0, f"{name} could not be loaded"


def walk(browsing: Browsing, role: Role, size: str, locale: str) -> None:
    """All pages of a role."""
    with browsing.as_role(role, size, locale) as page:
        for name in WORK[role]:
            browsing.go(page, name)
            expect(page.locator(".nav [aria-current=page]")).not_to_have_count(0)
            whole(page, name)
            keep(page, f"{role}-{name}-{size}-{locale}")


def walk_phone(browsing: Browsing, child: str, size: str, locale: str) -> None:
    """All of a guardian's page."""
    with browsing.as_guardian(child, size, locale) as page:
        tabs = page.locator(".family-nav button")
        for place in range(tabs.count()):
            tabs.nth(place).click()
            expect(tabs.nth(place)).to_have_attribute("aria-current", "page")
            page.locator(".family-main :is(.panel, .empty, section, form)").first.wait_for()
            whole(page, f"family {place}")
            keep(page, f"guardian-{place}-{size}-{locale}")
