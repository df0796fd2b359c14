"""A peer in a process of its own that is told what to do, and tells what it does, in JSON lines."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from support.waiting import eventually

HERE = Path(__file__).parent


class Talking:
    """Runs `script` of this folder. What it says is kept in `said`."""

    def __init__(self, script: str, *arguments: str) -> None:
        self._command = [sys.executable, str(HERE / script), *arguments]
        self._process: subprocess.Popen[bytes] | None = None
        self.said: list[dict[str, Any]] = []

    def start(self) -> None:
        """Start it, and wait until it says that it is ready."""
        self.said = []
        self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._hearing = threading.Thread(target=self._hear, args=(self._process, self.said), daemon=True)
        self._hearing.start()
        self.await_said(lambda line: "ready" in line, "the peer's start")

    def tell(self, **words: Any) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(words).encode() + b"\n")
        self._process.stdin.flush()

    def await_said(self, wanted: Callable[[dict[str, Any]], bool], what: str) -> dict[str, Any]:
        """The first line that is `wanted`."""
        return eventually(lambda: next((line for line in list(self.said) if wanted(line)), None), what, 30) or {}

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """As by kill -9."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        self._hearing.join(10)
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(BrokenPipeError):
                    stream.close()

    def _hear(self, process: subprocess.Popen[bytes], said: list[dict[str, Any]]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            if line.endswith(b"\n"):  # its last one may be cut off
                said.append(json.loads(line))
