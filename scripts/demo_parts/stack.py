"""Writes a small site's configuration and runs it: broker, gateway and one node, on loopback."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Final
from zoneinfo import ZoneInfo

import httpx

from . import broker, configuration, doors
from .cameras import Material, rate_of
from .processes import DemoError, Process, listens, port, run, tool, wait_for
from .prompting import Place, Prompter
from .tally import Console

SITE: Final = "demo"
NODE: Final = "gate-1"
GUARDIAN: Final = "家长"
GROUND: Final = "demonstration on published pictures; deleted with the demo's folder"


class Stack:
    """Broker, gateway and node of the demo, below `folder`, which is made anew at every start."""

    def __init__(self, folder: Path, material: Material, say: Callable[[str], None]) -> None:
        self._folder = folder
        self._material = material
        self._say = say
        self._processes: list[Process] = []
        self._lock: IO[str] | None = None
        self._prompter: Prompter | None = None
        self._http = port(8420)
        self._mqtt = port(18830)
        #: Opens the police feed; there once the stack was started.
        self.police_token = ""

    @property
    def _trace(self) -> Path:
        """Where the node says which frames it has looked at."""
        return self._folder / "trace.jsonl"

    @property
    def gateway_config(self) -> Path:
        """The gateway's configuration, for further commands."""
        return self._folder / "gateway.toml"

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"http://127.0.0.1:{self._http}"

    def start(self) -> Console:
        """Start everything; a signed-in console. What was started is stopped by `stop`, also after an error."""
        self._take()
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True, mode=0o700)
        gateway_config = self._write_gateway()
        token = run(tool("zhian-gateway"), "node", "add", NODE, "--config", gateway_config).strip().splitlines()[-1]
        self._start_broker(token)
        self._enrol(gateway_config)
        self._ring(gateway_config)
        self._add_users(gateway_config)
        self.police_token = self._subscribe_police(gateway_config)
        self._launch("gateway", tool("zhian-gateway"), "run", gateway_config)
        wait_for("the gateway's answer", self._gateway_answers, self._processes)
        node = self._write_node(token)
        self._prompter = self._prompt()
        self._launch("edge", tool("zhian-edge"), "run", node, "--trace", self._trace)
        self._prompter.start()
        return Console(self.url, self.guards_door().address.rsplit("ticket=", 1)[-1])

    def _add_users(self, gateway_config: Path) -> None:
        """All sign in by links alone; without an administrator the page would offer the first set-up."""
        groups = [word for group in sorted(set(self._classes().values())) for word in ("--group", group)]
        for role in (doors.GUARD, *doors.SCHOOL):
            more = groups if role.user == "teacher" else []
            run(tool("zhian-gateway"), "user", "add", role.user, "--role", role.user, *more, "--config", gateway_config)

    def _ring(self, gateway_config: Path) -> None:
        """Each class has bells today: without them no page knows of school, nor who arrived."""
        if not self._classes():
            return
        now = datetime.now(ZoneInfo(configuration.TIMEZONE))
        hours = _private(self._folder / "hours.toml", configuration.bells(sorted(set(self._classes().values())), now))
        run(tool("zhian-gateway"), "schedules", "import", hours, "--replace", "--config", gateway_config)

    def _classes(self) -> dict[str, str]:
        return {} if self._material.people is None else doors.classes(self._material.people)

    def _prompt(self) -> Prompter:
        """Who presents the cards; before the node starts, which wants to find its readers' scripts."""
        gates = [camera for camera in self._material.cameras if camera.gate is not None]
        places = {each.id: Place(each.gate.timetable, rate_of(each)) for each in gates if each.gate}
        scripts = {each.id: self._folder / configuration.script_of(each.id) for each in gates}
        return Prompter(self._trace, places, scripts)

    def _take(self) -> None:
        """Make the folder ours for as long as this process lives. Raises DemoError while another demo has it."""
        self._folder.parent.mkdir(parents=True, exist_ok=True)
        self._lock = self._folder.with_suffix(".lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise DemoError(f"another demo is running in {self._folder}; end it, or set another ZHIAN_HOME") from error

    def guards_door(self) -> doors.Door:
        """The guard's page, with another one-time link at each call."""
        return doors.guards_door(self.gateway_config)

    def other_doors(self) -> Iterator[doors.Door]:
        """The pages of the other roles, likewise."""
        return doors.other_doors(self.gateway_config, self.url, next(iter(self._classes()), None))

    def check(self) -> None:
        """Raise DemoError when a part has ended."""
        for process in self._processes:
            process.check()

    def stop_node(self) -> None:
        """End the node alone, so that what it decided can still be stored and told."""
        self._stop("edge")

    def stop(self) -> None:
        """End everything, the node first and the broker last."""
        if self._prompter is not None:
            self._prompter.stop()
        for name in ("edge", "gateway", "broker"):
            self._stop(name)

    def _stop(self, name: str) -> None:
        for process in [p for p in self._processes if p.name == name]:
            process.stop()
            self._processes.remove(process)

    def _launch(self, name: str, *command: str | Path) -> None:
        self._processes.append(Process(name, command, self._folder / "logs" / f"{name}.log"))

    def trouble(self) -> str:
        """The last thing that the node said went wrong, empty when nothing did."""
        try:
            lines = (self._folder / "logs" / "edge.log").read_text(encoding="utf-8").splitlines()
        except OSError:
            return ""
        errors = [json.loads(line).get("error", "") for line in lines if line.startswith("{") and '"error"' in line]
        return errors[-1] if errors else ""

    def _gateway_answers(self) -> bool:
        """Our own gateway, and not one that took the port before it: it says so itself once it listens."""
        if f"zhian-gateway: {self.url}" not in (self._folder / "logs" / "gateway.log").read_text(encoding="utf-8"):
            return False
        try:
            return httpx.get(f"{self.url}/api/setup", timeout=2).is_success
        except httpx.TransportError:
            return False

    def _start_broker(self, token: str) -> None:
        text = broker.configuration(
            self._mqtt, self._folder / "broker", SITE, ("gateway", self._gateway_password()), {NODE: token}
        )
        config = _private(self._folder / "broker.conf", text)
        self._launch("broker", tool("nats-server"), "-c", config)
        wait_for("the broker's start", lambda: listens(self._mqtt), self._processes)

    def _gateway_password(self) -> str:
        return (self._folder / "broker-password").read_text(encoding="utf-8").strip()

    def _enrol(self, gateway_config: Path) -> None:
        if self._material.people is None:
            self._say("Nobody is enrolled (--people DIR names them): everybody stays unknown.")
            return
        until = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
        said = run(
            tool("zhian-gateway"), "people", "import", self._material.people, "--config", gateway_config,
            "--ground", GROUND, "--until", until, "--guardian", f"inbox://{GUARDIAN}", "--group", doors.CLASS,
        )  # fmt: skip
        *warnings, summary = said.rstrip().splitlines()
        for line in warnings:
            if line.startswith(" ") and "at least 3" not in line:
                self._say(line)
        self._say(f"{summary.split(';')[0]}.")

    def _subscribe_police(self, gateway_config: Path) -> str:
        said = run(
            tool("zhian-gateway"), "police", "add", "station", "--ground", GROUND, "--config", gateway_config
        )  # fmt: skip
        return next(line.removeprefix("token: ") for line in said.splitlines() if line.startswith("token: "))

    def _write_gateway(self) -> Path:
        password = _private(self._folder / "broker-password", secrets.token_urlsafe(24) + "\n")
        cameras = self._material.cameras
        text = configuration.gateway(SITE, self._http, self._mqtt, password.name, cameras)
        return _private(self._folder / "gateway.toml", text)

    def _write_node(self, token: str) -> Path:
        secret = _private(self._folder / "node-token", token + "\n")
        link = configuration.Link(self._mqtt, self.url, secret.name)
        text = configuration.node(SITE, NODE, link, self._material.cameras)
        return _private(self._folder / "node.toml", text)


def _private(path: Path, text: str) -> Path:
    """Write a file that only its owner may read."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    return path
