"""Every page as every role: one's own pages are whole, others' lead back, and no page asks for what it may not see."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Response, expect
from sqlalchemy import select
from support.gateway import GatewayProcess
from zhian_gateway.auth import scope
from zhian_gateway.auth.refusals import REFUSED
from zhian_gateway.auth.sessions import ROLES, Role
from zhian_gateway.family import carers
from zhian_gateway.store.tables import audit, guardians

from . import scene
from .conftest import OpenPage
from .listed import ADDRESSES, KEY, PAGES, WORK
from .scene import Site, evidence_folder

SIZES = {"desk": (1366, 768), "phone": (390, 844)}
#: The guard first, whose walk is a fast test: an administrator's pages are all opened by others, too.
WALKERS = sorted(ROLES, key=lambda role: role != "guard")
LOOKS = list(itertools.product(SIZES, ("en", "zh-CN"), WALKERS))


#: For who is not signed in.
OUTSIDE = {"login", "visit"}


def test_every_page_has_an_address_and_is_somebodys_work() -> None:
    assert sorted(PAGES) == sorted(set(ADDRESSES) - OUTSIDE)
    assert {"account", *itertools.chain.from_iterable(WORK.values())} == set(PAGES)


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
    assert page.locator(".nav").evaluate("nav => nav.scrollHeight <= nav.clientHeight"), "the way around is cut off"
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


FAMILY_LOOKS = list(itertools.product(SIZES, ("zh-CN", "en")))


def bound(site: Site, page: Page, child: str) -> None:
    """A phone of the child's guardian, bound by a code of the school."""
    with site.gateway.services() as parts, parts.store.write() as link:
        number = link.execute(select(guardians.c.id).where(guardians.c.person_id == child)).scalar_one()
        code = carers.issue(link, int(number), site=parts.site, who="t", now=parts.clock())
    page.goto(f"{site.gateway.url}/family.html")
    page.locator("input[name=code]").fill(code)
    page.locator("button[type=submit]").click()
    page.locator(".family-nav").wait_for()


@pytest.mark.parametrize(("size", "locale"), FAMILY_LOOKS)
def test_every_page_as_a_guardian(size: str, locale: str, site: Site, open_page: OpenPage) -> None:
    width, height = SIZES[size]
    page = open_page(width=width, height=height, locale=locale)
    bound(site, page, "s-1001")
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - it marks what it is given
    tabs = page.locator(".family-nav button")
    for place in range(tabs.count()):
        tabs.nth(place).click()
        expect(tabs.nth(place)).to_have_attribute("aria-current", "page")
        page.locator(".family-main :is(.panel, .empty, section, form)").first.wait_for()
        text = page.locator("body").inner_text()
        assert not KEY.findall(text), text
        assert "欧阳娜娜" not in text and "赵某" not in text, "another's child"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.screenshot(path=evidence_folder() / f"walk-guardian-{place}-{size}-{locale}.png", animations="disabled")
    assert refused(answers) == []
    page.goto(f"{site.gateway.url}/#/passages")
    page.locator("form").wait_for()
    assert page.locator(".shell").count() == 0, "a guardian is nobody on the guards' page"
    assert page.request.get(f"{site.gateway.url}/api/passages").status == 401
    asked = page.request.get(f"{site.gateway.url}/api/family/children/s-1002/days")
    assert asked.status == 404
    with site.gateway.services() as parts, parts.store.read() as link:
        query = select(audit.c.who).where(audit.c.action == REFUSED, audit.c.subject.endswith("/s-1002/days"))
        assert {who.split("/")[0] for who in link.execute(query).scalars()} == {"carer"}
