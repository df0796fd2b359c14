"""Whether a configuration that is tried is well: everything it names is up, and the gateway is reached. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, Literal, NamedTuple

from zhian_wire.state import NodeState

#: Up for so long without a break; a camera that comes and goes is not well.
STEADY_MS: Final = 3000
#: So much of what is wrong is told.
MOST_TOLD: Final = 5


class Condition(NamedTuple):
    """How the node is now: what does not work, and whether broker and gateway are reached."""

    down: Sequence[str]
    connected: bool


class Verdict(NamedTuple):
    """The end of a trial."""

    result: Literal["well", "unwell"]
    why: str = ""


def ailing(state: NodeState) -> dict[str, str]:
    """Cameras and devices of a heart-beat that are not well, by kind and name, with the cause."""
    cameras = {f"camera {each.id}": each.cause or each.status for each in state.cameras if each.status != "ok"}
    devices = {
        f"{each.kind} {each.id}": each.detail or each.cause or each.status
        for each in state.devices
        if each.status != "ok"
    }
    return cameras | devices


def condition_of(state: NodeState, excused: Iterable[str], *, connected: bool) -> Condition:
    """How the node is, by its own heart-beat, apart from what was not well before."""
    old = frozenset(excused)
    return Condition([f"{name}: {why}" for name, why in ailing(state).items() if name not in old], connected)


class Probation:
    """Watches a trial; times are monotonic milliseconds."""

    def __init__(self, begun_ms: int, confirm_ms: int) -> None:
        self._until_ms = begun_ms + confirm_ms
        self._well_since: int | None = None

    def step(self, condition: Condition, now_ms: int) -> Verdict | None:
        """The verdict, once there is one."""
        if condition.down or not condition.connected:
            self._well_since = None
        elif self._well_since is None:
            self._well_since = now_ms
        if self._well_since is not None and now_ms - self._well_since >= STEADY_MS:
            return Verdict("well")
        if now_ms < self._until_ms:
            return None
        return Verdict("unwell", _told(condition))


def _told(condition: Condition) -> str:
    told = [*condition.down[:MOST_TOLD]]
    if len(condition.down) > MOST_TOLD:
        told.append(f"and {len(condition.down) - MOST_TOLD} more")
    if not condition.connected:
        told.insert(0, "the gateway is not reached")
    return "not well in time: " + ("; ".join(told) or "it came and went")
