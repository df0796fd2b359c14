"""A node that was offline for a day, a part of it in 1970 by its clock, hands over everything once and in order."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from zhian_edge.delivery.database import Database
from zhian_edge.delivery.outbox import Draft, Identity, Outbox
from zhian_edge.gate import DATABASE
from zhian_edge.process.clock import ClockTie, Reading
from zhian_gateway.store.tables import events
from zhian_wire.codec import decode
from zhian_wire.events import Decision, EventData, Passage
from zhian_wire.evidence import Evidence

from ..support.gateway import COMMAND, GatewayProcess
from ..support.waiting import eventually
from .nodes import NODE, NodeProcess

DAY: Final = 50_000
MORNING: Final = round(datetime(2026, 3, 1, 23, 0, tzinfo=UTC).timestamp() * 1000)
READER = """
[[readers]]
id = "in"
driver = "virtual"
script = "{script}"
lane = "main"
"""


def spend_the_day(home: Path, count: int) -> None:
    """Three boots of it: the clock is right, then stands in 1970, then is right again."""
    home.mkdir(mode=0o700)
    database = Database(home / DATABASE)
    outbox = Outbox(database, Identity("school", NODE, ZoneInfo("Asia/Shanghai")))
    boots = [("one", MORNING, True), ("two", 5_000, False), ("three", MORNING + 50_000_000, True)]
    for index, (boot, wall_ms, right) in enumerate(boots):
        tie = ClockTie(boot, Reading(0, wall_ms, right))
        share = range(index * count // 3, (index + 1) * count // 3)
        for first in range(share.start, share.stop, 1000):
            numbers = range(first, min(first + 1000, share.stop))
            outbox.commit([Draft(decided(n), tie.stamp((n - share.start) * 500)) for n in numbers])
    database.close()


def decided(number: int) -> EventData:
    evidence = (Evidence(kind="card", device="in", at_ms=number * 500, card=f"{number:08X}"),)
    if number % 2:
        return Passage(
            kind="card", source="in", media_time_s=number / 2, person_id=f"p{number % 1300}", plate=None,
            direction="in", camera="in", lane="main", transaction=f"t{number}", reason="card", evidence=evidence,
        )  # fmt: skip
    return Decision(
        transaction=f"t{number + 1}", lane="main", verdict="open", reason="card", policy="card", evidence_age_ms=3,
        person_id=f"p{number % 1300}", evidence=evidence,
    )  # fmt: skip


def stored(gateway: GatewayProcess) -> dict[str, bytes]:
    with gateway.services() as parts, parts.store.read() as link:
        rows = link.execute(select(events.c.epoch, events.c.seq, events.c.body))
        return {f"{NODE}/{epoch}/{seq}": body for epoch, seq, body in rows}


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_day_without_a_gateway_arrives_whole_and_in_its_order(tmp_path: Path, gateway: GatewayProcess) -> None:
    script = tmp_path / "reader.jsonl"
    script.write_text("")
    node = NodeProcess(tmp_path / "edge", gateway.broker, gateway, tmp_path, READER.format(script=script))
    spend_the_day(tmp_path / "edge" / "node", DAY)
    node.start()
    eventually(lambda: node.status()["node"].get("outbox", 0) == 0, "the day's receipts", 600)
    node.stop()
    decided_here, arrived = node.decided(), stored(gateway)
    assert arrived == decided_here
    assert len(arrived) >= DAY
    day = [event for event in sorted(map(decode, arrived.values()), key=lambda event: event.seq) if event.seq <= DAY]
    assert [event.seq for event in day] == list(range(1, DAY + 1))
    passages = [event.data.transaction for event in day if isinstance(event.data, Passage)]
    assert passages == [f"t{number}" for number in range(DAY) if number % 2]
    assert {(event.boot, event.clock, event.time[:4]) for event in day} == {
        ("one", "trusted", "2026"), ("two", "unsynced", "1970"), ("three", "trusted", "2026"),
    }  # fmt: skip
    command = [*COMMAND, "ledger", "--json", "--config", str(gateway.config)]
    lines = [json.loads(line) for line in subprocess.run(command, capture_output=True, check=True).stdout.splitlines()]
    assert (sum(line["stored"] for line in lines), sum(line["holes"] for line in lines)) == (len(arrived), 0)
