"""A code is good once and near its time, wrong ones lock, and a recovery code lets in without the authenticator."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pyotp
import pytest
from sqlalchemy import select, text
from zhian_gateway.auth import second
from zhian_gateway.auth.sessions import Session
from zhian_gateway.errors import BadInput, CodeNeeded, Conflict, NotFound, NotLoggedIn, TooManyTries, WrongCode
from zhian_gateway.services import Services
from zhian_gateway.store.tables import audit, second_factors

WORD = "correct horse battery"


@pytest.fixture
def li(parts: Services) -> Session:
    """A guard who is signed in, by a ticket: a password takes its time."""
    parts.accounts.add("li", "guard", None, who="t")
    return come(parts)[0]


def come(parts: Services, code: str = "") -> tuple[Session, str]:
    """Sign in by a ticket, which stands for the password here."""
    return parts.accounts.redeem(parts.accounts.ticket("li", who="t"), code)


def enrol(parts: Services, session: Session, clock: Any) -> tuple[pyotp.TOTP, list[str]]:
    """The second factor on; the authenticator, one step later, and the recovery codes."""
    totp = pyotp.TOTP(parts.accounts.credentials.begin_second(session, "").secret)
    codes = parts.accounts.credentials.confirm_second(session, totp.at(clock.now))
    clock.forward(second.STEP_S)
    return totp, codes


def test_nothing_is_asked_for_until_a_code_was_typed(parts: Services, li: Session, clock: Any) -> None:
    begun = parts.accounts.credentials.begin_second(li, "")
    assert begun.address.startswith("otpauth://totp/zhian%20school:li?secret=")
    come(parts)
    with pytest.raises(BadInput):
        parts.accounts.credentials.confirm_second(li, "000000")
    come(parts)
    parts.accounts.credentials.confirm_second(li, pyotp.TOTP(begun.secret).at(clock.now))
    with pytest.raises(CodeNeeded):
        come(parts)
    with pytest.raises(Conflict):
        parts.accounts.credentials.begin_second(li, "")


def test_a_code_is_good_once_and_none_before_it_either(parts: Services, li: Session, clock: Any) -> None:
    totp, _ = enrol(parts, li, clock)
    now, earlier = totp.at(clock.now), clock.now - timedelta(seconds=second.STEP_S)
    come(parts, now)
    for old in (now, totp.at(earlier)):
        with pytest.raises(WrongCode):
            come(parts, old)
    clock.forward(second.STEP_S)
    come(parts, totp.at(clock.now))


@pytest.mark.parametrize(("steps", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_away(parts: Services, li: Session, clock: Any, steps: int, good: bool) -> None:
    totp, _ = enrol(parts, li, clock)
    clock.forward(10 * second.STEP_S)
    code = totp.at(clock.now + steps * timedelta(seconds=second.STEP_S))
    if good:
        come(parts, code)
        return
    with pytest.raises(WrongCode):
        come(parts, code)


def test_the_code_does_not_stand_for_the_password_nor_is_it_looked_at_before(
    parts: Services, li: Session, clock: Any
) -> None:
    totp, codes = enrol(parts, li, clock)
    parts.accounts.credentials.set_password("li", WORD, who="t")
    for code in (totp.at(clock.now), codes[0], "", "000000"):
        with pytest.raises(NotLoggedIn, match="wrong name or password"):
            parts.accounts.log_in("li", "wrong password", code)
    parts.accounts.log_in("li", WORD, totp.at(clock.now))


def test_wrong_codes_lock_for_longer_each_time(parts: Services, li: Session, clock: Any) -> None:
    totp, _ = enrol(parts, li, clock)
    for _ in range(second.MOST_WRONG):
        with pytest.raises(WrongCode):
            come(parts, "000000")
    with pytest.raises(TooManyTries):
        come(parts, totp.at(clock.now))
    clock.forward(second.FIRST_LOCK.total_seconds() + 1)
    with pytest.raises(WrongCode):
        come(parts, "000000")
    clock.forward(second.FIRST_LOCK.total_seconds() + 1)
    with pytest.raises(TooManyTries):
        come(parts, totp.at(clock.now))
    clock.forward(second.FIRST_LOCK.total_seconds())
    come(parts, totp.at(clock.now))


def test_a_recovery_code_lets_in_once_however_it_is_typed(parts: Services, li: Session, clock: Any) -> None:
    _, codes = enrol(parts, li, clock)
    assert len(set(codes)) == second.RECOVERY_CODES
    come(parts, f" {codes[0].upper().replace('-', ' ')} ")
    with pytest.raises(WrongCode):
        come(parts, codes[0])
    assert parts.accounts.credentials.second_state("li") == (True, second.RECOVERY_CODES - 1)


def test_a_ticket_waits_for_the_code_too(parts: Services, li: Session, clock: Any) -> None:
    totp, _ = enrol(parts, li, clock)
    ticket = parts.accounts.ticket("li", who="t")
    with pytest.raises(CodeNeeded):
        parts.accounts.redeem(ticket)
    parts.accounts.redeem(ticket, totp.at(clock.now))
    with pytest.raises(NotLoggedIn):
        parts.accounts.redeem(ticket, totp.at(clock.now))


def test_it_is_taken_away_by_password_and_code(parts: Services, li: Session, clock: Any) -> None:
    totp, _ = enrol(parts, li, clock)
    parts.accounts.credentials.set_password("li", WORD, who="t")
    for password, code in (("wrong password", totp.at(clock.now)), (WORD, "000000")):
        with pytest.raises(NotLoggedIn):
            parts.accounts.credentials.remove_second(li, password, code)
    parts.accounts.credentials.remove_second(li, WORD, totp.at(clock.now))
    come(parts)


def test_an_operator_takes_it_away_from_who_lost_everything(parts: Services, li: Session, clock: Any) -> None:
    _, codes = enrol(parts, li, clock)
    _, cookie = come(parts, codes[0])
    parts.accounts.credentials.reset_second("li", who="cli:root")
    assert parts.accounts.session(cookie) is None
    come(parts)
    with pytest.raises(NotFound):
        parts.accounts.credentials.reset_second("li", who="cli:root")


def test_what_was_open_before_ends_and_each_change_is_recorded(parts: Services, li: Session, clock: Any) -> None:
    _, before = come(parts)
    _, codes = enrol(parts, li, clock)
    assert parts.accounts.session(before) is None
    come(parts, codes[0])
    with pytest.raises(WrongCode):
        come(parts, "000000")
    parts.accounts.credentials.reset_second("li", who="cli:root")
    with parts.store.read() as link:
        rows = link.execute(select(audit.c.who, audit.c.action, audit.c.detail)).all()
    assert ("li", "second_factor.on", "") in rows
    assert ("li", "session.refused", "wrong code") in rows
    assert ("cli:root", "second_factor.reset", "") in rows
    assert any(row.detail.endswith("by a recovery code") for row in rows)


def test_the_secret_lies_sealed_and_recovery_codes_as_hashes(parts: Services, li: Session, clock: Any) -> None:
    totp, codes = enrol(parts, li, clock)
    with parts.store.read() as link:
        lying = str(link.execute(text("SELECT * FROM second_factors")).all())
        lying += str(link.execute(text("SELECT * FROM recovery_codes")).all())
        opened = link.execute(select(second_factors.c.secret)).scalar_one()
    assert opened == totp.secret
    assert not any(secret in lying for secret in (totp.secret, *codes, codes[0].replace("-", "")))
