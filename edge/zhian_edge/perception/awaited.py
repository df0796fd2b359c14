"""Cards that wait for their owner's face: who was known before the read is told once more when seen with the card."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .dossier import Dossier, Judgement
from .observe import seen_ms


class Awaited:
    """When the cards that wait at one camera's lane were read, by their owners; monotonic milliseconds."""

    def __init__(self) -> None:
        self._read_ms: dict[str, int] = {}
        self._look_ms: int | None = None

    def use(self, read_ms: Mapping[str, int]) -> None:
        """These cards wait now, and no others."""
        new = read_ms.items() - self._read_ms.items()
        self._look_ms = max((ms for _, ms in new), default=self._look_ms)
        self._read_ms = dict(read_ms)

    def since(self, dossier: Dossier[Any]) -> int | None:
        """Since when a card waits for this face, as it was told last; None: for it none does, or it is told.

        What is not told yet, or no more as it was, is news anyway.
        """
        known, told_ms = dossier.judgement, dossier.told_ms
        if known is None or told_ms is None or known.claim != dossier.said:
            return None
        waiting = (self._read_ms[person] for person in known.confirms & self._read_ms.keys())
        return min((ms for ms in waiting if ms > told_ms), default=None)

    def seen(self, dossier: Dossier[Any]) -> bool:
        """Whether it has been in view with a card that waits for it, and that is not told yet."""
        since_ms, known = self.since(dossier), dossier.judgement
        return since_ms is not None and known is not None and seen_ms(dossier, known.view) >= since_ms

    def concerns(self, judgement: Judgement[Any], since_ms: int) -> bool:
        """Whether a card that was read since then waits to hear of this face: its owner's, or plainly another's."""
        about = judgement.confirms.union(person for person, _ in judgement.verdicts)
        return any(self._read_ms[person] > since_ms for person in about & self._read_ms.keys())

    def asks(self, dossiers: Iterable[Dossier[Any]], now_ms: int) -> bool:
        """Whether to look at once, out of turn: once for each card, at who is known already, not before the read."""
        if self._look_ms is None or now_ms < self._look_ms:
            return False
        self._look_ms = None
        return any(self.since(dossier) is not None for dossier in dossiers)
