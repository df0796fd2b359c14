"""Logging in and out, and the first run."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import NamedTuple

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool

from ..auth import devices
from ..auth.counting import begin, counted
from ..auth.sessions import Origin, Session
from ..errors import BadInput, CodeNeeded, Conflict, NotLoggedIn, WrongCode
from ..services import Services
from . import session_shapes as shapes
from .access import COOKIE, Caller, Parts, newcomers, public
from .guarded import GuardedRouter
from .hashing import hashing, hashing_for_known
from .shapes import Done

router = GuardedRouter(prefix="/api")


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
    async with counted(parts.tries, (f"setup/{_address(request)}",), wrong=(NotLoggedIn, Conflict)):
        # Whoever has it not waits for no hash, and takes nobody's place there.
        await run_in_threadpool(parts.accounts.check_first_secret, wanted.secret)
        session, cookie = await hashing(
            request, parts.accounts.set_up, wanted.secret, wanted.user, wanted.password, origin(request)
        )
    parts.config.store.first_secret.unlink(missing_ok=True)
    return _let_in(parts, response, session, cookie)


@router.post("/session")
@public
async def log_in(wanted: shapes.LogIn, parts: Parts, request: Request, response: Response) -> shapes.LoggedIn:
    """Log in by name and password, or by a one-time ticket; with `code` where a second factor is set up.

    401 `code_needed`: everything else is right. 401 `link_over`: the ticket was used, or is too old.
    """
    if wanted.ticket is not None and wanted.user is None and wanted.password is None:
        session, cookie = await _redeemed(parts, request, wanted.ticket, wanted.code)
        return _let_in(parts, response, session, cookie)
    if wanted.ticket is not None or wanted.user is None or wanted.password is None:
        raise BadInput("send either user and password, or a ticket")
    knock = _knock(parts, request, wanted.user)
    look = hashing_for_known if knock.known else hashing
    pause = await knock.begin(parts)
    wrong = True
    try:
        # Waiting holds no thread, so that many who wait hold nobody up.
        await asyncio.sleep(pause)
        session, cookie = await look(
            request, parts.accounts.log_in, wanted.user, wanted.password, wanted.code, origin(request)
        )
        wrong = False
    except Exception as error:
        # Nobody knows of a password that was not looked at; codes, behind a right one, are counted by the account.
        wrong = isinstance(error, NotLoggedIn) and not isinstance(error, CodeNeeded | WrongCode)
        raise
    finally:
        knock.end(parts, wrong=wrong)
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


async def _redeemed(parts: Services, request: Request, ticket: str, code: str) -> tuple[Session, str]:
    """A ticket cannot be guessed, so it opens also where guessing is stopped, at most some seconds later.

    No password is looked at: it takes no place where these wait, and a wrong one does not write.
    """
    at, key = monotonic(), f"ticket/{_address(request)}"
    pause = parts.tries.pause(key, at)
    parts.tries.fail((key,), at)
    await asyncio.sleep(pause)
    opened = await run_in_threadpool(parts.accounts.redeem, ticket, code, origin(request))
    parts.tries.give_back((key,), at)
    return opened


class _Knock(NamedTuple):
    """A try at an account: who is counted for it, and whom it is slowed down for.

    A browser that knows the account has tries of its own, so that whoever guesses from elsewhere, or from the same
    address, neither locks it out nor slows it down.
    """

    at: float
    own: str
    address: str | None = None
    account: str | None = None

    @property
    def known(self) -> bool:
        """Whether the account has signed in at this browser."""
        return self.address is None

    async def begin(self, parts: Services) -> float:
        """Seconds to wait first, where the account was guessed at; TooManyTries where guessing is stopped.

        Of many that come at once no more are looked at than of as many in a row; the others wait for what becomes of
        them. To the account it is a failure until it is known to be right.
        """
        await begin(parts.tries, (self.own,))
        if self.address is not None:
            try:
                await begin(parts.sprays, (self.address,))
            except BaseException:
                parts.tries.end((self.own,), monotonic(), wrong=False)
                raise
        if self.account is None:
            return 0.0
        pause = parts.tries.pause(self.account, self.at)
        parts.tries.fail((self.account,), self.at)
        return pause

    def end(self, parts: Services, *, wrong: bool) -> None:
        """It was looked at, or will not be."""
        now = monotonic()
        parts.tries.end((self.own,), now, wrong=wrong)
        if self.address is not None:
            parts.sprays.end((self.address,), now, wrong=wrong)
        if self.account is not None and not wrong:
            parts.tries.give_back((self.account,), self.at)

    def opened(self, parts: Services) -> None:
        """It was right. The address is not forgiven: one account of somebody's would pay for guesses at others."""
        parts.tries.forget(tuple(filter(None, (self.own, self.account))))


def _knock(parts: Services, request: Request, user: str) -> _Knock:
    browser = devices.known(parts.store.key, user, request.cookies.get(devices.COOKIE, ""))
    if browser is not None:
        return _Knock(monotonic(), f"browser/{browser}")
    address = _address(request)
    return _Knock(monotonic(), f"{address}/user/{user}", f"address/{address}", f"user/{user}")


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
