"""A gateway that was restored from yesterday's backup gets its day back from a real node's ring, with the pictures."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from zhian_edge.delivery.database import Database
from zhian_edge.delivery.outbox import Draft, Identity, Outbox
from zhian_edge.delivery.spool import Spool
from zhian_edge.gate import DATABASE
from zhian_edge.process.clock import Stamp
from zhian_gateway.store.tables import events, pictures
from zhian_wire.events import Passage
from zhian_wire.evidence import Evidence

from ..support.gateway import COMMAND, GatewayProcess
from ..support.people import JPEG
from ..support.waiting import eventually
from .nodes import NODE, NodeProcess

YESTERDAY: Final = 40
TODAY: Final = 60


def crop(number: int) -> bytes:
    return JPEG + number.to_bytes(2, "big")


def pass_by(home: Path, numbers: range) -> None:
    """Strangers pass while nobody looks on; each tenth with a crop."""
    home.mkdir(mode=0o700, exist_ok=True)
    database = Database(home / DATABASE)
    outbox, spool = Outbox(database, Identity("school", NODE, ZoneInfo("Asia/Shanghai"))), Spool(home / "spool")
    for number in numbers:
        shown = spool.draft(crop(number)) if number % 10 == 0 else None
        if shown is not None:
            spool.adopt(shown)
        seen = Evidence(kind="face", device="cam-1", at_ms=number, picture=shown)
        data = Passage(
            kind="face", source="cam-1", media_time_s=float(number), person_id=None, plate=None, direction="in",
            camera="cam-1", lane="main", evidence=(seen,),
        )  # fmt: skip
        outbox.commit(
            [Draft(data, Stamp("boot", number, f"2026-03-02T07:{number // 60:02}:{number % 60:02}.000Z", "trusted"))]
        )
    database.close()


def stored(gateway: GatewayProcess) -> dict[str, bytes]:
    with gateway.services() as parts, parts.store.read() as link:
        rows = link.execute(select(events.c.epoch, events.c.seq, events.c.body))
        return {f"{NODE}/{epoch}/{seq}": bytes(body) for epoch, seq, body in rows}


def has_pictures(gateway: GatewayProcess, wanted: set[str]) -> bool:
    with gateway.services() as parts, parts.store.read() as link:
        return set(link.execute(select(pictures.c.sha256)).scalars()) == wanted


def typed(gateway: GatewayProcess, *words: str | Path) -> str:
    command = [*COMMAND, *map(str, words), "--config", str(gateway.config)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.mark.thorough
def test_what_came_after_the_backup_comes_back_from_the_ring(tmp_path: Path, gateway: GatewayProcess) -> None:
    (tmp_path / "reader.jsonl").touch()
    reader = f'[[readers]]\nid = "in"\ndriver = "virtual"\nscript = "{tmp_path / "reader.jsonl"}"\nlane = "main"\n'
    node = NodeProcess(tmp_path / "edge", gateway.broker, gateway, tmp_path, reader)
    home = tmp_path / "edge" / "node"

    def deliver() -> None:
        node.start()
        eventually(
            lambda: node.status()["node"].get("outbox", 0) == 0 and stored(gateway) == node.decided(), "receipts"
        )
        shown = {hashlib.sha256(crop(n)).hexdigest() for n in range(TODAY) if n % 10 == 0 and n < passed}
        eventually(lambda: has_pictures(gateway, shown), "the pictures", 30)
        node.stop()

    passed = YESTERDAY
    pass_by(home, range(YESTERDAY))
    deliver()
    before = set(stored(gateway))
    typed(gateway, "backup", tmp_path / "backup", "--keys", tmp_path / "keys")
    passed = TODAY
    pass_by(home, range(YESTERDAY, TODAY))
    deliver()
    assert len(before) < len(stored(gateway))

    gateway.kill()
    shutil.move(gateway.folder / "gateway", tmp_path / "burnt")
    typed(gateway, "restore", tmp_path / "backup", "--keys", tmp_path / "keys")
    assert set(stored(gateway)) == before
    gateway.start()
    deliver()

    lines = [json.loads(line) for line in typed(gateway, "ledger", "--json").splitlines()]
    assert (sum(line["stored"] for line in lines), sum(line["holes"] for line in lines)) == (len(node.decided()), 0)
    with gateway.services() as parts:
        assert parts.pictures.read(hashlib.sha256(crop(50)).hexdigest()) == crop(50)
