"""What the installer's tools may ask of a running gate about its devices, over the control socket."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final, Protocol, get_args

from zhian_wire.state import Standing

from zhian_edge.config.types import Config
from zhian_edge.devices import Equipment
from zhian_edge.errors import DeviceRefused
from zhian_edge.hal.contracts import Feedback
from zhian_edge.process.clock import mono_ms
from zhian_edge.signals import Acted, LaneOrder, ManualPassage

#: A barrier answers within its order's time; who asks waits a little longer.
ANSWER_S: Final = 3.5
#: An order of the installer's is as short-lived as any other.
OPEN_MS: Final = 3000
#: States that stay, until their time is over or until the next word.
STATES: Final = ("locked", "held_open", "normal")


class Deciders(Protocol):
    """What the installer's tools need of whoever decides."""

    def give(self, order: LaneOrder | ManualPassage) -> None:
        """Carry an order out; returns when it is on the disk, where there is one to record it.

        Raises:
            NotWritten: it is not on the disk, or not yet.
        """

    def standings(self) -> Mapping[str, Standing]:
        """How every lane that takes orders is now."""

    def knows(self, person: str, /) -> bool:
        """Whether somebody is on the roster."""


class Installer:
    """Answers for `process.control`; each takes the words of the question."""

    def __init__(self, config: Config, equipment: Equipment, deciders: Deciders, opening: Collection[str]) -> None:
        """`opening`: the lanes that take orders."""
        self._config = config
        self._equipment = equipment
        self._deciders = deciders
        self._opening = opening

    @property
    def orders(self) -> dict[str, Callable[[Mapping[str, str]], Any]]:
        """The questions, by name."""
        return {
            "devices": lambda _words: self._equipment.states(),
            "recent": self._recent,
            "show": self._show,
            "change_key": self._change_key,
            "open_lane": self._open_lane,
            "set_lane": self._set_lane,
            "let_pass": self._let_pass,
        }

    def _recent(self, words: Mapping[str, str]) -> dict[str, Any]:
        """What came since number `after`; without it only the number of the last."""
        if "after" not in words:
            return {"last": self._equipment.last_number, "recent": []}
        recent = self._equipment.recent(int(words["after"]))
        return {"last": recent[-1]["number"] if recent else int(words["after"]), "recent": recent}

    def _show(self, words: Mapping[str, str]) -> dict[str, Any]:
        feedback = words.get("feedback", "granted")
        if feedback not in get_args(Feedback):
            raise DeviceRefused(f"expected one of {', '.join(get_args(Feedback))}, got {feedback!r}")
        return {"shown": self._equipment.show(words.get("reader", ""), feedback)}  # type: ignore[arg-type]

    def _change_key(self, words: Mapping[str, str]) -> dict[str, Any]:
        reader = self._equipment.device(words.get("reader", ""))
        change = getattr(reader, "change_key", None)
        if change is None:
            raise DeviceRefused(f"{reader.name} has no key that could be changed")
        change()
        return {"changed": True}

    def _open_lane(self, words: Mapping[str, str]) -> dict[str, Any]:
        lane = words.get("lane", "")
        self._demand_barrier(lane)
        after, now = self._equipment.last_number, mono_ms()
        order = LaneOrder(
            order=f"installer-{uuid.uuid4()}",
            lane=lane,
            state="open_once",
            who=words.get("who", "installer"),
            why="zhian-edge lane open",
            at_ms=now,
            until_ms=now + OPEN_MS,
        )
        self._deciders.give(order)
        acted = self._equipment.await_acted(order.order, "pulse", after, ANSWER_S)
        if acted is None:
            return {"result": "unknown", "detail": "no answer from the barrier; is the lane locked, or held open?"}
        return {"result": acted.result, "detail": acted.detail}

    def _set_lane(self, words: Mapping[str, str]) -> dict[str, Any]:
        """Bring a lane into a state, for some minutes or until the next word.

        Answered when that is on the disk, with what the barrier said to it.
        """
        lane, state, minutes = words.get("lane", ""), words.get("state", ""), float(words.get("minutes", "0"))
        self._demand_opening(lane)
        if state not in STATES:
            raise DeviceRefused(f"expected one of {', '.join(STATES)}, got {state!r}")
        before, after, now = self._deciders.standings().get(lane), self._equipment.last_number, mono_ms()
        order = f"installer-{uuid.uuid4()}"
        self._deciders.give(
            LaneOrder(
                order=order,
                lane=lane,
                state=state,  # type: ignore[arg-type]
                who=words.get("who", "installer"),
                why=words.get("why", "zhian-edge lane set"),
                at_ms=now,
                until_ms=now + round(minutes * 60_000) if minutes else None,
            )
        )
        stands = self._deciders.standings().get(lane)
        if lane not in self._barriers or stands == before:
            why = "it has no barrier" if lane not in self._barriers else f"it was {before} before: nothing had to move"
            return {"result": "done", "detail": f"{stands}, recorded; {why}"}
        action: Final = "hold" if stands in ("held_open", "released") else "close"
        return _moved(f"{stands}, recorded", action, self._equipment.await_acted(order, action, after, ANSWER_S))

    def _let_pass(self, words: Mapping[str, str]) -> dict[str, Any]:
        """Somebody was let pass by a person's word; it counts as a passage."""
        lane, direction, person = words.get("lane", ""), words.get("direction", "in"), words.get("person", "")
        self._demand_opening(lane)
        if direction not in ("in", "out"):
            raise DeviceRefused(f"--direction: expected in or out, got {direction!r}")
        if person and not self._deciders.knows(person):
            raise DeviceRefused(
                f"--person: nobody on this node's roster is {person!r}; it knows people by the roster's ids, not by "
                "name: note them by name on the guards' page, or leave --person out and say in --why who it was"
            )
        self._deciders.give(
            ManualPassage(
                order=f"installer-{uuid.uuid4()}",
                lane=lane,
                direction=direction,  # type: ignore[arg-type]
                who=words.get("who", "installer"),
                why=words.get("why", "zhian-edge lane pass"),
                at_ms=mono_ms(),
                person_id=person or None,
            )
        )
        return {"result": "recorded", "detail": person}

    @property
    def _barriers(self) -> Collection[str]:
        """Lanes that have one."""
        return {barrier.lane for barrier in self._config.barriers}

    def _demand_barrier(self, lane: str) -> None:
        """Raises `DeviceRefused` when nothing can be opened there."""
        self._demand_lane(lane)
        if lane not in self._barriers:
            raise DeviceRefused(f"lane {lane} has no barrier")
        self._demand_opening(lane)

    def _demand_lane(self, lane: str) -> None:
        known = [each.id for each in self._config.lanes]
        if lane not in known:
            raise DeviceRefused(f"there is no lane {lane!r}; there is {', '.join(known) or 'none'}")

    def _demand_opening(self, lane: str) -> None:
        self._demand_lane(lane)
        if lane not in self._opening:
            raise DeviceRefused(
                f"lane {lane} only observes: give it a policy that opens, or stop the gate and try again"
            )


def _moved(recorded: str, action: str, acted: Acted | None) -> dict[str, Any]:
    """What is recorded, and what the barrier said."""
    if acted is None:
        return {"result": "unknown", "detail": f"{recorded}; the barrier has not answered to {action!r} yet"}
    said = f"{recorded}; barrier: {action} {acted.result}"
    return {"result": acted.result, "detail": f"{said}: {acted.detail}" if acted.detail else said}
