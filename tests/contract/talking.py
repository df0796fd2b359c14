"""Peers in processes of their own: one that obeys line by line, one that tells what it does, in JSON lines."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from support.waiting import eventually

HERE: Final = Path(__file__).parent


class Process:
    """Runs `script` of this folder, which reads what it must do from its standard input."""

    def __init__(self, script: str, *arguments: str | Path) -> None:
        #: What runs there and which, as it says itself when it is started.
        self.version = ""
        self._command = [sys.executable, "-I", HERE / script, *arguments]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def runs(self) -> bool:
        """Whether it was started, and not killed since."""
        return self._process is not None

    def freeze(self) -> None:
        """It is still there, and does nothing any more."""
        self._started.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on where it was."""
        self._started.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """As by kill -9; nothing when it does not run."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            self._ended(process)

    def _launch(self) -> subprocess.Popen[bytes]:
        self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        return self._process

    @property
    def _started(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, f"{self._command[2]} was not started"
        return self._process

    def _write(self, line: str) -> None:
        pipe = self._started.stdin
        assert pipe is not None
        pipe.write(line.encode() + b"\n")
        pipe.flush()

    def _ended(self, process: subprocess.Popen[bytes]) -> None:
        process.communicate()


class Obeying(Process):
    """Answers each line when it is done."""

    def start(self) -> None:
        """Start it, and wait until it says that it is up, and what it is."""
        self._launch()
        self.version = self._await("up")

    def order(self, line: str) -> None:
        """Have it do this; returns when it is done."""
        self._write(line)
        self._await("done")

    def _await(self, word: str) -> str:
        pipe = self._started.stdout
        assert pipe is not None
        said, _, more = pipe.readline().decode().strip().partition(" ")
        assert said == word, f"{self._command[2]} failed"
        return more


class Talking(Process):
    """What it says is kept in `said`, and in `earlier` what it had said before it was started the last time."""

    def __init__(self, script: str, *arguments: str | Path) -> None:
        super().__init__(script, *arguments)
        self.earlier: list[dict[str, Any]] = []
        self.said: list[dict[str, Any]] = []

    def start(self) -> None:
        """Start it, and wait until it says that it is ready."""
        self.earlier, self.said = [*self.earlier, *self.said], []
        self._hearing = threading.Thread(target=self._hear, args=(self._launch(), self.said), daemon=True)
        self._hearing.start()
        self.version = self.await_said(lambda line: "ready" in line, "the peer's start").get("version", "")

    def tell(self, **words: Any) -> None:
        self._write(json.dumps(words))

    def await_said(self, wanted: Callable[[dict[str, Any]], bool], what: str) -> dict[str, Any]:
        """The first line that is `wanted`."""
        return eventually(lambda: next((line for line in list(self.said) if wanted(line)), None), what, 30) or {}

    def _hear(self, process: subprocess.Popen[bytes], said: list[dict[str, Any]]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            if line.endswith(b"\n"):  # its last one may be cut off
                said.append(json.loads(line))

    def _ended(self, process: subprocess.Popen[bytes]) -> None:
        self._hearing.join(10)
        super()._ended(process)
