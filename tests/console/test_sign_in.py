"""The way in: the first administrator, a password, a one-time link, and out again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, expect
from sqlalchemy import func, select, update
from support.broker import Broker
from support.gateway import GatewayProcess
from support.waiting import eventually
from zhian_gateway import moments
from zhian_gateway.store.tables import sessions

from .conftest import OpenPage
from .scene import evidence_folder

PASSWORD = "a long way to the gate"


@pytest.fixture(scope="module")
def gateway(console: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatewayProcess]:
    """A gateway that nobody has used yet; its broker is not needed to sign in."""
    folder = tmp_path_factory.mktemp("new")
    process = GatewayProcess(folder, Broker(folder / "broker"))
    try:
        yield process.start()
    finally:
        process.kill()


def fill(page: Page, **fields: str) -> None:
    for name, value in fields.items():
        page.locator(f"input[name={name}]").fill(value)


def test_the_first_start_takes_the_secret_and_nothing_else(gateway: GatewayProcess, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(gateway.url)
    expect(page.get_by_role("heading", name="首次设置")).to_be_visible()
    page.screenshot(path=evidence_folder() / "setup.png")
    fill(page, secret="guessed", user="head", new=PASSWORD, again=PASSWORD)
    page.get_by_role("button", name="创建并登录").click()
    expect(page.get_by_role("alert")).to_be_visible()
    place = gateway.folder / "gateway" / "first-run-secret"
    secret = place.read_text(encoding="utf-8").strip()
    assert place.stat().st_mode & 0o777 == 0o600
    assert str(place) in gateway.log()
    assert secret not in gateway.log()
    expect(page.get_by_text("密码至少 10 个字符")).to_be_visible()
    fill(page, secret=secret, new="short", again="short")
    page.get_by_role("button", name="创建并登录").click()
    expect(page.get_by_role("alert")).to_have_text("密码太短：至少需要 10 个字符")
    fill(page, new=PASSWORD, again="something else")
    page.get_by_role("button", name="创建并登录").click()
    expect(page.get_by_role("alert")).to_have_text("两次输入的密码不一致")
    fill(page, again=PASSWORD)
    page.get_by_role("button", name="创建并登录").click()
    expect(page.locator(".user")).to_contain_text("head")
    assert not place.exists()
    expect(page.locator(".strip .empty")).to_contain_text("没有告警")
    expect(page.locator(".stream .empty")).to_contain_text("还没有人车通过")
    page.screenshot(path=evidence_folder() / "empty.png")


def test_a_wrong_password_is_said_and_a_right_one_lets_in_and_out(gateway: GatewayProcess, open_page: OpenPage) -> None:
    page = open_page(locale="en")
    page.goto(gateway.url)
    fill(page, user="head", password="wrong wrong wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_have_text("User name or password is wrong")
    fill(page, password=PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".shell")).to_be_visible()
    page.reload()
    expect(page.locator(".shell")).to_be_visible()
    page.locator(".user").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_link_signs_in_once_and_does_not_stay_in_the_address(gateway: GatewayProcess, open_page: OpenPage) -> None:
    with gateway.services() as parts:
        parts.accounts.add("wang", "guard", None, who="test")
        link = f"{gateway.url}/#/login?ticket={parts.accounts.ticket('wang', who='test')}"
    page = open_page()
    page.goto(link)
    expect(page.locator(".user")).to_contain_text("wang")
    assert "ticket" not in page.url
    for locale, heading, over in (("zh-CN", "登录", "此链接已用过"), ("en", "Sign in", "This link was used already")):
        again = open_page(locale=locale)
        again.goto(link)
        expect(again.get_by_role("alert")).to_contain_text(over)
        expect(again.get_by_role("alert")).to_contain_text("zhian-gateway ticket")
        expect(again.get_by_role("heading", name=heading)).to_be_visible()
        again.screenshot(path=evidence_folder() / f"link-over-{locale}.png")


def test_language_and_appearance_are_chosen_and_kept(gateway: GatewayProcess, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(gateway.url)
    fill(page, user="head", password=PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.locator(".user").click()
    page.get_by_role("menuitemradio", name="English").click()
    page.locator(".user").click()
    page.get_by_role("menuitemradio", name="Dark").click()
    page.reload()
    expect(page.get_by_role("link", name="Watch")).to_be_visible()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("document.documentElement.lang") == "en"


def test_a_session_that_ends_leads_back_to_the_door(gateway: GatewayProcess, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(gateway.url)
    fill(page, user="head", password=PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.locator(".shell")).to_be_visible()
    # Whatever the page asks next is refused; it asks by itself every few seconds, so that nobody may have to press
    # anything, and nothing that could be pressed is sure to be there still.
    with page.expect_response(lambda answer: answer.status == 401):
        page.context.clear_cookies()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_text("登录已过期，请重新登录")


def is_marked(asked: Request) -> bool:
    return "/api/" in asked.url and "x-zhian-untouched" in asked.headers


def test_a_page_uses_its_session_only_while_somebody_touches_it(gateway: GatewayProcess, open_page: OpenPage) -> None:
    with gateway.services() as parts:
        # Where it runs alone, nobody has made them yet.
        if ("head", "admin") not in parts.accounts.every():
            parts.accounts.add("head", "admin", PASSWORD, who="test")
    page = open_page()
    page.clock.install()
    page.goto(gateway.url)
    fill(page, user="head", password=PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.locator(".shell")).to_be_visible()
    with gateway.services() as parts:

        def used(ago: timedelta | None = None) -> str:
            """When any session of theirs was used last; or have that be so long ago."""
            with parts.store.write() as link:
                if ago is not None:
                    link.execute(update(sessions).values(seen_at=moments.text(parts.clock() - ago)))
                return str(link.execute(select(func.max(sessions.c.seen_at))).scalar_one())

        def asks_by_itself(after_ms: int) -> None:
            with page.expect_response(lambda answer: is_marked(answer.request) and answer.status < 400):
                page.clock.fast_forward(after_ms)

        asks_by_itself(120_000)
        before = used(timedelta(minutes=100))
        for _ in range(3):
            asks_by_itself(10_000)
        assert used() == before
        page.locator(".user").click()
        with page.expect_response(lambda answer: "/api/" in answer.url and not is_marked(answer.request)):
            page.clock.fast_forward(10_000)
        eventually(lambda: used() > before, "the note that somebody is here")
        page.clock.fast_forward(120_000)
        login = page.get_by_role("heading", name="登录")

        def is_out() -> bool:
            """Again where a slow answer to the touch was noted after it, or a look was still under way."""
            used(timedelta(hours=3))
            page.clock.fast_forward(10_000)
            return login.is_visible()

        eventually(is_out, "the sign-in page", 60)
    expect(page.get_by_role("alert")).to_have_text("登录已过期，请重新登录")
    page.screenshot(path=evidence_folder() / "unused.png")
