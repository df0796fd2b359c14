"""A real PostgreSQL server as a process of the test's own, and databases that are cloned in some 40 ms each."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Any

import psutil
import psycopg
from zhian_gateway.store.locations import Server

from .waiting import eventually

#: Where Debian's package `postgresql` puts its programs; elsewhere they are in the path.
DEBIAN = Path("/usr/lib/postgresql")
#: Who runs the server when the tests run as root, which PostgreSQL itself refuses.
USER = "postgres"


def program(name: str) -> str | None:
    """Where a program of PostgreSQL is, the newest first; None: not installed."""
    versions = sorted(DEBIAN.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]), reverse=True)
    return str(versions[0]) if versions else shutil.which(name)


class Postgres:
    """A server on a Unix socket in a folder of its own, which goes with it.

    Args:
        durable: as it comes, waiting for the disk at each commit; without, a test cannot tell but is faster.
        data: where its databases lie, which then stay, and are there the next time; its user must get there.
    """

    def __init__(self, *, durable: bool = False, data: Path | None = None) -> None:
        # Directly in the temporary folder: a socket's path must be short, and its user must get there.
        self.folder = Path(tempfile.mkdtemp(prefix="zhian-pg-"))
        self._data = data or self.folder / "data"
        self._durable = durable
        self._user: dict[str, Any] = {"user": USER, "group": USER, "extra_groups": []} if os.geteuid() == 0 else {}
        self._process: subprocess.Popen[bytes] | None = None
        self._numbers = count(1)
        self.folder.chmod(0o755)
        if self._user:
            shutil.chown(self.folder, USER, USER)
        if not (self._data / "PG_VERSION").exists():
            self._data.mkdir(mode=0o700, exist_ok=True)
            if self._user:
                shutil.chown(self._data, USER, USER)
            made = ["-D", str(self._data), "-A", "trust", "-U", "zhian", "--locale=C", "-E", "UTF8"]
            self._run("initdb", *made, "--no-sync", "--no-instructions")

    def _run(self, name: str, *words: str) -> None:
        found = program(name)
        assert found is not None, f"{name} is not installed"
        done = subprocess.run([found, *words], capture_output=True, text=True, check=False, **self._user)
        assert done.returncode == 0, done.stderr

    def start(self) -> Postgres:
        """Start it, and wait until it answers; it takes what it had before up again."""
        found = program("postgres")
        assert found is not None
        words = ["-D", str(self._data), "-k", str(self.folder), "-c", "listen_addresses="]
        if not self._durable:
            # A checkpoint that takes its time would keep every DROP DATABASE waiting.
            rare = ["checkpoint_timeout=1d", "max_wal_size=4GB", "wal_level=minimal", "max_wal_senders=0"]
            for setting in ("fsync=off", "full_page_writes=off", "autovacuum_naptime=5min", *rare):
                words += ["-c", setting]
        words += ["-c", "max_connections=200"]
        log_file = self.folder / "log"
        with log_file.open("ab") as log:
            self._process = subprocess.Popen([found, *words], stdout=log, stderr=log, **self._user)
        eventually(self._answers, "PostgreSQL's start", 30)
        return self

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, (self.folder / "log").read_text(encoding="utf-8", errors="replace")
        try:
            psycopg.connect(self._address("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def kill(self) -> None:
        """As by kill -9: its children see that it is gone, and end without a word to the disk."""
        assert self._process is not None
        children = psutil.Process(self._process.pid).children(recursive=True)
        self._process.kill()
        self._process.wait()
        # Only once nobody uses its shared memory any more it can be started again.
        psutil.wait_procs(children, timeout=30)

    def cpu_s(self) -> float:
        """Processor time of all its processes that still live, in seconds."""
        assert self._process is not None
        found = 0.0
        main = psutil.Process(self._process.pid)
        for each in (main, *main.children(recursive=True)):
            try:
                found += sum(each.cpu_times()[:2])
            except psutil.NoSuchProcess:
                continue
        return found

    def stop(self) -> None:
        """End it in order, with everything on the disk; only what it was given to keep stays."""
        assert self._process is not None
        self._process.send_signal(signal.SIGINT)
        self._process.wait(120)
        self.remove()

    def remove(self) -> None:
        """Stop it at once and delete what it held."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(20)
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, name: str) -> str:
        """How a gateway is told of a database."""
        return f"postgresql://zhian@/{name}?host={self.folder}"

    def _address(self, name: str) -> str:
        return f"host={self.folder} user=zhian dbname={name}"

    def execute(self, *statements: str, database: str = "postgres") -> list[Sequence[Any]]:
        """Run statements, each by itself; what the last one found."""
        with psycopg.connect(self._address(database), autocommit=True) as link:
            found = None
            for statement in statements:
                found = link.execute(statement.encode())
            return found.fetchall() if found is not None and found.description else []

    def empty(self) -> str:
        """A new database without anything; its name."""
        name = f"empty_{next(self._numbers)}"
        self.renew(name)
        return name

    def renew(self, name: str) -> None:
        """Put a new database without anything in the place of one, whether or not there is one."""
        self.drop(name)
        self.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'")

    def clone(self, template: str) -> str:
        """A copy of a database that nobody uses just now, with a store id of its own; its name."""
        name = f"clone_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        anew = "UPDATE store SET store_id = md5(random()::text), key = repeat(md5(random()::text), 2)"
        self.execute(anew, database=name)
        return name

    def drop(self, name: str) -> None:
        """Delete a database, whoever still uses it."""
        self.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def server(self, name: str, home: Path) -> Server:
        """A database as the store takes it."""
        return Server(self.url(name), home)
