"""A site with certificates: a gateway with its own authority, and a real broker started from what it wrote for it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner
from zhian_gateway.cli import app

from .broker import Broker
from .gateway import GatewayProcess
from .ports import free_port, listens
from .waiting import eventually

NATS, MOSQUITTO = "nats", "mosquitto"


def gateway_command(*words: str | Path) -> str:
    """What `zhian-gateway` says."""
    found = CliRunner().invoke(app, [str(word) for word in words])
    assert found.exit_code == 0, found.output
    return found.output


class SecureBroker(Broker):
    """One of both brokers, as its configuration in `folder` says; `pid` is where the gateway finds it."""

    def __init__(self, folder: Path, server: str) -> None:
        super().__init__(folder)
        self.server = server
        self.pid = folder / "pid"

    @property
    def url(self) -> str:
        """As configurations name it."""
        return f"mqtts://localhost:{self.port}"

    def start(self) -> SecureBroker:
        """Start it, and wait until it answers."""
        with (self._folder / "broker.log").open("ab") as log:
            self._process = subprocess.Popen(self._command(), stdout=log, stderr=log)
        self.pid.write_text(str(self._process.pid))
        eventually(lambda: listens(self.port), "the broker's start")
        return self

    def log(self) -> str:
        """What it has printed."""
        return (self._folder / "broker.log").read_text()

    def _command(self) -> list[str]:
        if self.server == NATS:
            beside = shutil.which("nats-server", path=str(Path(sys.executable).parent))
            return [beside or "nats-server", "-c", str(self._folder / "nats.conf")]
        program = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")
        if program is None:
            pytest.skip("needs mosquitto (Debian package mosquitto)")
        # As root it would become the user mosquitto, to whom the test's folders are closed.
        own = self._folder / "test.conf"
        own.write_text(f"user root\n{(self._folder / 'mosquitto.conf').read_text()}" if os.getuid() == 0 else "")
        return [program, "-c", str(own if os.getuid() == 0 else self._folder / "mosquitto.conf")]


class SecureSite:
    """Gateway and broker, both real, which trust certificates alone."""

    def __init__(self, folder: Path, server: str, names: Sequence[str] = ("localhost",)) -> None:
        """`names`: what nodes call it by."""
        self.folder = folder
        self.broker = SecureBroker(folder / "broker", server)
        self.door = free_port()
        self._names = names
        self.gateway = GatewayProcess(folder / "gateway", self.broker, self._section())
        gateway_command("authority", "init", "--config", self.gateway.config)
        where = ("--host", "127.0.0.1", "--port", str(self.broker.port))
        gateway_command("broker", "config", server, "--out", folder / "broker", *where, "-c", self.gateway.config)

    @property
    def url(self) -> str:
        """The nodes' door."""
        return f"https://localhost:{self.door}"

    def start(self) -> SecureSite:
        """Start both."""
        self.broker.start()
        self.gateway.start()
        return self

    def kill(self) -> None:
        """As by kill -9."""
        self.gateway.kill()
        self.broker.kill()

    def invite(self, node: str) -> str:
        """A code."""
        said = gateway_command("node", "invite", node, "--config", self.gateway.config)
        return said.split("join ")[1].split()[1]

    def revoke(self, node: str) -> None:
        """As the operator does."""
        gateway_command("node", "revoke", node, "--config", self.gateway.config)

    def _section(self) -> str:
        return f"""[authority]
names = {json.dumps(list(self._names))}
host = "127.0.0.1"
port = {self.door}
broker = "{self.broker.server}"
broker_files = "../broker"
broker_pid_file = "../broker/pid"
"""
