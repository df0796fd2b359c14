"""The filled store that is kept from run to run: a file, or a server's databases, with the gateway's home beside."""

from __future__ import annotations

import shutil
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

    def __init__(self, folder: Path, server: Postgres | None) -> None:
        self.folder = folder
        self.server = server
        self._whole = folder / "filled"

    def gateway(self, count: int, make: Callable[[Path], GatewayProcess]) -> GatewayProcess:
        """A gateway on it; it is filled with `count` events when it is not there yet."""
        if not self._whole.exists():
            gateway = make(self.folder)
            print(f"filling {self.folder} ...", flush=True)
            began = time.monotonic()
            with gateway.services() as parts:
                filling.fill(parts, count)
                self._settle()
                self._whole.write_text(_revision(parts), encoding="utf-8")
            print(f"filled in {time.monotonic() - began:.0f} s", flush=True)
        gateway = make(self.folder)
        with gateway.services() as parts:
            self._whole.write_text(_revision(parts), encoding="utf-8")
        return gateway

    def _settle(self) -> None:
        """What the server would have done by itself over the years, and would otherwise begin to do meanwhile."""
        if self.server is not None:
            self.server.execute("VACUUM (ANALYZE)", "CHECKPOINT", database=DATABASE)

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
def kept(home: Path, store: str, count: int) -> Iterator[Kept]:
    """The store of that many events under `home`, with its server running; what is half filled is begun anew."""
    folder = home / "bench" / f"storm-{store}-{count}"
    if not _usable(folder / "filled"):
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    if store == "sqlite":
        yield Kept(folder, None)
        return
    server = Postgres(durable=True, data=folder / "data").start()
    try:
        if not (folder / "filled").exists():
            server.renew(DATABASE)
        CURRENT.stores = _OneDatabase(server.url(DATABASE))
        yield Kept(folder, server)
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
