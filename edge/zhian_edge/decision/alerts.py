"""What the node raises by itself: kinds, how bad they are, and keys by which a repeat is known as one."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from zhian_wire.alerts import Severity
from zhian_wire.events import Alert
from zhian_wire.evidence import Evidence

SEVERITY: Final[Mapping[str, Severity]] = MappingProxyType(
    {
        "borrowed_card": "major",
        "card_without_person": "minor",
        "tailgating": "major",
        "impossible_card": "major",
        "passback": "minor",
        "unknown_card": "minor",
        "withdrawn_card": "major",
        "left_in_lessons": "major",
        "left_alone": "major",
        "left_with_unlisted": "critical",
        "vehicle_not_expected": "minor",
        "refused_in_row": "major",
        "door_forced": "critical",
        "door_held": "major",
        "door_failed": "major",
        "help_called": "critical",
        "fire_release": "critical",
        "alarm_input": "major",
    }
)
"""Every kind that a lane may raise."""

WINDOW_MS: Final = 300_000
_REMEMBERED: Final = 1024


class Alerts:
    """Makes alerts with stable keys (place, kind, subject, window), each once.

    The window is counted by the monotonic clock, so the boot is part of it: the same minutes of another boot are
    another window.
    """

    def __init__(self, run: str) -> None:
        self._run = run
        self._raised: OrderedDict[str, None] = OrderedDict()

    def raises(
        self, kind: str, lane: str, subject: str, now_ms: int, evidence: Sequence[Evidence], **more: str | None
    ) -> list[Alert]:
        """The alert; none when it was raised in this window. `more`: person_id, plate, detail, device."""
        key = f"{lane}/{kind}/{subject}/{self._run}-{now_ms // WINDOW_MS}"
        if key in self._raised:
            return []
        self._raised[key] = None
        if len(self._raised) > _REMEMBERED:
            self._raised.popitem(last=False)
        return [
            Alert(
                key=key,
                kind=kind,
                severity=SEVERITY[kind],
                device=more.get("device") or (evidence[0].device if evidence else lane),
                lane=lane,
                person_id=more.get("person_id"),
                plate=more.get("plate"),
                detail=more.get("detail") or "",
                evidence=tuple(evidence),
            )
        ]
