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
"""The same of the same subject within it is one case."""

REPEAT_MS: Final = 5000
"""A case is raised again at most this often: a contact that bounces, or a card on a reader, must not flood anybody."""

_REMEMBERED: Final = 1024


class Alerts:
    """Makes alerts with stable keys (place, kind, subject, window): what happens again bears the same key.

    The gateway counts a repeat in the case of its key, and opens a case again that was closed. The window is counted by
    the monotonic clock, so the boot is part of it: the same minutes of another boot are another window.
    """

    def __init__(self, run: str) -> None:
        self._run = run
        self._raised: OrderedDict[str, int] = OrderedDict()

    def raises(
        self, kind: str, lane: str, subject: str, now_ms: int, evidence: Sequence[Evidence], **more: str | None
    ) -> list[Alert]:
        """The alert; none for what was raised already. `more`: person_id, plate, detail, device."""
        what = f"{lane}/{kind}/{subject}"
        if not self._happened_again(what, evidence, now_ms):
            return []
        self._raised[what] = now_ms
        self._raised.move_to_end(what)
        if len(self._raised) > _REMEMBERED:
            self._raised.popitem(last=False)
        key = f"{what}/{self._run}-{now_ms // WINDOW_MS}"
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

    def _happened_again(self, what: str, evidence: Sequence[Evidence], now_ms: int) -> bool:
        """Whether this is another happening than the last one: what began before that was raised belongs to it."""
        last_ms = self._raised.get(what)
        if last_ms is None:
            return True
        began_ms = min((piece.at_ms for piece in evidence), default=now_ms)
        return began_ms > last_ms and now_ms - last_ms >= REPEAT_MS
