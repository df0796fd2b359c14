"""The console's files; a plain page says so when they were not built."""

from __future__ import annotations

from mimetypes import guess_type
from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

FOLDER: Final = Path(__file__).resolve().parent.parent / "console_dist"
ASSETS: Final = "assets/"
NOT_BUILT: Final = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>zhian</title>
<h1>网页尚未构建 · The page was not built</h1>
<p>网关正在运行，但还没有网页文件。请运行 <code>scripts/build-console</code>，然后重新载入。</p>
<p>The gateway runs, but its page was not built. Run <code>scripts/build-console</code>, then reload.</p></html>
"""


class Page(StaticFiles):
    """Built files have their hash in their names and are kept; the page itself is asked for each time.

    `scripts/build-console` puts a packed copy beside each: a browser that takes it waits for a third of the bytes.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder, html=True)
        self._packed = {f"{ASSETS}{found.stem}" for found in (folder / ASSETS).glob("*.gz")}

    async def get_response(self, path: str, scope: Scope) -> Response:
        """One file."""
        packed = self._takes_packed(path, scope)
        response = await super().get_response(f"{path}.gz" if packed else path, scope)
        if packed:
            response.headers["Content-Encoding"] = "gzip"
            response.headers["Content-Type"] = guess_type(path)[0] or "application/octet-stream"
        if response.status_code in (302, 307):
            # To a folder's own page, of which there are none, by a host that the request itself named.
            raise HTTPException(404)
        kept = path.startswith(ASSETS)
        if kept:
            response.headers["Vary"] = "Accept-Encoding"
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if kept else "no-cache"
        return response

    def _takes_packed(self, path: str, scope: Scope) -> bool:
        accepted = Headers(scope=scope).get("accept-encoding", "")
        # Whoever weighs what he takes gets the plain file.
        return path in self._packed and "gzip" in {each.strip().lower() for each in accepted.split(",")}


def mount(app: Starlette, folder: Path = FOLDER) -> None:
    """Serve the console below `/`; what the routes before it answer is theirs."""
    if (folder / "index.html").is_file():
        app.mount("/", Page(folder), name="console")
    else:
        app.mount("/", _NotBuilt(), name="console")


class _NotBuilt:
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        at_root = request.url.path in ("/", "/index.html")
        response = HTMLResponse(NOT_BUILT, 503) if at_root else Response("not found", 404, media_type="text/plain")
        await response(scope, receive, send)
