"""`zhian-edge run` as a process, watched from outside: by the rows that it commits and by what it says of itself."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Final, NamedTuple

import psutil
from zhian_wire.codec import decode
from zhian_wire.events import Event

from .home import DATABASE

POLL_S: Final = 0.02


class Seen(NamedTuple):
    """A committed event, and when it was found on the disk, in seconds of the monotonic clock."""

    event: Event
    at_s: float


class Running:
    """A node; `begun_s` is the moment before its process was made."""

    def __init__(self, config: Path, home: Path, models: Path) -> None:
        self._home = home
        self._log = config.with_suffix(".log").open("ab")
        self._last = last_row(home)
        self.begun_s = time.monotonic()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "zhian_edge.cli", "run", str(config)],
            stdout=self._log,
            stderr=self._log,
            env=os.environ | {"ZHIAN_HOME": str(models)},
        )

    def watch(self, until: Callable[[], bool], within_s: float) -> Iterator[Seen]:
        """Events as they are committed, until `until` or the time is over.

        Raises:
            RuntimeError: the node ended.
        """
        end = time.monotonic() + within_s
        while not until() and time.monotonic() < end:
            if self._process.poll() is not None:
                raise RuntimeError(f"the node ended with {self._process.returncode}: see {self._log.name}")
            for event in self._news():
                yield Seen(event, time.monotonic())
            time.sleep(POLL_S)

    def processor_s(self) -> float:
        """Processor time that the gate and its children took so far."""
        gate = psutil.Process(self._process.pid)
        times = [each.cpu_times() for each in (gate, *gate.children(recursive=True))]
        return round(sum(each.user + each.system for each in times), 2)

    def memory_mb(self) -> float:
        """Resident memory of the gate alone."""
        return round(psutil.Process(self._process.pid).memory_info().rss / 1e6, 1)

    def kill(self) -> None:
        """As by kill -9; its children end by themselves."""
        children = psutil.Process(self._process.pid).children(recursive=True)
        self._process.kill()
        self._process.wait()
        psutil.wait_procs(children, timeout=20)
        self._log.close()

    def stop(self) -> None:
        """As by Ctrl-C."""
        self._process.terminate()
        self._process.wait(30)
        self._log.close()

    def _news(self) -> list[Event]:
        rows = rows_after(self._home, self._last)
        self._last = max((row for row, _ in rows), default=self._last)
        return [decode(body) for _, body in rows]


def last_row(home: Path) -> int:
    """Of a node that does not run; 0 for an empty home."""
    return max((row for row, _ in rows_after(home, 0)), default=0)


def rows_after(home: Path, last: int) -> list[tuple[int, bytes]]:
    """What was committed after row `last`; nothing while there is no database yet."""
    path = home / DATABASE
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=1)) as db:
            return db.execute("SELECT id, body FROM event WHERE id > ? ORDER BY id", (last,)).fetchall()
    except sqlite3.OperationalError:
        return []  # it is being made, or written to just now
