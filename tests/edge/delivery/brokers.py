"""Further brokers to try the link with: mosquitto where it is installed, and a nats-server with given rights."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from ...support.broker import Broker
from ...support.ports import free_port, listens
from ...support.waiting import eventually


class Confining(Broker):
    """A nats-server with `users` as its configuration has them."""

    def __init__(self, folder: Path, users: list[dict[str, Any]]) -> None:
        super().__init__(folder)
        self._users = users

    def _settings(self) -> dict[str, object]:
        return {**super()._settings(), "authorization": {"users": self._users}}


class Mosquitto:
    """Debian's mosquitto, which keeps nothing over a restart."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"mqtt://127.0.0.1:{self.port}"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Mosquitto:
        program = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")
        if program is None:
            pytest.skip("needs mosquitto (Debian package mosquitto)")
        config = self._folder / "mosquitto.conf"
        config.write_text(f"listener {self.port} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\n")
        with (self._folder / "mosquitto.log").open("ab") as log:
            self._process = subprocess.Popen([program, "-c", str(config)], stdout=log, stderr=log)
        eventually(lambda: listens(self.port), "the broker's start")
        return self

    def kill(self) -> None:
        """As by kill -9."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
