"""Gateways as forks of one process that has read their code: a hundred starts read it once.

What is forked is what `zhian-gateway` would have become by itself: it has its own environment, files and threads, and
is killed and asked for its end as any other process. Its parent is the one that was forked, and tells how it ended.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

_LOOK_S: Final = 0.01


@cache
def parent() -> Parent | None:
    """Where tests run side by side; one that runs alone starts what a user would start, and so does a bench."""
    return Parent() if "PYTEST_XDIST_WORKER" in os.environ else None


class Forked:
    """As far as tests need it, what `subprocess.Popen` is."""

    def __init__(self, pid: int, parent: Parent) -> None:
        self.pid = pid
        self._parent = parent
        self._code: int | None = None

    def poll(self) -> int | None:
        """The exit code, negative for a signal; None while it runs."""
        if self._code is None:
            self._code = self._parent.ask({"ended": self.pid})
        return self._code

    def wait(self, timeout: float | None = None) -> int:
        """Raises subprocess.TimeoutExpired after so many seconds."""
        end = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if end is not None and time.monotonic() > end:
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0)
            time.sleep(_LOOK_S)
        return code

    def send_signal(self, number: int) -> None:
        """Nothing for what has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """As by kill -9."""
        self.send_signal(signal.SIGKILL)


class Parent:
    """The process that is forked: started with the first gateway, and ended with the tests."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._line = ours
        self._lock = threading.Lock()
        with theirs:
            command = [sys.executable, "-P", str(Path(__file__)), str(theirs.fileno())]
            alone = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
            self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], env=alone)
        atexit.register(self._end)

    def _end(self) -> None:
        self._line.close()
        self._process.wait()

    def start(self, words: Sequence[str], environment: Mapping[str, str], log: Path) -> Forked:
        """`zhian-gateway WORDS`, which prints into `log`."""
        told = {"words": list(words), "environment": dict(environment), "folder": str(Path.cwd()), "log": str(log)}
        return Forked(self.ask(told), self)

    def ask(self, what: Mapping[str, Any]) -> Any:
        """Its answer."""
        with self._lock:
            self._line.send(json.dumps(what).encode())
            answer = self._line.recv(1 << 16)
        if not answer:
            raise AssertionError("the process that gateways are forked from has ended")
        return json.loads(answer)


def _serve(line: socket.socket) -> None:
    """Until nobody asks any more."""
    from zhian_gateway import gateway  # noqa: F401, PLC0415 - all that a running one has read
    from zhian_gateway.cli import main  # noqa: PLC0415

    gc.freeze()
    while asked := line.recv(1 << 20):
        said = json.loads(asked)
        if "ended" in said:
            pid, status = os.waitpid(said["ended"], os.WNOHANG)
            line.send(json.dumps(os.waitstatus_to_exitcode(status) if pid else None).encode())
            continue
        assert len([*Path("/proc/self/task").iterdir()]) == 1, "a fork would have its first thread alone"
        pid = os.fork()
        if pid == 0:
            line.close()
            _become(main, **said)
        line.send(json.dumps(pid).encode())


def _become(main: Any, words: Sequence[str], environment: Mapping[str, str], folder: str, log: str) -> None:
    """Never returns."""
    code = 1
    try:
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        out = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        for number in (1, 2):
            os.dup2(out, number)
        os.close(out)
        sys.stdout.reconfigure(line_buffering=True, write_through=True)  # type: ignore[union-attr]
        sys.argv = ["zhian-gateway", *words]
        main()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(bool(end.code))
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as end:
        _serve(end)
