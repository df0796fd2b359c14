"""Fire inputs: which of them are active, by what each said last. A lane is released while one of its own is."""

from __future__ import annotations

from collections.abc import Iterable

from .plan import Plan


class FireInputs:
    """All inputs of the role `fire`; one that names no lane releases all of them."""

    def __init__(self, plan: Plan) -> None:
        self._lane_of = {known.id: known.lane for known in plan.inputs.values() if known.role == "fire"}
        self._active: set[str] = set()
        self._silent = set(self._lane_of)

    @property
    def active(self) -> frozenset[str]:
        """Those that are active, to be kept over a restart."""
        return frozenset(self._active)

    def recall(self, active: Iterable[str]) -> None:
        """These were active when the node ended, and are until they say otherwise."""
        self._active |= self._lane_of.keys() & set(active)

    def told(self, device: str, *, active: bool) -> bool:
        """An input says how it is; False: it is none of these."""
        if device not in self._lane_of:
            return False
        self._silent.discard(device)
        (self._active.add if active else self._active.discard)(device)
        return True

    def released(self, lane: str) -> bool:
        """Whether any input that releases `lane` is active."""
        return any(self._lane_of[device] in (None, lane) for device in self._active)

    def known(self, lane: str) -> bool:
        """Whether all inputs that release `lane` have said since the start how they are."""
        return not any(self._lane_of[device] in (None, lane) for device in self._silent)
