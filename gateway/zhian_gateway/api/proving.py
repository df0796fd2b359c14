"""Who is signed in proves again who they are, before what a borrowed screen must not do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ..auth.counting import counted
from ..auth.sessions import Session
from ..errors import NotLoggedIn, WrongProof
from ..services import Services


@asynccontextmanager
async def proving(parts: Services, caller: Session) -> AsyncIterator[None]:
    """Around a call that checks password or code.

    Raises:
        WrongProof: it was wrong. Not the 401 of who is not signed in: the session goes on.
        TooManyTries: wrong too often.
    """
    keys = (f"proof/{caller.user}",)
    try:
        async with counted(parts.tries, keys):
            yield
    except NotLoggedIn as error:
        raise WrongProof(str(error)) from error
    parts.tries.forget(keys)
