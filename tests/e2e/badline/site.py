"""A gate behind a bad line, with a night's pictures still to send, and a guard room that waits for its alerts."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select
from zhian_edge.delivery.database import Database
from zhian_edge.delivery.joining import join
from zhian_edge.delivery.outbox import Draft, Identity, Outbox
from zhian_edge.delivery.papers import Papers
from zhian_edge.delivery.spool import Spool
from zhian_edge.errors import LinkLost
from zhian_edge.gate import DATABASE
from zhian_edge.process.clock import Stamp
from zhian_edge.process.control import ask
from zhian_gateway.store.tables import events
from zhian_wire.events import Passage
from zhian_wire.evidence import Evidence
from zhian_wire.joining import parse_code

from ...support.people import JPEG
from ...support.secure import NATS, SecureSite
from ...support.waiting import eventually
from ..nodes import EDGE
from .line import FAR, BadLine
from .shaping import Profile

NODE: Final = "far-gate"
_CARDS: Final = "cards.jsonl"
_CONFIG: Final = """[site]
id = "school"
[node]
id = "{node}"
[gateway]
brokers = ["mqtts://{far}:{broker}"]
url = "https://{far}:{door}"
[[lanes]]
id = "main"
policy = "card"
egress = "free"
window_s = 0.2
[[readers]]
id = "in"
driver = "virtual"
script = "{cards}"
lane = "main"
"""


class Backlog(NamedTuple):
    """What waits when the line comes up: `events` passages, each with a picture of so many bytes."""

    events: int
    picture: int = 25_000


class FarSite:
    """Broker and gateway here, with certificates; the node behind the line, as a process."""

    def __init__(self, folder: Path, profile: Profile, backlog: Backlog, program: Sequence[str] = EDGE) -> None:
        """`program` is the node's.

        Raises:
            CannotLay: as `BadLine`.
        """
        self.site = SecureSite(folder, NATS, names=("localhost", FAR))
        self.line = BadLine(profile, (self.site.broker.port, self.site.door))
        self._folder = folder / NODE
        self._program = program
        self.home = self._folder / "node"
        self._process: subprocess.Popen[bytes] | None = None
        self.home.mkdir(parents=True, mode=0o700)
        fill(self.home, backlog)
        cards = self._folder / _CARDS
        cards.touch()
        self._config = self._folder / "node.toml"
        self._config.write_text(
            _CONFIG.format(node=NODE, far=FAR, broker=self.site.broker.port, door=self.site.door, cards=cards)
        )

    def start(self) -> FarSite:
        """Everything; returns when the node answers its own machine."""
        self.site.start()
        code = parse_code(self.site.invite(NODE))
        join(self.site.url, code, Papers(self.home), site="school", node=NODE)
        with (self._folder / "node.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*self.line.enter, *self._program, "run", str(self._config)], stdout=log, stderr=log
            )
        eventually(self._answers, "the node's start", 60)
        return self

    def show_card(self, number: int) -> None:
        """One that nobody knows: the node raises an alert about it."""
        with (self._folder / _CARDS).open("a", encoding="ascii") as script:
            script.write(json.dumps({"card": f"{0x04A10000 + number:08X}"}) + "\n")

    def waiting(self) -> tuple[int, int]:
        """Events and pictures that the gateway has not got yet, by the node's own books."""
        with closing(sqlite3.connect(self.home / DATABASE, timeout=10)) as db:
            (events,) = db.execute("SELECT count(*) FROM event WHERE settled_ms IS NULL").fetchone()
            (pictures,) = db.execute("SELECT count(*) FROM picture WHERE state = 'waiting'").fetchone()
        return int(events), int(pictures)

    def stored_ms(self) -> list[float]:
        """From each alert's decision until the gateway had it, of all that it has."""
        query = select(events.c.time, events.c.received_at).where(events.c.type == "zhian.alert.v1")
        with self.site.gateway.services() as parts, parts.store.read() as link:
            rows = link.execute(query).all()
        moments = [[datetime.fromisoformat(text).timestamp() * 1000 for text in row] for row in rows]
        return [came - decided for decided, came in moments]

    def log(self) -> str:
        """What the node has printed."""
        return (self._folder / "node.log").read_text()

    def close(self) -> None:
        """End everything."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self.line.close()
        self.site.kill()

    def _answers(self) -> bool:
        assert self._process is not None and self._process.poll() is None, self.log()
        try:
            return bool(ask(self.home, "status")["pid"])
        except LinkLost:
            return False


def fill(home: Path, backlog: Backlog) -> None:
    """Strangers have passed while the line was down."""
    database = Database(home / DATABASE)
    outbox, spool = Outbox(database, Identity("school", NODE, ZoneInfo("Asia/Shanghai"))), Spool(home / "spool")
    for first in range(0, backlog.events, 100):
        numbers = range(first, min(first + 100, backlog.events))
        outbox.commit([Draft(_passage(number, _keep(spool, backlog.picture)), _stamp(number)) for number in numbers])
    database.close()


def _keep(spool: Spool, size: int) -> str:
    sha256 = spool.draft(JPEG + os.urandom(size - len(JPEG)))
    spool.adopt(sha256)
    return sha256


def _passage(number: int, picture: str) -> Passage:
    seen = Evidence(kind="face", device="cam-1", at_ms=number, picture=picture)
    return Passage(
        kind="face", source="cam-1", media_time_s=float(number), person_id=None, plate=None, direction="in",
        camera="cam-1", lane="main", evidence=(seen,),
    )  # fmt: skip


def _stamp(number: int) -> Stamp:
    clock = f"{number // 3600:02}:{number // 60 % 60:02}:{number % 60:02}"
    return Stamp("boot", number, f"2026-03-02T{clock}.000Z", "trusted")
