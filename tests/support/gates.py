"""A gate that runs in the test, the people it knows, what it says of its devices, and what it decided."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from zhian_edge.config.reading import load
from zhian_edge.delivery.database import Database
from zhian_edge.delivery.outbox import Identity, Outbox
from zhian_edge.delivery.roster_file import RosterFile, Stored
from zhian_edge.gate import DATABASE, Gate
from zhian_edge.process.control import ask
from zhian_wire.codec import decode
from zhian_wire.events import Event
from zhian_wire.roster import Person, Roster

#: A card's lane that opens something, and one that opens nothing; behind `configs.head`.
LANES = """\
[[lanes]]
id = "main"
policy = "card"
egress = "free"
[[lanes]]
id = "yard"
"""
#: A reader that is a script, for the lane `main`.
READER = """\
[[readers]]
id = "in"
driver = "virtual"
script = "cards.jsonl"
lane = "main"
"""
_IDENTITY = Identity("school", "gate", ZoneInfo("Asia/Shanghai"))


def enrol(folder: Path, *people: Person) -> None:
    """Make the home of the node that is configured in `folder`, and have it know `people`."""
    (folder / "node").mkdir(mode=0o700)
    RosterFile(folder / "node", "gate").save(Stored("1", Roster(version=1, persons=people)))


@contextmanager
def running(config: Path) -> Iterator[Gate]:
    """The gate of this configuration, stopped afterwards; it may be stopped before."""
    gate = Gate(load(config))
    gate.start()
    try:
        yield gate
    finally:
        gate.stop()


def device(folder: Path, name: str) -> dict[str, Any]:
    """What the running gate says of a device."""
    return next(each for each in ask(folder / "node", "devices") if each["name"] == name)


def recent(folder: Path) -> list[dict[str, Any]]:
    """What the running gate's devices said, as `readers watch` shows it."""
    return list(ask(folder / "node", "recent", after="0")["recent"])


def decided(folder: Path) -> list[Event]:
    """All that the gate put into its outbox; it has ended."""
    database = Database(folder / "node" / DATABASE)
    events = [decode(row.body) for row in Outbox(database, _IDENTITY).open_rows(1000)]
    database.close()
    return sorted(events, key=lambda event: event.seq)
