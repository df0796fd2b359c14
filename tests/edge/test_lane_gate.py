"""A card at a real gate process' parts: decided, pulsed, told; and after a restart the node knows who is inside."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from support.waiting import eventually
from zhian_edge.config.reading import load
from zhian_edge.delivery.roster_file import RosterFile, Stored
from zhian_edge.gate import Gate
from zhian_edge.process.clock import mono_ms
from zhian_edge.signals import LaneOrder
from zhian_wire import reasons
from zhian_wire.commands import SetLane
from zhian_wire.events import Actuated, Decision, EventData, Passage
from zhian_wire.roster import Person, Roster
from zhian_wire.times import to_text

CONFIG = """
[site]
id = "s"
[node]
id = "n"
home = "node"
[gateway]
brokers = ["mqtt://127.0.0.1:1"]
url = "http://127.0.0.1:1"
token_file = "token"
[[lanes]]
id = "main"
policy = "card"
inside = "school"
egress = "free"
window_s = 0.2
[[readers]]
id = "r"
driver = "virtual"
script = "r.jsonl"
lane = "main"
[[barriers]]
id = "b"
driver = "virtual"
lane = "main"
journal = "b.jsonl"
"""


@contextmanager
def running(folder: Path) -> Iterator[Gate]:
    gate = Gate(load(folder / "node.toml"))
    gate.start()
    try:
        yield gate
    finally:
        gate.stop()


def log(gate: Gate) -> list[EventData]:
    return [event.data for event in gate._outbox.log()]


def test_a_card_opens_once_and_is_remembered_over_a_restart(tmp_path: Path) -> None:
    (tmp_path / "node").mkdir()
    (tmp_path / "node.toml").write_text(CONFIG)
    (tmp_path / "token").write_text("secret")
    (tmp_path / "token").chmod(0o600)
    (tmp_path / "r.jsonl").write_text('{"card": "04A1B2C3"}\n{"card": "04A1B2C3"}\n{"card": "FFFFFFFF"}\n')
    roster = Roster(version=1, persons=(Person(id="ann", cards=("04A1B2C3",)),))
    RosterFile(tmp_path / "node", "n").save(Stored("", roster))
    with running(tmp_path) as gate:
        eventually(lambda: any(isinstance(each, Passage) for each in log(gate)), "the passage")
        eventually(
            lambda: any(isinstance(each, Actuated) and each.action == "pulse" for each in log(gate)),
            "the barrier's answer",
        )
        events = log(gate)
        gate._deciding.put(LaneOrder(order="o", lane="main", state="locked", who="guard", at_ms=0))
        eventually(lambda: "lane/main" in gate._outbox.state(), "the order's row")
    decided = [(e.verdict, e.reason, e.person_id) for e in events if isinstance(e, Decision)]
    assert decided == [("open", reasons.CARD, "ann"), ("refuse", reasons.UNKNOWN_CARD, None)]
    assert [(e.person_id, e.direction) for e in events if isinstance(e, Passage)] == [("ann", "in")]
    kinds = [type(each) for each in events]
    assert kinds.index(Decision) < kinds.index(Actuated)
    orders = [json.loads(line)["order"] for line in (tmp_path / "b.jsonl").read_text().splitlines()]
    assert orders.count("pulse") == 1
    (tmp_path / "r.jsonl").write_text("")
    with running(tmp_path) as gate:
        assert gate.state().presence == {"school": 1}
        eventually(lambda: log(gate)[-1:] and len(log(gate)) > len(events), "the lock that stands")
        stands = [each for each in log(gate) if isinstance(each, Decision)][-1]
        assert (stands.verdict, stands.reason) == ("refuse", reasons.LOCKED)
    orders = [json.loads(line)["order"] for line in (tmp_path / "b.jsonl").read_text().splitlines()]
    assert orders.count("pulse") == 1  # never a second time


def late_word(state: Literal["normal", "locked"], ordered: datetime | None) -> SetLane:
    """What the whole site was ordered to be, told to a node that is back."""
    now = datetime.now(UTC)
    return SetLane(
        id=f"{state}-{ordered}", expires=to_text(now + timedelta(seconds=5)), who="office", lane="main", state=state,
        until=to_text(now + timedelta(hours=1)), ordered=None if ordered is None else to_text(ordered),
    )  # fmt: skip


def test_who_locked_a_lane_while_the_node_was_away_is_not_overruled_by_an_older_word(tmp_path: Path) -> None:
    (tmp_path / "node").mkdir()
    (tmp_path / "node.toml").write_text(CONFIG)
    (tmp_path / "token").write_text("secret")
    (tmp_path / "token").chmod(0o600)
    (tmp_path / "r.jsonl").write_text("")
    before, later = (datetime.now(UTC) + timedelta(minutes=minutes) for minutes in (-10, 10))
    with running(tmp_path) as gate:
        gate.give(LaneOrder(order="o", lane="main", state="locked", who="porter", at_ms=mono_ms()))
        assert "by porter" in gate._set_lane(late_word("normal", before))
        assert gate.standings() == {"main": "locked"}
    with running(tmp_path) as gate:
        assert "by porter" in gate._set_lane(late_word("normal", before))
        assert gate._set_lane(late_word("locked", before)) == ""
        assert gate._set_lane(late_word("normal", later)) == ""
        eventually(lambda: gate.standings() == {"main": "normal"}, "what was ordered since")
        gate.give(LaneOrder(order="p", lane="main", state="locked", who="porter", at_ms=mono_ms()))
        assert gate._set_lane(late_word("normal", None)) == ""
