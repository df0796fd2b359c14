"""The installer's page: served on loopback alone, under an address that nobody can guess, until it is saved once."""

from __future__ import annotations

import http.server
import secrets
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from zhian_edge.calibration.drawing import jpeg
from zhian_edge.calibration.geometry import Geometry
from zhian_edge.calibration.study import Study
from zhian_edge.calibration.verdicts import Item
from zhian_edge.config.types import Point
from zhian_edge.errors import ConfigError

_FOLDER: Final = Path(__file__).parent
_FILES: Final = {
    "": ("page.html", "text/html; charset=utf-8"),
    "page.css": ("page.css", "text/css; charset=utf-8"),
    "page.js": ("page.js", "text/javascript; charset=utf-8"),
}
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_LONGEST_BODY: Final = 1_000_000
_PICTURE_WIDTH: Final = 1280

#: Takes what was drawn, by camera; raises ConfigError where it cannot be written.
Save = Callable[[Mapping[str, Geometry]], None]


class Drawn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the page sends for one camera."""

    line: tuple[Point, Point] | None = None
    zone: tuple[Point, ...] | None = None


@dataclass(frozen=True, slots=True)
class _Answer:
    status: HTTPStatus
    kind: str
    body: bytes


class _Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that hangs up is no news; anything else is."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # handed on as it came


class Page:
    """One page for some cameras, each with a picture. A context manager: it is served while the context is open."""

    def __init__(self, studies: Sequence[Study], chosen: Mapping[str, Geometry], save: Save) -> None:
        self._save = save
        self._studies = studies
        self._token = secrets.token_urlsafe(24)
        self._one_at_a_time = threading.Lock()
        self._over = False
        self._finished = threading.Event()
        self.saved = False
        """Whether what was drawn has been written."""
        self._pictures = [jpeg(study.picture.bgr(_PICTURE_WIDTH)) for study in studies if study.picture]
        shown = [_camera(study, chosen[study.camera.id]) for study in studies if study.picture]
        self._cameras = msgspec.json.encode([{**c, "picture": f"picture-{n}"} for n, c in enumerate(shown)])
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/{self._token}/"

    def wait(self, seconds: float | None = None) -> bool:
        """Until the page was saved or given up, at most `seconds`; whether it is over."""
        return self._finished.wait(seconds)

    def __enter__(self) -> Page:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def get(self, path: str) -> _Answer:
        """What lies at `path`; nothing without the token."""
        name = self._below_token(path)
        if name in _FILES:
            file, kind = _FILES[name]
            return _Answer(HTTPStatus.OK, kind, (_FOLDER / file).read_bytes())
        if name == "cameras.json":
            return _Answer(HTTPStatus.OK, "application/json", self._cameras)
        if name is not None and name.startswith("picture-") and name[8:].isdecimal():
            index = int(name[8:])
            if index < len(self._pictures):
                return _Answer(HTTPStatus.OK, "image/jpeg", self._pictures[index])
        return _said(HTTPStatus.NOT_FOUND, "nothing here")

    def post(self, path: str, body: bytes) -> _Answer:
        """Save or give up; afterwards the page is over."""
        name = self._below_token(path)
        with self._one_at_a_time:
            if name not in {"items", "save", "cancel"}:
                return _said(HTTPStatus.NOT_FOUND, "nothing here")
            if self._over:
                return _said(HTTPStatus.GONE, "this page was used already")
            try:
                drawn = msgspec.json.decode(body, type=dict[str, Drawn])
                geometry = {camera: Geometry(shape.line, shape.zone) for camera, shape in drawn.items()}
                return self._judge(geometry) if name == "items" else self._end(geometry, name)
            except msgspec.DecodeError as error:
                return _said(HTTPStatus.BAD_REQUEST, str(error))
            except ConfigError as error:
                return _said(HTTPStatus.CONFLICT, str(error))

    def answered(self) -> None:
        """The browser has its answer: only now may the server go away."""
        if self._over:
            self._finished.set()

    def _judge(self, geometry: Mapping[str, Geometry]) -> _Answer:
        """The items of the cameras in `geometry`, as they would be with it."""
        items = [
            _shown(item)
            for study in self._studies
            if study.camera.id in geometry
            for item in study.items(geometry[study.camera.id])
        ]
        return _Answer(HTTPStatus.OK, "application/json", msgspec.json.encode(items))

    def _end(self, geometry: Mapping[str, Geometry], name: str) -> _Answer:
        if name == "save":
            self._save(geometry)
            self.saved = True
        self._over = True
        return _said(HTTPStatus.OK, "")

    def _below_token(self, path: str) -> str | None:
        token, slash, rest = urlsplit(path).path.removeprefix("/").partition("/")
        known = slash and secrets.compare_digest(token.encode(), self._token.encode())
        return rest if known else None


def _camera(study: Study, geometry: Geometry) -> dict[str, Any]:
    """What the page must know of one camera."""
    picture = study.picture
    assert picture is not None
    return {
        "id": study.camera.id,
        "width": picture.width,
        "height": picture.height,
        "line": geometry.line,
        "zone": geometry.zone,
        "seen": [(s.kind, round(s.place[0], 4), round(s.place[1], 4), round(s.pixels)) for s in study.subjects],
    }


def _shown(item: Item) -> dict[str, Any]:
    texts = {"name": item.name, "value": item.value, "advice": item.advice}
    return {"verdict": item.verdict, **{key: text._asdict() for key, text in texts.items()}}


def _said(status: HTTPStatus, error: str) -> _Answer:
    return _Answer(status, "application/json", msgspec.json.encode({"error": error} if error else {}))


def _handler(page: Page) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        """Only what asks for this machine by its own name: another site's page cannot reach in."""

        def do_GET(self) -> None:
            self._send(page.get(self.path) if self._is_ours() else _said(HTTPStatus.FORBIDDEN, "not from here"))

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if not self._is_ours() or self.headers.get_content_type() != "application/json":
                self._send(_said(HTTPStatus.FORBIDDEN, "not from here"))
            elif not length.isdecimal() or int(length) > _LONGEST_BODY:
                self._send(_said(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too long"))
            else:
                answer = page.post(self.path, self.rfile.read(int(length)))
                try:
                    self._send(answer)
                finally:  # a browser that was closed meanwhile must not keep the command waiting
                    page.answered()

        def _is_ours(self) -> bool:
            host = self.headers.get("Host", "")
            origin = self.headers.get("Origin")
            named = urlsplit(f"//{host}").hostname in {"127.0.0.1", "localhost"}  # any port: it may be forwarded
            return named and (origin is None or urlsplit(origin).netloc == host)

        def _send(self, answer: _Answer) -> None:
            self.send_response(answer.status)
            for name, value in (*_HEADERS.items(), ("Content-Type", answer.kind)):
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
            """The address holds the token: it is not printed for every request."""

    return Handler
