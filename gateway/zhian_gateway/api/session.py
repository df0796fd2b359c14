"""Logging in and out, and the first run."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import NamedTuple

from fastapi import APIRouter, Request, Response

from ..auth import devices
from ..auth.sessions import Origin, Session
from ..errors import BadInput, CodeNeeded, NotLoggedIn, WrongCode
from ..services import Services
from . import session_shapes as shapes
from .access import COOKIE, Caller, Parts, newcomers, public
from .hashing import hashing
from .shapes import Done

router = APIRouter(prefix="/api")


@router.get("/setup")
@public
def setup_state(parts: Parts) -> shapes.Setup:
    """Whether the first administrator is still to be made."""
    return shapes.Setup(needed=parts.accounts.needs_setup())


@router.post("/setup")
@public
async def set_up(wanted: shapes.SetupRequest, parts: Parts, request: Request, response: Response) -> shapes.LoggedIn:
    """Make the first administrator with the secret that the first start left in a file, and log in."""
    # By address alone: the secret cannot be guessed, and nobody may lock the owner out.
    keys = (f"setup/{_address(request)}",)
    parts.tries.check(keys, monotonic())
    try:
        session, cookie = await hashing(
            request, parts.accounts.set_up, wanted.secret, wanted.user, wanted.password, origin(request)
        )
    except NotLoggedIn:
        parts.tries.fail(keys, monotonic())
        raise
    parts.config.store.first_secret.unlink(missing_ok=True)
    return _let_in(parts, response, session, cookie)


@router.post("/session")
@public
async def log_in(wanted: shapes.LogIn, parts: Parts, request: Request, response: Response) -> shapes.LoggedIn:
    """Log in by name and password, or by a one-time ticket; with `code` where a second factor is set up.

    401 `code_needed`: everything else is right.
    """
    if wanted.ticket is not None and wanted.user is None and wanted.password is None:
        # A ticket cannot be guessed, so it opens also where guessing is stopped.
        session, cookie = await hashing(request, parts.accounts.redeem, wanted.ticket, wanted.code, origin(request))
        return _let_in(parts, response, session, cookie)
    if wanted.ticket is not None or wanted.user is None or wanted.password is None:
        raise BadInput("send either user and password, or a ticket")
    knock = _knock(parts, request, wanted.user)
    await knock.wait(parts)
    try:
        session, cookie = await hashing(
            request, parts.accounts.log_in, wanted.user, wanted.password, wanted.code, origin(request)
        )
    except (CodeNeeded, WrongCode):
        # The password was right; codes are counted by the account.
        raise
    except NotLoggedIn:
        knock.failed(parts)
        raise
    knock.opened(parts)
    return _let_in(parts, response, session, cookie)


@router.get("/session")
@newcomers
def who_am_i(parts: Parts, caller: Caller) -> shapes.LoggedIn:
    """Who is logged in."""
    return _logged_in(parts, caller)


@router.delete("/session")
@newcomers
def log_out(parts: Parts, caller: Caller, response: Response) -> Done:
    """End this session."""
    parts.accounts.log_out(caller)
    # Streams of this session end now, not with the next news.
    parts.bell.ring()
    response.delete_cookie(COOKIE, path="/")
    return Done()


class _Knock(NamedTuple):
    """A try at an account: who is counted for it, and whom it is slowed down for.

    A browser that knows the account has tries of its own, so that whoever guesses from elsewhere, or from the same
    address, neither locks it out nor slows it down.
    """

    own: str
    address: str | None
    account: str | None

    async def wait(self, parts: Services) -> None:
        """TooManyTries where guessing is stopped; else after a pause where the account was guessed at."""
        now = monotonic()
        parts.tries.check((self.own,), now)
        if self.address is not None:
            parts.sprays.check((self.address,), now)
        # Waiting holds no thread, so that many who wait hold nobody up.
        await asyncio.sleep(parts.tries.pause(self.account, now) if self.account else 0.0)

    def failed(self, parts: Services) -> None:
        """It was a wrong one."""
        now = monotonic()
        parts.tries.fail(tuple(filter(None, (self.own, self.account))), now)
        if self.address is not None:
            parts.sprays.fail((self.address,), now)

    def opened(self, parts: Services) -> None:
        """It was right. The address is not forgiven: one account of somebody's would pay for guesses at others."""
        parts.tries.forget(tuple(filter(None, (self.own, self.account))))


def _knock(parts: Services, request: Request, user: str) -> _Knock:
    browser = devices.known(parts.store.key, user, request.cookies.get(devices.COOKIE, ""))
    if browser is not None:
        return _Knock(f"browser/{browser}", None, None)
    address = _address(request)
    return _Knock(f"{address}/user/{user}", f"address/{address}", f"user/{user}")


def _let_in(parts: Services, response: Response, session: Session, cookie: str) -> shapes.LoggedIn:
    secure = parts.config.listen.secure
    lasts = 60 * parts.config.sign_in.lasts_minutes
    response.set_cookie(COOKIE, cookie, max_age=lasts, path="/", httponly=True, samesite="strict", secure=secure)
    # For the way in alone, so that nothing else carries it.
    response.set_cookie(
        devices.COOKIE,
        devices.issue(parts.store.key, session.user),
        max_age=devices.LASTS_S,
        path="/api/session",
        httponly=True,
        samesite="strict",
        secure=secure,
    )
    return _logged_in(parts, session)


def _logged_in(parts: Services, session: Session) -> shapes.LoggedIn:
    config = parts.config
    site = config.site
    place = shapes.Site(
        id=site.id,
        name=site.name or site.id,
        timezone=site.timezone,
        silent_s=config.rules.silent_s,
        cameras=config.camera_names(),
        lanes=config.lane_names(),
    )
    return shapes.LoggedIn(
        user=session.user, role=session.role, csrf=session.csrf, site=place, unfinished=session.unfinished
    )


def origin(request: Request) -> Origin:
    """Where a request comes from, for the list of sessions."""
    return Origin(request.client.host if request.client else "", request.headers.get("User-Agent", ""))


def _address(request: Request) -> str:
    return devices.neighbourhood(request.client.host) if request.client else "?"
