"""A screening service as a program of its own: knows whom to stop, and fails as told.

`python screening_server.py FOLDER`: `FOLDER/mode` says how it answers (`ok`, `refuse`, `fail`, `slow`, `nonsense`) and
may change at any time; each request is one line of `FOLDER/requests.jsonl`. Who is called 张三 is on its list.
"""

from __future__ import annotations

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

FOLDER = Path(sys.argv[1])
STATUS = {"refuse": 403, "fail": 500}
LOCK = threading.Lock()
#: Slow answers wait for this, which never comes.
NEVER = threading.Event()


class Handler(BaseHTTPRequestHandler):
    """Answers one question."""

    def do_POST(self) -> None:
        """Note it down, then do as told."""
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with LOCK, (FOLDER / "requests.jsonl").open("a") as log:
            log.write(json.dumps({"asked": asked, "authorization": self.headers.get("Authorization", "")}) + "\n")
        mode = (FOLDER / "mode").read_text().strip()
        if mode == "slow":
            NEVER.wait(60)
        found = asked["name"] == "张三"
        said = {"verdict": "hit" if found else "clear", "reason": "wanted" if found else "", "more": 1}
        body = b"<html>" if mode == "nonsense" else json.dumps(said).encode()
        self.send_response(STATUS.get(mode, 200))
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Requests are written down above."""


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
