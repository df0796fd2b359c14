"""No body is longer than its route may need; the pictures' routes count for themselves."""

from __future__ import annotations

import re
from typing import Final

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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
