"""One's own account on the page: sessions, password, and a second factor from the QR code to the recovery codes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pyotp
import pytest
from playwright.sync_api import Page, expect
from support.broker import Broker
from support.gateway import GatewayProcess, log_in

from .conftest import OpenPage
from .scene import evidence_folder

PASSWORD, ANOTHER = "a long way to the gate", "seven lanterns by the pond"


@pytest.fixture(scope="module")
def gateway(console: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatewayProcess]:
    """A gateway whose administrators need a second factor; its broker is not needed."""
    folder = tmp_path_factory.mktemp("accounts")
    process = GatewayProcess(folder, Broker(folder / "broker"), '[sign_in]\nsecond_factor = ["admin"]\n')
    try:
        process.start()
        with process.services() as parts:
            parts.accounts.add("head", "admin", PASSWORD, who="test")
            parts.accounts.add("guard", "guard", PASSWORD, who="test")
        yield process
    finally:
        process.kill()


def fill(page: Page, **fields: str) -> None:
    for name, value in fields.items():
        page.locator(f"input[name={name}]").fill(value)


def sign_in(page: Page, gateway: GatewayProcess, user: str, button: str, password: str = PASSWORD) -> None:
    page.goto(gateway.url)
    fill(page, user=user, password=password)
    page.get_by_role("button", name=button).click()


def scanned(page: Page) -> pyotp.TOTP:
    """What a phone reads off the screen."""
    picture = page.locator(".account-qr").screenshot()
    seen = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)
    text, _, _ = cv2.QRCodeDetectorAruco().detectAndDecode(seen)
    found = pyotp.parse_uri(text)
    assert isinstance(found, pyotp.TOTP)
    return found


def test_a_role_that_needs_a_second_factor_sets_it_up_first_and_signs_in_with_it(
    gateway: GatewayProcess, open_page: OpenPage
) -> None:
    page = open_page(locale="en")
    sign_in(page, gateway, "head", "Sign in")
    expect(page.get_by_role("heading", name="Second factor")).to_be_visible()
    expect(page.locator(".shell")).not_to_be_visible()
    fill(page, password=PASSWORD)
    page.get_by_role("button", name="Next").click()
    totp = scanned(page)
    assert page.locator(".account-secret").inner_text().replace(" ", "") == totp.secret
    page.screenshot(path=evidence_folder() / "second-setup.png")
    fill(page, code="000000")
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_role("alert")).to_be_visible()
    fill(page, code=totp.now())
    page.get_by_role("button", name="Turn on").click()
    codes = page.locator(".account-codes li")
    expect(codes).to_have_count(10)
    recovery = codes.first.inner_text()
    page.get_by_role("button", name="I have written them down").click()
    expect(page.locator(".shell")).to_be_visible()

    fresh = open_page()
    sign_in(fresh, gateway, "head", "登录")
    expect(fresh.get_by_role("heading", name="第二步验证")).to_be_visible()
    fresh.screenshot(path=evidence_folder() / "second-step.png")
    fill(fresh, code="000000")
    fresh.get_by_role("button", name="登录").click()
    expect(fresh.get_by_role("alert")).to_have_text("验证码不正确或已用过，请等下一个")
    fill(fresh, code=recovery)
    fresh.get_by_role("button", name="登录").click()
    expect(fresh.locator(".shell")).to_be_visible()
    fresh.goto(f"{gateway.url}/#/account")
    expect(fresh.get_by_text("已开启，还剩 9 个恢复码。")).to_be_visible()


def test_a_link_waits_for_the_code_too(gateway: GatewayProcess, open_page: OpenPage) -> None:
    with gateway.services() as parts:
        parts.accounts.add("wang", "guard", None, who="test")
        session, _ = parts.accounts.redeem(parts.accounts.ticket("wang", who="test"))
        totp = pyotp.TOTP(parts.accounts.credentials.begin_second(session, "").secret)
        codes = parts.accounts.credentials.confirm_second(session, totp.now())
        link = f"{gateway.url}/#/login?ticket={parts.accounts.ticket('wang', who='test')}"
    page = open_page()
    page.goto(link)
    expect(page.get_by_role("heading", name="第二步验证")).to_be_visible()
    fill(page, code=codes[0])
    page.get_by_role("button", name="登录").click()
    expect(page.locator(".user")).to_contain_text("wang")


def test_sessions_are_seen_and_ended_and_the_password_is_changed(gateway: GatewayProcess, open_page: OpenPage) -> None:
    with gateway.services() as parts:
        other = log_in(parts, gateway.url, "guard", "guard")
    page = open_page(locale="en")
    sign_in(page, gateway, "guard", "Sign in")
    page.locator(".user").click()
    page.get_by_role("menuitem", name="My account").click()
    rows = page.locator(".account-list li")
    expect(rows).to_have_count(2)
    expect(rows.filter(has_text="this one")).to_contain_text("Chrome, Linux")
    rows.filter(has_text="python-httpx").get_by_role("button", name="Sign out").click()
    expect(rows).to_have_count(1)
    assert other.get("/api/session").status_code == 401
    other.close()
    fill(page, password=PASSWORD, new="Password1234", again="Password1234")
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_role("alert")).to_contain_text("easy to guess")
    fill(page, new=ANOTHER, again=ANOTHER)
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_role("status").filter(has_text="Changed")).to_be_visible()
    page.get_by_role("button", name="Sign out everywhere").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    sign_in(page, gateway, "guard", "Sign in", ANOTHER)
    expect(page.locator(".shell")).to_be_visible()


@pytest.mark.parametrize(("locale", "width", "height"), [("zh-CN", 1366, 768), ("en", 390, 844)])
def test_the_account_fits_the_screen(
    gateway: GatewayProcess, open_page: OpenPage, locale: str, width: int, height: int
) -> None:
    with gateway.services() as parts:
        name = f"chief-{width}"
        parts.accounts.add(name, "admin", None, who="test")
        session, _ = parts.accounts.redeem(parts.accounts.ticket(name, who="test"))
        totp = pyotp.TOTP(parts.accounts.credentials.begin_second(session, "").secret)
        codes = parts.accounts.credentials.confirm_second(session, totp.now())
        link = f"{gateway.url}/#/login?ticket={parts.accounts.ticket(name, who='test')}"
        log_in(parts, gateway.url, "zhao-of-the-east-gate", "guard").close()
    page = open_page(locale=locale, width=width, height=height)
    page.goto(link)
    fill(page, code=codes[0])
    page.locator("form button[type=submit]").click()
    expect(page.locator(".shell")).to_be_visible()
    page.goto(f"{gateway.url}/#/account")
    expect(page.locator("#account-users ~ .account-list li").first).to_be_visible()
    page.screenshot(path=evidence_folder() / f"account-{locale}-{width}.png")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.locator("#account-users").scroll_into_view_if_needed()
    page.screenshot(path=evidence_folder() / f"account-users-{locale}-{width}.png")
