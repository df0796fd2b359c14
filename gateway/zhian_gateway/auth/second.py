"""The second factor: codes of an authenticator (TOTP, RFC 6238), each good once, and recovery codes for its loss.

Wrong codes lock the account's codes for a growing time. Only who has the password comes so far, so nobody else can lock
anybody out.
"""

from __future__ import annotations

import base64
import secrets
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import pyotp
from sqlalchemy import Connection, Select, delete, insert, select, update
from zhian_wire import times

from .. import moments
from ..errors import BadInput, CodeNeeded, Conflict, NotFound, TooManyTries, WrongCode
from ..store.tables import recovery_codes, second_factors
from ..tokens import digest, same

STEP_S: Final = 30
#: A clock may be so many steps away.
DRIFT: Final = 1
RECOVERY_CODES: Final = 10
#: Wrong codes before the first lock, how long that is, and the longest: each further wrong code doubles it.
MOST_WRONG: Final = 5
FIRST_LOCK: Final = timedelta(minutes=5)
LONGEST_LOCK: Final = timedelta(hours=1)


class Enrolment(NamedTuple):
    """What an authenticator is set up with, shown once."""

    secret: str
    address: str


class Checked(NamedTuple):
    """What came of a code: nothing against it, or why not. Kept apart from raising, so that a failure is written."""

    fault: CodeNeeded | WrongCode | TooManyTries | None
    note: str = ""


def begin(link: Connection, user: str, *, issuer: str, now: datetime) -> Enrolment:
    """A new secret, which holds once a code of it was typed.

    Raises:
        Conflict: there is one that holds; remove it first.
    """
    if is_on(link, user):
        raise Conflict("there is a second factor already; remove it first")
    secret = pyotp.random_base32()
    link.execute(delete(second_factors).where(second_factors.c.user == user))
    values = {"user": user, "secret": secret, "created_at": moments.text(now), "last_step": 0, "wrong": 0}
    link.execute(insert(second_factors).values(values))
    return Enrolment(secret, pyotp.TOTP(secret).provisioning_uri(name=user, issuer_name=issuer))


def confirm(link: Connection, user: str, code: str, now: datetime) -> list[str]:
    """The authenticator works; recovery codes, shown once.

    Raises:
        NotFound: nothing was begun.
        Conflict: it holds already.
        BadInput: the code is not the authenticator's.
    """
    row = link.execute(select(second_factors).where(second_factors.c.user == user)).one_or_none()
    if row is None:
        raise NotFound("no second factor was begun")
    if row.confirmed_at is not None:
        raise Conflict("the second factor holds already")
    step = _step(row.secret, code, now, after=row.last_step)
    if step is None:
        raise BadInput("code: not the one that the authenticator shows now")
    holds = {"confirmed_at": moments.text(now), "last_step": step}
    link.execute(update(second_factors).where(second_factors.c.user == user).values(holds))
    return _new_recovery(link, user)


def remove(link: Connection, user: str) -> bool:
    """No second factor any more; False when there was none."""
    link.execute(delete(recovery_codes).where(recovery_codes.c.user == user))
    return link.execute(delete(second_factors).where(second_factors.c.user == user)).rowcount > 0


def is_on(link: Connection, user: str) -> bool:
    """Whether somebody has to type a code."""
    return link.execute(_held(user)).first() is not None


def left(link: Connection, user: str) -> int:
    """How many recovery codes are left."""
    return len(link.execute(select(recovery_codes.c.digest).where(recovery_codes.c.user == user)).all())


def check(link: Connection, user: str, code: str, now: datetime) -> Checked:
    """Whether `code` is good, now and for the first time; a recovery code is used up."""
    row = link.execute(_held(user)).one_or_none()
    if row is None:
        return Checked(None)
    if row.locked_until is not None and row.locked_until > moments.text(now):
        wait = (times.from_text(row.locked_until) - now).total_seconds()
        return Checked(TooManyTries(f"too many wrong codes; wait {wait / 60 + 1:.0f} minutes"), "codes are locked")
    if not code.strip():
        return Checked(CodeNeeded("a code of the authenticator is needed"))
    step = _step(row.secret, code, now, after=row.last_step)
    if step is not None:
        values = {"last_step": step, "wrong": 0, "locked_until": None}
        link.execute(update(second_factors).where(second_factors.c.user == user).values(values))
        return Checked(None)
    if _recovered(link, user, code):
        return Checked(None, "by a recovery code")
    return _wrong(link, user, row.wrong + 1, now)


def _held(user: str) -> Select[Any]:
    return select(second_factors).where(second_factors.c.user == user, second_factors.c.confirmed_at.is_not(None))


def _step(secret: str, code: str, now: datetime, *, after: int) -> int | None:
    """Which step's code it is, of those near `now` and later than `after`."""
    typed = code.strip().replace(" ", "")
    if not (typed.isascii() and typed.isdigit() and len(typed) == 6):
        return None
    totp, current = pyotp.TOTP(secret), int(now.timestamp()) // STEP_S
    for step in range(current - DRIFT, current + DRIFT + 1):
        if step > after and same(totp.at(step * STEP_S), typed):
            return step
    return None


def _wrong(link: Connection, user: str, wrong: int, now: datetime) -> Checked:
    until = None
    if wrong >= MOST_WRONG:
        until = moments.text(now + min(FIRST_LOCK * 2 ** min(wrong - MOST_WRONG, 8), LONGEST_LOCK))
    link.execute(update(second_factors).where(second_factors.c.user == user).values(wrong=wrong, locked_until=until))
    return Checked(WrongCode("the code is wrong, or was used"), "wrong code" if until is None else "wrong code; locked")


def _recovered(link: Connection, user: str, code: str) -> bool:
    typed = digest(code.strip().lower().replace("-", "").replace(" ", ""))
    used = delete(recovery_codes).where(recovery_codes.c.user == user, recovery_codes.c.digest == typed)
    return link.execute(used).rowcount == 1


def _new_recovery(link: Connection, user: str) -> list[str]:
    """80 random bits each, so that their plain digests tell nothing."""
    codes = [base64.b32encode(secrets.token_bytes(10)).decode().lower() for _ in range(RECOVERY_CODES)]
    link.execute(delete(recovery_codes).where(recovery_codes.c.user == user))
    link.execute(insert(recovery_codes), [{"user": user, "digest": digest(code)} for code in codes])
    return ["-".join(code[at : at + 4] for at in range(0, 16, 4)) for code in codes]
