"""A gateway that keeps what a real one keeps, and outboxes to try it with."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from zhian_edge.delivery.courier import Courier
from zhian_edge.delivery.database import Database
from zhian_edge.delivery.outbox import Draft, Identity, Outbox
from zhian_edge.delivery.window import Window
from zhian_edge.process.clock import Stamp
from zhian_wire.codec import decode
from zhian_wire.events import Alert, Decision, EventData, Health, Passage
from zhian_wire.evidence import Evidence
from zhian_wire.receipts import Receipt, Refusal, proof_of

IDENTITY = Identity("school", "gate", ZoneInfo("Asia/Shanghai"))
WALL_MS = 1_790_000_000_000


def stamp(mono_ms: int = 1, time: str = "2026-03-01T15:30:00.000Z") -> Stamp:
    return Stamp("boot", mono_ms, time, "trusted")


def passage(source: str = "door", picture: str | None = None) -> Passage:
    seen = Evidence(kind="face", device="door", at_ms=1, picture=picture)
    return Passage(
        kind="face", source=source, media_time_s=1.0, person_id=None, plate=None, direction="in", camera="door",
        evidence=(seen,),
    )  # fmt: skip


def health() -> Health:
    return Health(component="camera", device="door", status="down", cause="no_frames")


def alert() -> Alert:
    return Alert(key="gate/outbox", kind="outbox_full", severity="major", device="gate")


def decision() -> Decision:
    return Decision(
        transaction="t", lane="main", verdict="refuse", reason="below_threshold", policy="card", evidence_age_ms=3
    )


def drafts(*data: EventData) -> list[Draft]:
    return [Draft(each, stamp()) for each in data]


def open_outbox(folder: Path, **more: Any) -> Outbox:
    """The outbox of a (re)started node."""
    return Outbox(Database(folder / "node.sqlite3"), IDENTITY, **more)


def proofs(outbox: Outbox, *seqs: int) -> dict[int, str]:
    """What a receipt says that holds these open rows as they are."""
    return {row.key[1]: proof_of(row.body) for row in outbox.open_rows(10_000) if row.key[1] in seqs}


class FakeGateway:
    """Stores by (epoch, seq), refuses other bytes, and answers with what it holds."""

    def __init__(self, store_id: str = "store-1") -> None:
        self.store_id = store_id
        self.stored: dict[str, dict[int, bytes]] = defaultdict(dict)
        self.deliveries = 0

    def take(self, body: bytes) -> Receipt:
        """Commit one message and say what is held of its epoch."""
        self.deliveries += 1
        event = decode(body)
        held = self.stored[event.epoch]
        known = held.setdefault(event.seq, body)
        refused = () if known == body else (Refusal(seq=event.seq, reason="conflict"),)
        through = 0
        while through + 1 in held:
            through += 1
        return Receipt(
            node=event.node,
            epoch=event.epoch,
            through=through,
            also=tuple(sorted(seq for seq in held if seq > through)),
            highest=max(held),
            store_id=self.store_id,
            refused=refused,
            proof={event.seq: proof_of(known)},
        )

    def sources(self) -> list[str]:
        """The `source` of every stored passage."""
        events = [decode(body) for held in self.stored.values() for body in held.values()]
        return sorted(event.data.source for event in events if isinstance(event.data, Passage))

    def holes(self) -> list[tuple[str, int]]:
        """Numbers that are missing below the highest of their epoch."""
        return [(epoch, seq) for epoch, held in self.stored.items() for seq in range(1, max(held)) if seq not in held]


def deliver_all(outbox: Outbox, gateway: FakeGateway) -> None:
    """Send and receipt until nothing is open, over a line that works."""
    courier = Courier(outbox, Window(64, 1000))
    for now_ms in range(1000):
        rows = courier.next_rows(now_ms * 200_000)
        courier.receive([gateway.take(row.body) for row in rows], WALL_MS, now_ms * 200_000)
        if not outbox.open_count():
            return
    raise AssertionError("the outbox never gets empty")
