"""A guardian's phone in a real browser: bound by a code, it shows the child's days, and takes yes and no."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from zhian_gateway.family import carers
from zhian_gateway.store.tables import consents, guardians, templates

from .conftest import OpenPage
from .scene import Site, evidence_folder

CHILD = "s-1001"


def code(site: Site) -> str:
    """What the school hands over."""
    with site.gateway.services() as parts, parts.store.write() as link:
        number = link.execute(select(guardians.c.id).where(guardians.c.person_id == CHILD)).scalar_one()
        return carers.issue(link, int(number), site=parts.site, who="t", now=parts.clock())


def bind(page: Page, site: Site) -> None:
    page.goto(f"{site.gateway.url}/family.html")
    page.locator("input[name=code]").fill(code(site).lower())
    page.locator("button[type=submit]").click()
    page.locator(".family-nav").wait_for()


@pytest.mark.parametrize(("locale", "theme"), [("zh-CN", "light"), ("en", "dark")])
def test_a_parent_sees_the_childs_day_and_nothing_else(
    site: Site, open_page: OpenPage, locale: str, theme: str
) -> None:
    site.comes(CHILD, seed=1, direction="in")
    page = open_page(width=390, height=844, locale=locale, theme=theme)
    page.goto(f"{site.gateway.url}/family.html")
    page.locator("input[name=code]").wait_for()
    page.screenshot(path=evidence_folder() / f"family-bind-{locale}.png")
    bind(page, site)
    expect(page.locator(".family-steps li").first).to_be_visible()
    page.screenshot(path=evidence_folder() / f"family-days-{locale}.png")
    for place, name in enumerate(("messages", "consents", "wishes"), start=1):
        page.locator(".family-nav button").nth(place).click()
        page.locator(".family-main .panel, .family-main .empty").first.wait_for()
        page.screenshot(path=evidence_folder() / f"family-{name}-{locale}.png")
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert not wide
    assert not re.search(r"\bfamily\.[a-z_]+", page.locator("body").inner_text())


def test_a_wrong_code_is_said_and_nothing_is_shown(site: Site, open_page: OpenPage) -> None:
    page = open_page(width=390, height=844, locale="en")
    page.goto(f"{site.gateway.url}/family.html")
    page.locator("input[name=code]").fill("0000-0000-0000")
    page.locator("button[type=submit]").click()
    expect(page.get_by_role("alert")).to_contain_text("Ask the school for another")
    expect(page.locator(".family-nav")).to_have_count(0)


def test_taking_the_face_back_by_two_presses_deletes_the_templates(site: Site, open_page: OpenPage) -> None:
    page = open_page(width=390, height=844, locale="en")
    bind(page, site)
    page.get_by_role("button", name="Consents").click()
    face = page.locator(".family-purpose", has_text="Face recognition")
    face.get_by_role("button", name="Take it back").click()
    page.screenshot(path=evidence_folder() / "family-take-back.png")
    page.get_by_role("dialog").get_by_role("button", name="Take it back").click()
    # The words beside it say from the beginning that it can be taken back.
    expect(face.locator(".family-no")).to_contain_text("taken back")
    with site.gateway.services() as parts, parts.store.read() as link:
        assert link.execute(select(templates).where(templates.c.person_id == CHILD)).first() is None
    words = face.locator(".family-words").inner_text()
    assert "makes a template" in words
    page.screenshot(path=evidence_folder() / "family-words.png")
    face.get_by_role("button", name="Agree").click()
    expect(face.locator(".family-yes")).to_contain_text("Agreed")
    with site.gateway.services() as parts, parts.store.read() as link:
        query = select(consents.c.words).where(consents.c.person_id == CHILD, consents.c.withdrawn_at.is_(None))
        assert words in link.execute(query).scalars().all()


def test_messages_that_nobody_said_anything_of_are_no_yes_and_can_be_stopped(site: Site, open_page: OpenPage) -> None:
    page = open_page(width=390, height=844, locale="en")
    bind(page, site)
    page.get_by_role("button", name="Consents").click()
    card = page.locator(".family-purpose", has=page.get_by_role("heading", name="Messages", exact=True))
    expect(card.locator(".family-unsaid")).to_contain_text("unless you object")
    expect(card.locator(".family-yes")).to_have_count(0)
    expect(card.get_by_role("button", name="Take it back")).to_have_count(0)
    card.get_by_role("button", name="Stop them").click()
    page.get_by_role("dialog").get_by_role("button", name="Stop them").click()
    expect(card.locator(".family-no")).to_be_visible()
    card.get_by_role("button", name="Agree").click()
    expect(card.locator(".family-yes")).to_contain_text("Agreed")


def test_the_page_opens_again_without_a_network_and_keeps_nothing_of_the_child(site: Site, open_page: OpenPage) -> None:
    page = open_page(width=390, height=844, locale="en")
    bind(page, site)
    page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
    page.reload()
    page.locator(".family-nav").wait_for()
    kept = page.evaluate(
        """async () => {
            const kept = [];
            for (const name of await caches.keys())
                for (const request of await (await caches.open(name)).keys()) kept.push(new URL(request.url).pathname);
            return kept;
        }"""
    )
    assert any(path.endswith("/family.html") for path in kept)
    assert not [path for path in kept if path.startswith("/api/")]
    page.context.set_offline(True)
    page.reload()
    expect(page.locator("#root")).to_contain_text("answer", ignore_case=True)
    page.screenshot(path=evidence_folder() / "family-offline.png")
