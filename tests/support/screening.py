"""A screening service in another process, for as long as a block lasts."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

PROGRAM = Path(__file__).with_name("screening_server.py")
TOKEN = "token-of-the-service"


class ScreeningService:
    """The service's program; `mode` is how it answers from now on."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = 0

    def __enter__(self) -> ScreeningService:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.answers("ok")
        (self.folder / "token").write_text(f"{TOKEN}\n")
        self._process = subprocess.Popen([sys.executable, PROGRAM, self.folder], stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End it: nothing listens any more."""
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def answers(self, mode: str) -> None:
        """`ok`, `refuse`, `fail`, `slow` or `nonsense`."""
        (self.folder / "mode").write_text(mode)

    @property
    def requests(self) -> list[dict[str, Any]]:
        """What it was asked, in order."""
        path = self.folder / "requests.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
