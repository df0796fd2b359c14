"""ETags: what has not changed is not sent again, and nothing is changed that somebody else changed meanwhile.

The tag covers what this caller sees, so it tells nothing of what they may not. Answers are kept by no browser; a page
that asks again and again keeps them itself, in memory, and sends `If-None-Match`.
"""

from __future__ import annotations

import hashlib
from typing import Annotated, Final

from fastapi import Header
from pydantic import BaseModel
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..errors import Stale

IfMatch = Annotated[str | None, Header(max_length=200)]
JSON: Final = "application/json"


def tag_of(body: bytes) -> str:
    """A strong tag of exactly these bytes."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def tag_of_shape(seen: BaseModel) -> str:
    """The tag of one thing as a caller sees it."""
    return tag_of(seen.model_dump_json(by_alias=True).encode())


def check_match(if_match: str | None, seen: BaseModel) -> None:
    """Stale when the caller names another state than there is; without a name nothing is held against it."""
    if if_match is None or if_match.strip() == "*":
        return
    if tag_of_shape(seen) not in [one.strip() for one in if_match.split(",")]:
        raise Stale("this was changed meanwhile; look at it again")


class Tags:
    """Tags every JSON that `GET /api/...` answers, and answers 304 to who has it already."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith("/api/"):
            await self._app(scope, receive, send)
            return
        has = Headers(scope=scope).get("if-none-match", "")
        await self._app(scope, receive, _Tagger(send, has))


class _Tagger:
    """Holds a JSON answer back until it is whole; streams and pictures pass through."""

    def __init__(self, send: Send, has: str) -> None:
        self._send = send
        self._has = [one.strip().removeprefix("W/") for one in has.split(",")]
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_json(message):
            self._start = message
        elif self._start is None:
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._finish(self._start)

    async def _finish(self, start: Message) -> None:
        headers = MutableHeaders(scope=start)
        headers.setdefault("ETag", tag_of(self._body))
        if headers["ETag"] in self._has:
            start["status"], self._body = 304, b""
            for name in ("content-length", "content-type"):
                del headers[name]
        await self._send(start)
        await self._send({"type": "http.response.body", "body": self._body})


def _is_json(message: Message) -> bool:
    return message["status"] == 200 and Headers(raw=message["headers"]).get("content-type", "") == JSON
