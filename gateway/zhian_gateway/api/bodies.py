"""No body is longer than its route may need; the pictures' routes count for themselves, with `read_body`."""

from __future__ import annotations

import re
from typing import Final

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..errors import TooBig
from .access import authorise
from .errors import answer

MOST: Final = 64 * 1024
SAID: Final = f"more than {MOST} bytes"
COUNTED_THERE: Final = re.compile(
    r"/(pictures/|live/|api/people/table/|api/(alerts|visits)/[0-9]{1,18}/pictures/"
    r"|api/people/[^/]{1,200}/photograph$|api/watch-lists/w-[0-9a-f]{12}/pictures$|api/site-plan/(picture|model)$)"
)


class BodyLimit:
    """Refuses what is too long by its announced length, and stops reading where none was announced."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or COUNTED_THERE.match(scope["path"]):
            await self._app(scope, receive, send)
            return
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if not announced.isdigit() or int(announced) > MOST:
            await answer(413, "too_big", SAID)(scope, receive, send)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > MOST:
                # Raised into the route that reads on; the application answers it.
                raise HTTPException(413, SAID)
            return message

        await self._app(scope, counted, send)


async def read_body(request: Request, most: int) -> bytes:
    """The body, as long as it is not longer than allowed; no more than that is ever held.

    Whoever sends it is asked again at its end: a body may trickle for minutes, and who was let in at its beginning may
    have been revoked, replaced or signed out meanwhile.

    Raises:
        TooBig: more than `most` bytes.
        NotLoggedIn, NotAllowed, Revoked: as for a request that begins now.
    """
    data = bytearray()
    async for piece in request.stream():
        data += piece
        if len(data) > most:
            raise TooBig(f"more than {most} bytes")
    await run_in_threadpool(authorise, request)
    return bytes(data)
