"""The filled store that is kept, and each run's copy of it: a file or a server's databases, and the gateway's home."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic.util.exc import CommandError
from support.gateway import GatewayProcess
from support.postgres import Postgres
from support.stores import CURRENT, SqliteStores
from zhian_gateway.services import Services
from zhian_gateway.store.migrate import knows

from . import filling

DATABASE = "storm"


class Kept:
    """One store in a folder of its own.

    The schema's revision stands beside it: an older one's store is brought up to date by the gateway, one that this
    version never knew is filled anew.
    """

    def __init__(self, folder: Path, server: Postgres | None, make: Callable[[Path], GatewayProcess]) -> None:
        self.folder = folder
        self._server = server
        self._make = make

    def gateway(self) -> GatewayProcess:
        """A gateway on it."""
        return self._make(self.folder)

    def fill(self, count: int) -> None:
        """With so many events, unless it is filled; and bring it up to date."""
        whole = self.folder / "filled"
        gateway = self.gateway()
        with gateway.services() as parts:
            if not whole.exists():
                print(f"filling {self.folder} ...", flush=True)
                began = time.monotonic()
                filling.fill(parts, count)
                self._settle()
                print(f"filled in {time.monotonic() - began:.0f} s", flush=True)
            whole.write_text(_revision(parts), encoding="utf-8")

    def _settle(self) -> None:
        """What the server would have done by itself over the years, and would otherwise begin to do meanwhile."""
        if self._server is not None:
            self._server.execute("VACUUM (ANALYZE)", "CHECKPOINT", database=DATABASE)

    @property
    def mib(self) -> int:
        """What it takes of the disk."""
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file()) >> 20


class _OneDatabase(SqliteStores):
    """Every configuration names the same database."""

    def __init__(self, url: str) -> None:
        self._url = url

    def lines(self, folder: Path) -> str:  # noqa: ARG002 - as the protocol has it
        """As the protocol says."""
        return f'url = "{self._url}"'


@contextmanager
def kept(home: Path, store: str, count: int, make: Callable[[Path], GatewayProcess]) -> Iterator[Kept]:
    """A copy of the store of that many events under `home`, so that each run begins where the one before did.

    Its server runs; what is half filled is begun anew.
    """
    folder = home / "bench" / f"storm-{store}-{count}"
    if not _usable(folder / "filled"):
        shutil.rmtree(folder, ignore_errors=True)
    with _opened(folder, store, make) as place:
        place.fill(count)
    copy = folder.with_name(f"{folder.name}-run")
    shutil.rmtree(copy, ignore_errors=True)
    try:
        # Of a server's files the owner stays, as `shutil` would not have it.
        subprocess.run(["cp", "-a", "--reflink=auto", folder, copy], check=True)
        # Gigabytes on their way to the disk would be part of the storm.
        os.sync()
        with _opened(copy, store, make) as place:
            yield place
    finally:
        shutil.rmtree(copy, ignore_errors=True)


@contextmanager
def _opened(folder: Path, store: str, make: Callable[[Path], GatewayProcess]) -> Iterator[Kept]:
    folder.mkdir(parents=True, exist_ok=True)
    if store == "sqlite":
        yield Kept(folder, None, make)
        return
    server = Postgres(durable=True, data=folder / "data").start()
    try:
        if not (folder / "filled").exists():
            server.renew(DATABASE)
        CURRENT.stores = _OneDatabase(server.url(DATABASE))
        yield Kept(folder, server, make)
    finally:
        server.stop()


def _usable(whole: Path) -> bool:
    try:
        knows(whole.read_text(encoding="utf-8"))
    except (OSError, CommandError):
        return False
    return True


def _revision(parts: Services) -> str:
    with parts.store.read() as link:
        return str(link.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one())
