"""What a node finds when it starts: its configuration, a school's roster with templates, and perhaps a day's events."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from zhian_edge.delivery.database import Database
from zhian_edge.delivery.outbox import Draft, Identity, Outbox
from zhian_edge.delivery.roster_file import RosterFile, Stored
from zhian_edge.process.clock import ClockTie, Reading
from zhian_wire.events import Decision, EventData, Passage
from zhian_wire.evidence import Evidence
from zhian_wire.roster import Person, Roster, Template

SITE, NODE = "bench", "gate-1"
CARD, FACE_CARD = "04A1B2C3D4", "04A1B2C3D5"
GUEST: Final = "guest"
#: Templates of one person, and their length.
LOOKS, LENGTH = 3, 512
DATABASE: Final = "node.sqlite3"
#: Seven in the morning in Shanghai, of a Monday.
MORNING: Final = datetime(2026, 3, 1, 23, 0, tzinfo=UTC)


def roster(count: int, key: str, known: Sequence[bytes], plate: str) -> Roster:
    """`count` pupils whose templates are noise, and one guest with `known` templates, two cards and a car."""
    random = np.random.default_rng(7)
    pupils = tuple(
        Person(id=f"p{n:05d}", group="pupil", cards=(card(n),), templates=tuple(_noise(random, key)))
        for n in range(count)
    )
    own = tuple(Template(key=key, vector=vector) for vector in known)
    guest = Person(id=GUEST, group="staff", cards=(CARD, FACE_CARD), plates=(plate,), templates=own)
    return Roster(version=1, persons=(*pupils, guest))


def card(number: int) -> str:
    """Of a pupil."""
    return f"{0x05B0000000 + 7919 * number:010X}"


def _noise(random: np.random.Generator, key: str) -> Iterable[Template]:
    for _ in range(LOOKS):
        vector = random.normal(size=LENGTH).astype(np.float32)
        yield Template(key=key, vector=(vector / np.linalg.norm(vector)).astype("<f4").tobytes())


def put(home: Path, listed: Roster) -> None:
    """Make the folder, with this roster sealed in it."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    RosterFile(home, NODE).save(Stored("", listed))


def outbox(home: Path) -> tuple[Database, Outbox]:
    """The node's own, to be closed by its database."""
    database = Database(home / DATABASE)
    return database, Outbox(database, Identity(SITE, NODE, ZoneInfo("Asia/Shanghai")))


def fill(home: Path, events: int, lane: str = "doors") -> None:
    """A day of decisions and passages that no gateway has receipted."""
    database, box = outbox(home)
    start_ms = round(MORNING.timestamp() * 1000)
    tie = ClockTie("yesterday", Reading(0, start_ms, synchronised=True))
    for first in range(0, events, 1000):
        numbers = range(first, min(first + 1000, events))
        box.commit([Draft(_event(n, lane), tie.stamp(n * 1000)) for n in numbers])
    database.close()


def _event(number: int, lane: str) -> EventData:
    person, at_ms = f"p{number // 2 % 1300:05d}", number * 1000
    evidence = (
        Evidence(kind="card", device="r1", at_ms=at_ms, card=card(number // 2 % 1300), person_id=person, shots=1),
    )
    if number % 2 == 0:
        return Decision(
            transaction=f"t{number}", lane=lane, verdict="open", reason="card", policy="card", evidence_age_ms=2,
            person_id=person,
            evidence=evidence,
        )  # fmt: skip
    return Passage(
        kind="card", source="r1", media_time_s=at_ms / 1000, person_id=person, plate=None, direction="in", camera="r1",
        lane=lane, transaction=f"t{number - 1}", reason="card", evidence=evidence,
    )  # fmt: skip


def script(path: Path, *lines: dict[str, object]) -> Path:
    """What a virtual reader reads."""
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return path
