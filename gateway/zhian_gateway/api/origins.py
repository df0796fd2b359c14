"""Pages of other sites get nothing here, not even with somebody's cookies, and no request is read in two ways.

Browsers say where a request comes from: by `Sec-Fetch-Site` where the page came by HTTPS or from this machine, else by
`Origin`. Whoever is no browser says neither, and proves who they are by a token.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from .errors import CLOSE, answer

#: The page itself, and somebody who types the address.
WELCOME: Final = frozenset({"same-origin", "none"})
SAFE: Final = frozenset({"GET", "HEAD"})


class Origins:
    """Refuses what another site's page asks for, and a request whose length is said twice."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            if "transfer-encoding" in headers and "content-length" in headers:
                # A proxy in front may believe the other one, and take the rest for another request (RFC 9112, 6.3).
                await answer(400, "bad_input", "the length of the body is said twice", CLOSE)(scope, receive, send)
                return
            if not _is_own(scope["path"], scope["method"], headers):
                await answer(403, "not_allowed", "not for pages of another site")(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _is_own(path: str, method: str, headers: Headers) -> bool:
    """Links to the page itself may stand anywhere; what it asks for, and what changes anything, is its own."""
    if method in SAFE and not path.startswith("/api/"):
        return True
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in WELCOME
    origin = headers.get("origin")
    # A proxy may give the gateway another name; where it brings HTTPS, the browser says `Sec-Fetch-Site`.
    return origin is None or urlsplit(origin).netloc == headers.get("host", "")
