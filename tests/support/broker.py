"""A real MQTT broker (nats-server) on a free port, which can be killed and started again on the same one."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import psutil

from .ports import free_port, listens
from .waiting import eventually


class Broker:
    """One nats-server. `accounts` are passwords by user name; without any, anybody may connect."""

    def __init__(self, folder: Path, accounts: dict[str, str] | None = None, *, ack_wait: str = "2s") -> None:
        """`ack_wait`: how long it waits for a subscriber's word before it sends a message again."""
        self.port = free_port()
        self._folder = folder
        self._accounts = accounts or {}
        self._ack_wait = ack_wait
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """As configurations name it."""
        return f"mqtt://127.0.0.1:{self.port}"

    def start(self) -> Broker:
        """Start it, and wait until it answers."""
        self._folder.mkdir(parents=True, exist_ok=True)
        config = self._folder / "broker.json"
        config.write_text(json.dumps(self._settings()), encoding="utf-8")
        log = (self._folder / "broker.log").open("ab")
        with log:
            self._process = subprocess.Popen([_executable(), "-c", str(config)], stdout=log, stderr=log)
        eventually(lambda: listens(self.port), "the broker's start")
        return self

    def kill(self) -> None:
        """As by kill -9."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def cpu_s(self) -> float:
        """Its processor time, in seconds."""
        assert self._process is not None
        return sum(psutil.Process(self._process.pid).cpu_times()[:2])

    def _settings(self) -> dict[str, object]:
        users = [{"user": name, "password": password} for name, password in self._accounts.items()]
        return {
            "server_name": "zhian-test",
            "listen": f"127.0.0.1:{free_port()}",
            "jetstream": {"store_dir": str(self._folder / "jetstream")},
            "mqtt": {"listen": f"127.0.0.1:{self.port}", "ack_wait": self._ack_wait},
            **({"authorization": {"users": users}} if users else {}),
        }


def _executable() -> str:
    found = shutil.which("nats-server", path=str(Path(sys.executable).parent)) or shutil.which("nats-server")
    if found is None:
        raise FileNotFoundError("nats-server is missing: run scripts/install")
    return found
