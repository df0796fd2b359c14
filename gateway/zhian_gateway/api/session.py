"""Logging in and out, and the first run."""

from __future__ import annotations

import asyncio
from time import monotonic

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from ..auth.accounts import SESSION_LASTS, Session
from ..errors import BadInput, NotLoggedIn
from ..services import Services
from . import shapes
from .access import COOKIE, Caller, Parts, everyone, public

router = APIRouter(prefix="/api")


@router.get("/setup")
@public
def setup_state(parts: Parts) -> shapes.Setup:
    """Whether the first administrator is still to be made."""
    return shapes.Setup(needed=parts.accounts.needs_setup())


@router.post("/setup")
@public
def set_up(wanted: shapes.SetupRequest, parts: Parts, request: Request, response: Response) -> shapes.LoggedIn:
    """Make the first administrator with the secret that the first start left in a file, and log in."""
    # By address alone: the secret cannot be guessed, and nobody may lock the owner out.
    keys = (f"setup/{_address(request)}",)
    parts.tries.check(keys, monotonic())
    try:
        session, cookie = parts.accounts.set_up(wanted.secret, wanted.user, wanted.password)
    except NotLoggedIn:
        parts.tries.fail(keys, monotonic())
        raise
    parts.config.store.first_secret.unlink(missing_ok=True)
    return _let_in(parts, response, session, cookie)


@router.post("/session")
@public
async def log_in(wanted: shapes.LogIn, parts: Parts, request: Request, response: Response) -> shapes.LoggedIn:
    """Log in by name and password, or by a one-time ticket."""
    address, account = f"address/{_address(request)}", f"user/{wanted.user or ''}"
    parts.tries.check((address,), monotonic())
    # Waiting holds no thread, so that many who wait hold nobody up.
    await asyncio.sleep(parts.tries.pause(account, monotonic()) if wanted.user else 0.0)
    try:
        session, cookie = await run_in_threadpool(_open, parts, wanted)
    except NotLoggedIn:
        parts.tries.fail((address, account), monotonic())
        raise
    parts.tries.forget((address, account))
    return _let_in(parts, response, session, cookie)


@router.get("/session")
@everyone
def who_am_i(parts: Parts, caller: Caller) -> shapes.LoggedIn:
    """Who is logged in."""
    return _logged_in(parts, caller)


@router.delete("/session")
@everyone
def log_out(parts: Parts, caller: Caller, response: Response) -> shapes.Done:
    """End this session."""
    parts.accounts.log_out(caller)
    # Streams of this session end now, not with the next news.
    parts.bell.ring()
    response.delete_cookie(COOKIE, path="/")
    return shapes.Done()


def _open(parts: Services, wanted: shapes.LogIn) -> tuple[Session, str]:
    if wanted.ticket is not None and wanted.user is None and wanted.password is None:
        return parts.accounts.redeem(wanted.ticket)
    if wanted.ticket is None and wanted.user is not None and wanted.password is not None:
        return parts.accounts.log_in(wanted.user, wanted.password)
    raise BadInput("send either user and password, or a ticket")


def _let_in(parts: Services, response: Response, session: Session, cookie: str) -> shapes.LoggedIn:
    response.set_cookie(
        COOKIE,
        cookie,
        max_age=int(SESSION_LASTS.total_seconds()),
        path="/",
        httponly=True,
        samesite="strict",
        secure=parts.config.listen.secure,
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
    return shapes.LoggedIn(user=session.user, role=session.role, csrf=session.csrf, site=place)


def _address(request: Request) -> str:
    return request.client.host if request.client else "?"
