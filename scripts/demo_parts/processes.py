"""Child processes that end with the demo, whatever ends it, and say why they ended when they should not have."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

BIN: Final = Path(sys.executable).parent
#: util-linux's way to have a child asked to end when its parent dies, even by kill -9.
_SETPRIV: Final = shutil.which("setpriv")
WITH_PARENT: Final = [_SETPRIV, "--pdeathsig", "TERM", "--"] if _SETPRIV else []


class DemoError(Exception):
    """The demo cannot go on; the message says why and what to do."""


class Process:
    """One program with a log file, in a session of its own so that Ctrl-C reaches the demo alone."""

    def __init__(self, name: str, command: Sequence[str | Path], log: Path) -> None:
        self.name = name
        self._log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as out:
            self._popen = subprocess.Popen(
                [*WITH_PARENT, *map(str, command)],
                stdout=out,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                env={**os.environ, "PYTHONUNBUFFERED": "1", "OMP_NUM_THREADS": "1"},
            )

    def check(self) -> None:
        """Raise DemoError, with the end of its log, when the program has ended."""
        if self._popen.poll() is not None:
            tail = self._log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]
            raise DemoError(
                f"{self.name} ended with code {self._popen.returncode}; {self._log} ends:\n" + "\n".join(tail)
            )

    def stop(self, patience_s: float = 10.0) -> None:
        """Ask it to end; insist when it does not."""
        if self._popen.poll() is None:
            self._popen.terminate()
        try:
            self._popen.wait(patience_s)
        except subprocess.TimeoutExpired:
            os.killpg(self._popen.pid, signal.SIGKILL)
            self._popen.wait()


def tool(name: str) -> Path:
    """A program of this environment."""
    return BIN / name


def run(*command: str | Path) -> str:
    """Run one of our commands to its end; its output. Raises DemoError with what it said when it fails."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    if done.returncode:
        raise DemoError(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}".rstrip())
    return done.stdout


def wait_for(what: str, ready: Callable[[], bool], watched: Sequence[Process], patience_s: float = 60.0) -> None:
    """Wait until `ready`, while all of `watched` live. Raises DemoError when it takes too long."""
    end = time.monotonic() + patience_s
    while not ready():
        for process in watched:
            process.check()
        if time.monotonic() > end:
            raise DemoError(f"{what} did not happen within {patience_s:.0f} s")
        time.sleep(0.05)


def port(preferred: int) -> int:
    """`preferred` where it is free, else any free port of loopback."""
    for candidate in (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", candidate))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise DemoError("no free port on 127.0.0.1")


def listens(number: int) -> bool:
    """Whether something accepts connections on that port of loopback."""
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex(("127.0.0.1", number)) == 0
