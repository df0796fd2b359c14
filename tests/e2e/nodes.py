"""A real node as a process: `zhian-edge run`, which tests kill and start again."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import psutil
from zhian_edge.errors import LinkLost
from zhian_edge.gate import DATABASE
from zhian_edge.process.control import ask
from zhian_wire.codec import decode
from zhian_wire.events import Event

from ..support.broker import Broker
from ..support.gateway import GatewayProcess
from ..support.waiting import eventually

NODE = "gate-1"
EDGE = [sys.executable, "-m", "zhian_edge.cli"]


#: A lane into the school that a card opens.
SCHOOL = """
policy = "card"
inside = "school"
egress = "free"
window_s = 0.2
"""
#: Of a lane: the reader whose cards are in `cards.jsonl` of the node's folder, and a barrier.
READER = """
[[readers]]
id = "in"
driver = "virtual"
script = "cards.jsonl"
lane = "main"
"""
BARRIER = """
[[barriers]]
id = "bar"
driver = "virtual"
lane = "main"
"""


class NodeProcess:
    """A node `name` whose folder outlives its process; `more` is the rest of its one lane, and of its configuration."""

    def __init__(
        self,
        folder: Path,
        broker: Broker,
        gateway: GatewayProcess,
        models_home: Path,
        more: str,
        *,
        name: str = NODE,
        also: Sequence[str] = (),
        token: str | None = None,
        storage: str = "",
        options: Sequence[str] = (),
    ) -> None:
        """`also`: brokers of its list after `broker`; `token`: of a node that the gateway knows already.

        `options` are of its command `run`.

        `storage` is a table of its own that stays whatever becomes of `more`.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self.name = name
        self._folder = folder
        self._home = folder / "node"
        self._models_home = models_home
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None
        secret = folder / "token"
        secret.touch(0o600)
        self.token = token or gateway.add_node(name)
        secret.write_text(self.token)
        self._links = f"""[site]
id = "school"
[node]
id = "{name}"
[gateway]
brokers = {json.dumps([broker.url, *also])}
url = "{gateway.url}"
token_file = "token"
resend_s = 2.0
{storage}
[[lanes]]
id = "main"
"""
        self.config = folder / "node.toml"
        self.config.write_text(self._links + more)

    @property
    def home(self) -> Path:
        """Its database and spool."""
        return self._home

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it, and return when its gate answers."""
        command = [*EDGE, "run", str(self.config), *self._options]
        environment = os.environ | {"ZHIAN_HOME": str(self._models_home)}
        with (self._folder / "node.log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
        eventually(self._answers, "the node's start", 30)

    def status(self) -> dict[str, Any]:
        """What the gate says of itself."""
        answer: dict[str, Any] = ask(self._home, "status")
        return answer

    def vision(self) -> psutil.Process:
        """The process that sees, once there is one."""
        found = eventually(self._seeing, "vision's start", 30)
        assert found is not None
        return found

    def _seeing(self) -> psutil.Process | None:
        """None also where the one that the gate still names has just ended."""
        pid = self.status()["vision_pid"]
        with suppress(psutil.NoSuchProcess):
            return psutil.Process(pid) if pid else None
        return None

    def kill(self) -> None:
        """As by kill -9, in mid-stream; vision must not outlive it."""
        assert self._process is not None
        seeing = psutil.Process(self._process.pid).children()
        self._process.kill()
        self._process.wait()
        _, left = psutil.wait_procs(seeing, timeout=15)
        assert not left, "vision outlives its gate"

    def stop(self) -> None:
        """As by Ctrl-C."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        assert self._process.wait(30) == 0, self.log()

    def deliver_the_rest(self, delivered: Callable[[], bool] = lambda: True) -> None:
        """Start it once more without cameras, until the gateway has everything, by the node's word and `delivered`."""
        self.config.write_text(self._links)
        self.start()
        eventually(
            lambda: delivered() and self.status()["node"].get("outbox", 0) == 0, f"the last receipts\n{self.log()}", 60
        )
        self.stop()

    def decided(self) -> dict[str, bytes]:
        """Every event in the node's own database, by id."""
        with closing(sqlite3.connect(self._home / DATABASE)) as db:
            rows = db.execute("SELECT epoch, seq, body FROM event").fetchall()
        return {f"{self.name}/{epoch}/{seq}": body for epoch, seq, body in rows}

    def events(self) -> list[Event]:
        """The same, decoded, in the order of their decision."""
        return sorted(map(decode, self.decided().values()), key=lambda event: (event.epoch, event.seq))

    def count(self, kind: str) -> int:
        """How many events of a type, such as `zhian.passage.v1`, were decided so far."""
        return sum(event.type == kind for event in self.events())

    def log(self) -> str:
        return (self._folder / "node.log").read_text()

    def _answers(self) -> bool:
        assert self.alive, self.log()
        try:
            return bool(self.status()["pid"] == self.pid)
        except LinkLost:
            return False
