"""One's own account: where one is signed in, the password, the second factor."""

from __future__ import annotations

from typing import Annotated

import segno
from fastapi import Path, Request, Response
from starlette.concurrency import run_in_threadpool

from ..services import Services
from . import account_shapes as shapes
from .access import COOKIE, Caller, Parts, everyone, newcomers
from .guarded import GuardedRouter
from .hashing import hashing_for_known
from .proving import proving

router = GuardedRouter(prefix="/api")
SessionId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,32}$")]


def entries(parts: Services, user: str, current: str) -> shapes.SessionList:
    """Somebody's sessions, as who has the session `current` sees them."""
    found = parts.accounts.sessions_of(user)
    return shapes.SessionList(items=[shapes.SessionEntry(**one._asdict(), current=one.id == current) for one in found])


@router.get("/sessions")
@newcomers
def list_sessions(parts: Parts, caller: Caller) -> shapes.SessionList:
    """Where one is signed in."""
    return entries(parts, caller.user, caller.id)


@router.delete("/sessions")
@newcomers
def end_all(parts: Parts, caller: Caller, response: Response) -> shapes.Ended:
    """Sign out everywhere, here too."""
    ended = parts.accounts.end_sessions(caller.user, who=caller.user)
    parts.bell.ring()
    response.delete_cookie(COOKIE, path="/")
    return shapes.Ended(sessions=ended)


@router.delete("/sessions/{session_id}")
@newcomers
def end_one(parts: Parts, caller: Caller, session_id: SessionId) -> shapes.Ended:
    """Sign out at one place."""
    parts.accounts.end_session(caller.user, session_id, who=caller.user)
    parts.bell.ring()
    return shapes.Ended(sessions=1)


@router.post("/account/password")
@newcomers
async def change_password(
    wanted: shapes.PasswordChange, parts: Parts, caller: Caller, request: Request
) -> shapes.Ended:
    """Another password; whatever else one has open ends. 403 `wrong_proof`: the old one is wrong."""
    async with proving(parts, caller):
        change = parts.accounts.credentials.change_password
        ended = await hashing_for_known(request, change, caller, wanted.password, wanted.new)
    parts.bell.ring()
    return shapes.Ended(sessions=ended)


@router.get("/account/second-factor")
@newcomers
def second_factor(parts: Parts, caller: Caller) -> shapes.SecondFactor:
    """Whether one signs in with a code too."""
    on, left = parts.accounts.credentials.second_state(caller.user)
    needed = caller.role in parts.config.sign_in.second_factor
    return shapes.SecondFactor(on=on, needed=needed, recovery_left=left)


@router.post("/account/second-factor")
@newcomers
async def begin_second_factor(
    wanted: shapes.PasswordProof, parts: Parts, caller: Caller, request: Request
) -> shapes.SecondSecret:
    """Begin to set one up; it holds once a code was sent. 409: there is one."""
    async with proving(parts, caller):
        begun = await hashing_for_known(request, parts.accounts.credentials.begin_second, caller, wanted.password)
    picture = segno.make(begun.address, error="m").svg_data_uri(border=2)
    return shapes.SecondSecret(secret=begun.secret, address=begun.address, picture=picture)


@router.post("/account/second-factor/confirm")
@newcomers
async def confirm_second_factor(wanted: shapes.CodeProof, parts: Parts, caller: Caller) -> shapes.RecoveryCodes:
    """It works: codes are asked for from now on, and whatever else one has open ends."""
    codes = await run_in_threadpool(parts.accounts.credentials.confirm_second, caller, wanted.code)
    parts.bell.ring()
    return shapes.RecoveryCodes(codes=codes)


@router.post("/account/second-factor/remove")
@everyone
async def remove_second_factor(
    wanted: shapes.SecondRemoval, parts: Parts, caller: Caller, request: Request
) -> shapes.SecondFactor:
    """Sign in by the password alone again. 409: the role needs a second factor."""
    async with proving(parts, caller):
        await hashing_for_known(request, parts.accounts.credentials.remove_second, caller, wanted.password, wanted.code)
    return await run_in_threadpool(second_factor, parts, caller)
