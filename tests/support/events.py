"""Events as a node decides them, with defaults for everything that a test does not care about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from zhian_wire import times
from zhian_wire.events import Event, EventData, Passage
from zhian_wire.evidence import Evidence

START = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)


def event(
    data: EventData | None = None,
    *,
    seq: int = 1,
    node: str = "gate-1",
    site: str = "school",
    epoch: str = "e1",
    at: datetime | None = None,
) -> Event:
    """One event; a second apart by `seq` unless `at` says otherwise."""
    return Event(
        site=site,
        node=node,
        epoch=epoch,
        seq=seq,
        boot="b1",
        mono_ms=seq * 1000,
        time=times.to_text(at or START + timedelta(seconds=seq)),
        clock="trusted",
        data=data if data is not None else passage(),
    )


def passage(**changes: Any) -> Passage:
    """A stranger's face that came in."""
    values: dict[str, Any] = {
        "kind": "face",
        "source": "cam-1",
        "media_time_s": 1.0,
        "person_id": None,
        "plate": None,
        "direction": "in",
        "camera": "cam-1",
        "lane": "main",
        "reason": "below_threshold",
        "score": 0.31,
        "evidence": (face(),),
    }
    return Passage(**(values | changes))


def face(**changes: Any) -> Evidence:
    """One look at a face."""
    values: dict[str, Any] = {"kind": "face", "device": "cam-1", "at_ms": 900, "score": 0.31}
    return Evidence(**(values | changes))
