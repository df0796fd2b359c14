"""A provider as a program of its own: HTTPS that answers, refuses, dawdles, breaks off or talks nonsense, as told.

`python provider_server.py FOLDER`: `FOLDER/cert.pem` and `key.pem` are its certificate; `FOLDER/modes.json` maps a path
(or `*`) to how it answers, and may change at any time; each request is one line of `FOLDER/requests.jsonl`.
"""

from __future__ import annotations

import json
import ssl
import struct
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import SO_LINGER, SOL_SOCKET
from typing import Any

FOLDER = Path(sys.argv[1])
LOCK = threading.Lock()
ALIYUN = {"Message": "OK", "RequestId": "r", "Code": "OK", "BizId": "9006^0"}
TENCENT = {"Response": {"SendStatusSet": [{"SerialNo": "50:1", "Code": "Ok", "Message": "m"}], "RequestId": "r"}}


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Note it down, then do as told."""
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        path = self.path.partition("?")[0]
        modes = json.loads((FOLDER / "modes.json").read_text())
        mode = modes.get(path, modes.get("*", "ok"))
        request = {"path": self.path, "headers": dict(self.headers), "body": body.hex(), "mode": mode}
        with LOCK, (FOLDER / "requests.jsonl").open("a") as log:
            log.write(json.dumps(request) + "\n")
        self.close_connection = True
        getattr(self, f"_{mode}", self._status)(mode)

    def _ok(self, _mode: str) -> None:
        answer = ALIYUN if "PhoneNumbers" in self.path else TENCENT if "X-TC-Action" in self.headers else {}
        self._answer(200, json.dumps(answer).encode())

    def _status(self, mode: str) -> None:
        number, _, wait = mode.partition("/")
        self._answer(int(number), b"{}", **({"Retry-After": wait} if wait else {}))

    def _slow(self, _mode: str) -> None:
        """It takes it, and says so when it is told to, or when nobody waits any more."""
        ends = time.monotonic() + 30
        while time.monotonic() < ends and not (FOLDER / "released").exists():
            time.sleep(0.02)
        self._ok("ok")

    def _reset(self, _mode: str) -> None:
        """The connection is reset in the middle of the answer."""
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"{")
        self.connection.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def _garbage(self, _mode: str) -> None:
        self.wfile.write(b"\x00\xffnonsense\r\n\r\n")

    def _nonsense(self, _mode: str) -> None:
        """HTTP, and nothing that anybody could read in it."""
        self._answer(200, b"\x00<html>")

    def _endless(self, _mode: str) -> None:
        self.send_response(200)
        self.end_headers()
        for _ in range(1000):
            self.wfile.write(b"x" * 1024)

    def _redirect(self, _mode: str) -> None:
        self._answer(307, b"", Location="https://localhost:1/elsewhere")

    def _answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Silence."""


class Server(ThreadingHTTPServer):
    """A handshake that fails is the client's affair."""

    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """Silence."""

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Shake hands in the thread of the request, so that one slow client holds up nobody."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(FOLDER / "cert.pem", FOLDER / "key.pem")
        super().finish_request(context.wrap_socket(request, server_side=True), client_address)


if __name__ == "__main__":
    server = Server(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()
