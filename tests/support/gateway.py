"""A real gateway: as a process that can be killed, or its HTTP alone in a thread of the test."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx
import psutil
import uvicorn
from zhian_gateway.api.app import create_app
from zhian_gateway.api.patience import Patience
from zhian_gateway.config import load
from zhian_gateway.nodes import identity
from zhian_gateway.services import Services, open_services

from .broker import Broker
from .forking import Forked, parent
from .ports import free_port
from .stores import CURRENT
from .waiting import eventually

#: Made once: a request without a client of its own reads all certificates of the machine, a hundred times the work of
#: the request, and asking whether a gateway has started was half the work of its start.
TLS: Final = httpx.create_ssl_context(trust_env=False)
#: How long a client waits for an answer: a bound for what never comes, also on a machine that does much else.
BUSY_S: Final = 30
COMMAND = [sys.executable, "-c", "from zhian_gateway.cli import main; main()"]


def write_config(
    folder: Path, broker_url: str, *, port: int = 0, site: str = "school", more: str = "", host: str = "127.0.0.1"
) -> Path:
    """A gateway's configuration in `folder`; `more` is further TOML."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "gateway.toml"
    text = f"""[site]
id = "{site}"
name = "第一小学"

[listen]
host = "{host}"
port = {port}

[broker]
url = "{broker_url}"

[store]
home = "gateway"
{CURRENT.stores.lines(folder)}

[[rules.lanes]]
lane = "main"
closed_to_strangers = true

{more}
"""
    path.write_text(text, encoding="utf-8")
    return path


class GatewayProcess:
    """`zhian-gateway run` on a port of its own, which stays the same when it is started again."""

    def __init__(
        self, folder: Path, broker: Broker, more: str = "", *, host: str = "127.0.0.1", **environment: str
    ) -> None:
        self.folder = folder
        self.broker = broker
        self.port = free_port()
        self.config = write_config(folder, broker.url, port=self.port, more=more, host=host)
        self.url = f"http://{host}:{self.port}"
        self._environment = os.environ | {"PYTHONUNBUFFERED": "1"} | environment
        self._process: subprocess.Popen[bytes] | Forked | None = None

    def start(self) -> GatewayProcess:
        """Start it, and wait until it answers."""
        self.begin()
        return self.wait()

    def begin(self) -> None:
        """Start it, and wait for nothing."""
        log = self.folder / "gateway.log"
        log.touch()
        if forked := parent():
            self._process = forked.start(["run", str(self.config)], self._environment, log)
            return
        with log.open("ab") as out:
            self._process = subprocess.Popen(
                [*COMMAND, "run", str(self.config)], stdout=out, stderr=out, env=self._environment
            )

    def wait(self) -> GatewayProcess:
        """Wait until it answers."""
        eventually(self._answers, "the gateway's start", 90)
        return self

    def _answers(self) -> bool:
        if self._process is not None and self._process.poll() is not None:
            raise AssertionError(f"the gateway ended:\n{self.log()}")
        try:
            return httpx.get(f"{self.url}/api/setup", timeout=2, trust_env=False, verify=TLS).is_success
        except httpx.TransportError:
            return False

    def cpu_s(self) -> float:
        """Its processor time, in seconds."""
        assert self._process is not None
        return sum(psutil.Process(self._process.pid).cpu_times()[:2])

    @property
    def pid(self) -> int:
        """Of its process."""
        assert self._process is not None
        return self._process.pid

    def log(self) -> str:
        """What it has printed."""
        return (self.folder / "gateway.log").read_text(encoding="utf-8")

    def kill(self) -> None:
        """As by kill -9."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def stop(self) -> int:
        """As by SIGTERM; the exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        code = self._process.wait(20)
        self._process = None
        return code

    @contextmanager
    def services(self) -> Iterator[Services]:
        """The parts on the same store, as the command line uses them beside a running gateway."""
        parts = open_services(load(self.config), publish=lambda *_: None)
        try:
            yield parts
        finally:
            parts.store.close()

    def add_node(self, name: str) -> str:
        """A node; its token."""
        with self.services() as parts:
            return add_node(parts, name)

    def log_in(self, name: str = "guard", role: str = "guard") -> httpx.Client:
        """A client that is logged in as a new user."""
        with self.services() as parts:
            return log_in(parts, self.url, name, role)


@contextmanager
def running(folder: Path) -> Iterator[GatewayProcess]:
    """A whole gateway with a broker, both real, in `folder`, until the end."""
    broker = Broker(folder / "broker").start()
    process = GatewayProcess(folder, broker)
    try:
        yield process.start()
    finally:
        process.kill()
        broker.kill()


def add_node(parts: Services, name: str) -> str:
    """A node; its token."""
    with parts.store.write() as link:
        return identity.add(link, site=parts.site, node=name, now=parts.now(), who="test")


def log_in(parts: Services, url: str, name: str = "guard", role: str = "guard") -> httpx.Client:
    """A client that is logged in as the user `name`, who is made if there is none."""
    if (name, role) not in parts.accounts.every():
        parts.accounts.add(name, role, None, who="test")
    client = httpx.Client(base_url=url, timeout=BUSY_S, trust_env=False, verify=TLS)
    answer = client.post("/api/session", json={"ticket": parts.accounts.ticket(name, who="test")})
    answer.raise_for_status()
    client.headers["X-CSRF-Token"] = answer.json()["csrf"]
    return client


class HttpOnly:
    """The gateway's HTTP on a free port, or on `port`, in a thread, over `parts`, with nothing else running."""

    def __init__(self, parts: Services, port: int = 0) -> None:
        self.parts = parts
        self._door = socket.create_server(("127.0.0.1", port))
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        config = uvicorn.Config(
            create_app(parts), http=Patience, ws="none", log_config=None, timeout_graceful_shutdown=2
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._door]})

    @property
    def connections(self) -> int:
        """How many are open now."""
        return len(self._server.server_state.connections)

    def __enter__(self) -> HttpOnly:
        self._thread.start()
        eventually(lambda: self._server.started, "the server's start")
        return self

    def __exit__(self, *_: object) -> None:
        self.parts.bell.close()
        self._server.should_exit = True
        self._thread.join()
        self._door.close()
