"""Every page as every role: one's own pages are whole, others' lead back, and no page asks for what it may not see."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Response, expect
from sqlalchemy import select
from support.gateway import GatewayProcess
from zhian_gateway.auth import scope
from zhian_gateway.auth.refusals import REFUSED
from zhian_gateway.auth.sessions import ROLES, Role
from zhian_gateway.store.tables import audit

from . import scene
from .conftest import ROOT, OpenPage
from .scene import Site, evidence_folder
from .test_pages import KEY

SOURCES = ROOT / "gateway" / "console" / "src" / "logic"
SIZES = {"desk": (1366, 768), "phone": (390, 844)}
#: Each role at once in one of the two languages, on the desk's screen; the other ways are slow.
FAST = {("desk", "zh-CN", "admin"), ("desk", "en", "guard"), ("desk", "en", "police"), ("desk", "zh-CN", "teacher")}
LOOKS = [
    pytest.param(*look, marks=() if look in FAST else pytest.mark.slow)
    for look in itertools.product(SIZES, ("zh-CN", "en"), ROLES)
]


def listed(file: str, pattern: str) -> list[str]:
    """Names in the page's own list, so that a new page is walked too."""
    found = re.search(pattern, (SOURCES / file).read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None, pattern
    return re.findall(r'"([a-z-]+)"', found[1])


WORK = {role: listed("roles.ts", rf"\b{role}: \[(.*?)\]") for role in ROLES}
#: What somebody who is signed in can open; the others are for who is not.
OPENED = {"account", *itertools.chain.from_iterable(WORK.values())}
PAGES = [name for name in listed("route.ts", r"PAGE_NAMES = \[(.*?)\]") if name in OPENED]


@pytest.fixture(scope="module")
def site(gateway: GatewayProcess) -> Iterator[Site]:
    """A school where something of everything has happened; the teacher has a class of it."""
    made = scene.school(gateway)
    for role in ROLES:
        made.ticket(f"walk-{role}", role)
    with gateway.services() as parts, parts.store.write() as link:
        told = {"site": parts.site, "who": "test", "now": parts.now()}
        scope.set_groups(link, "walk-teacher", ["class-3"], **told)
    yield made
    made.close()


def refused(answers: list[Response]) -> list[str]:
    """What the page was turned away from; a picture that is deleted by now, or not there yet, is no secret."""
    return [f"{each.status} {each.url}" for each in answers if each.status in (401, 403)]


def opened(page: Page, site: Site, name: str) -> None:
    page.goto(f"{site.gateway.url}/#/{name}")
    expect(page.locator("main .loading")).to_have_count(0)
    page.locator("main").get_by_role("heading").first.wait_for()


@pytest.mark.parametrize(("size", "locale", "role"), LOOKS)
def test_every_page_as(size: str, locale: str, role: Role, site: Site, open_page: OpenPage) -> None:
    width, height = SIZES[size]
    page = open_page(width=width, height=height, locale=locale)
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - it marks what it is given
    site.enter(page, f"walk-{role}", role)
    page.locator(".shell").wait_for()
    answers.clear()
    for name in PAGES:
        opened(page, site, name)
        current = page.locator(".nav [aria-current=page]")
        if name in WORK[role]:
            expect(current).not_to_have_count(0)
            page.screenshot(path=evidence_folder() / f"walk-{role}-{name}-{size}-{locale}.png", animations="disabled")
        elif name != "account":
            # Nothing of another role's page: the address leads to where this one begins.
            expect(page.locator(f".nav a[href='#/{WORK[role][0]}']")).to_have_attribute("aria-current", "page")
            assert page.locator(f".nav a[href='#/{name}']").count() == 0
        assert page.locator(".empty button").count() == 0, f"{name} could not be loaded"
        assert not KEY.findall(page.locator("body").inner_text()), name
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} is wider than the screen"
    assert refused(answers) == []
    with site.gateway.services() as parts, parts.store.read() as link:
        query = select(audit.c.subject).where(audit.c.action == REFUSED, audit.c.who == f"walk-{role}")
        assert link.execute(query).scalars().all() == []
