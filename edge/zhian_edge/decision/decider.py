"""The decision: hands every signal to the lane that it belongs to, and keeps what all lanes share."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Final

import msgspec
from zhian_wire.events import Event, EventData
from zhian_wire.roster import Roster
from zhian_wire.state import Standing

from zhian_edge.signals import (
    Acted,
    ByHand,
    CameraReport,
    CardRead,
    ClockTold,
    Contact,
    Crossing,
    InView,
    LaneOrder,
    ManualPassage,
    Observation,
    PassageTakenBack,
    PassedElsewhere,
    SiblingSeen,
    Signal,
)

from .actions import Act, Action, Compare
from .cameras import Cameras
from .doors import Doors
from .fire import FireInputs
from .health import CameraHealth, ClockHealth
from .kept import StandingOrders
from .lane import Lane
from .plan import Plan
from .recall import answered, recall_presence, unfinished
from .situation import Situation
from .without_face import WithoutFace

_STATE: Final = "lane/"
_FIRE: Final = "fire"
_TAKEN: Final = "orders"
_UNDONE: Final = "undone"
#: Orders that are known again when they come twice; the gateway sends one again for some seconds only.
REMEMBERED: Final = 64


class Decider:
    """Signals in, events out. `now_ms` is the monotonic clock, of media time in a replay."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._site = Situation(plan)
        self._alone = Cameras(plan)
        self._health = CameraHealth()
        self._clock = ClockHealth()
        self._faces = WithoutFace(plan, self._site)
        self._doors = Doors(self._site)
        self._fire = FireInputs(plan)
        self._fire_kept: frozenset[str] = frozenset()
        self._taken: deque[str] = deque(maxlen=REMEMBERED)
        self._taken_kept: list[str] = []
        self._undone: dict[str, str] = {}
        self._undone_kept: dict[str, str] = {}
        self._lanes = {
            lane.id: Lane(lane, lane.access, self._site) for lane in plan.lanes.values() if lane.access is not None
        }
        self._compared: dict[str, Compare] = {}
        self._standing = StandingOrders(plan.run, self._site.wall)
        self._now_ms = 0

    @property
    def open(self) -> int:
        """Transactions that are gathering evidence."""
        return self._alone.open + sum(lane.open for lane in self._lanes.values())

    def lanes(self) -> dict[str, Standing]:
        """How every lane that takes orders is now; any thread may ask."""
        return {name: lane.answering.state for name, lane in self._lanes.items()}

    def locked_since(self, lane: str) -> tuple[datetime, str] | None:
        """When and by whom a lane was locked that is; None: it is not, or nobody knows. Any thread may ask."""
        order = self._lanes[lane].answering.standing if lane in self._lanes else None
        if order is None or order.state != "locked":
            return None
        given = self._standing.given(lane, order)
        return None if given is None else (given, order.who)

    def presence(self, now_ms: int) -> Mapping[str, int]:
        """Persons by zone; `<zone>?`: those whose last word is stale, or all while a sibling may have let them out."""
        counts = self._site.presence.counts(now_ms)
        if not self._site.alone(now_ms):
            return counts
        doubted: Counter[str] = Counter()
        for zone, count in counts.items():
            doubted[f"{zone.removesuffix('?')}?"] += count
        return dict(sorted(doubted.items()))

    def step(self, signal: Signal, now_ms: int) -> list[EventData]:
        """Take over a signal: decisions and alerts at once, passages from `tick`, when they are due."""
        self._now_ms = now_ms
        match signal:
            case Observation() | InView() | Crossing():
                return self._seen(signal, now_ms)
            case CardRead():
                return self._read(signal, now_ms)
            case Contact() | Acted():
                return self._device(signal, now_ms)
            case LaneOrder() | ManualPassage() | PassageTakenBack():
                return self._by_hand(signal, now_ms)
            case CameraReport():
                self._site.camera(signal)
                said = self._health.step(signal)
                return said if signal.status == "starting" else [*said, *self._faces.looked(signal.camera, now_ms)]
            case _:
                return self._told(signal, now_ms)

    def tick(self, now_ms: int) -> list[EventData]:
        """What is due at `now_ms`; the same whatever order its evidence came in."""
        self._now_ms = now_ms
        events = self._alone.tick(now_ms)
        for name, lane in self._lanes.items():
            events += lane.tick(now_ms)
            lane.answering.close_leftover(now_ms, fire_known=self._fire.known(name))
        return [*events, *self._doors.tick(now_ms)]

    def finish(self) -> list[EventData]:
        """The end of all time: close everything, as at the end of a replay or before stopping."""
        events = self._alone.finish()
        for lane in self._lanes.values():
            events += lane.finish(self._now_ms)
        return events

    def blinded(self, now_ms: int) -> list[EventData]:
        """Vision is gone: what it saw has had its last word, and nobody looks until a camera is told to be well."""
        self._now_ms = now_ms
        self._site.blinded()
        for lane in self._lanes.values():
            lane.blinded()
        return [*self._alone.finish(), *self._faces.blinded(now_ms)]

    def actions(self) -> list[Action]:
        """What devices and vision must do for the events given since the last call, once those are on the disk."""
        actions: list[Action] = []
        for name, lane in self._lanes.items():
            answered = lane.answering.actions()
            for each in answered:
                if isinstance(each, Act):
                    self._doors.ordered(each, self._now_ms)
            actions += answered
            compare = Compare(lane=name, person_ids=lane.claimed, awaited=lane.awaited)
            if _asks_more(compare, self._compared.get(name)):
                self._compared[name] = compare
                actions.append(compare)
        return actions

    def changes(self) -> dict[str, bytes | None]:
        """What is to be kept with the events given since the last call, by key; None: no more.

        That is orders that stand, fire inputs that are active, and which orders were taken and which words undone last.
        """
        orders = {name: lane.answering.standing for name, lane in self._lanes.items()}
        changed = self._standing.changes(orders)
        rows = {_STATE + name: None if kept is None else msgspec.msgpack.encode(kept) for name, kept in changed.items()}
        if self._fire.active != self._fire_kept:
            self._fire_kept = self._fire.active
            rows[_FIRE] = msgspec.msgpack.encode(sorted(self._fire_kept)) if self._fire_kept else None
        if list(self._taken) != self._taken_kept:
            self._taken_kept = list(self._taken)
            rows[_TAKEN] = msgspec.msgpack.encode(self._taken_kept)
        if self._undone != self._undone_kept:
            self._undone_kept = dict(self._undone)
            rows[_UNDONE] = msgspec.msgpack.encode(self._undone_kept)
        return rows

    def use_roster(self, roster: Roster) -> list[EventData]:
        """Decide by this roster from now on."""
        self._site.use_roster(roster)
        for lane in self._lanes.values():
            lane.use_roster()
        if roster.issued is not None:
            self._site.wall.issued(roster.issued, self._now_ms)
        return []

    def recall(self, log: Callable[[], Iterable[Event]], kept: Mapping[str, bytes], told: ClockTold) -> list[EventData]:
        """Begin where the node ended, killed or not: its own log, and what `changes` gave last.

        `log` gives every event that is still here, in the order of its decision, each time it is called.
        """
        self._now_ms = now_ms = told.at_ms
        wall = datetime.fromtimestamp(told.wall_ms / 1000, UTC) if told.clock == "trusted" else None
        if _UNDONE in kept:
            self._undone_kept = msgspec.msgpack.decode(kept[_UNDONE], type=dict[str, str])
            self._undone = dict(self._undone_kept)
        read = self._site.wall.reading(log(), self._plan.run, now_ms)
        recall_presence(read, self._plan, self._site.presence, (now_ms, wall), self._undone)
        events = self.step(told, now_ms)  # whether that can be true, the log says
        events += unfinished(log(), self._plan)
        for each in answered(log(), self._plan, now_ms):
            if each.decision.lane in self._lanes:
                self._lanes[each.decision.lane].recall(each, now_ms)
        if _FIRE in kept:
            self._fire_kept = frozenset(msgspec.msgpack.decode(kept[_FIRE], type=list[str]))
            self._fire.recall(self._fire_kept)
        if _TAKEN in kept:
            self._taken_kept = msgspec.msgpack.decode(kept[_TAKEN], type=list[str])
            self._taken.extend(self._taken_kept)
        for name, lane in self._lanes.items():
            row = kept.get(_STATE + name)
            order = None if row is None else self._standing.recalled(name, row, now_ms)
            events += lane.answering.recall(order, released=self._fire.released(name), now_ms=now_ms)
        return events

    def _lane_of(self, camera: str) -> Lane | None:
        return self._lanes.get(self._plan.camera(camera).lane or "")

    def _seen(self, signal: Observation | InView | Crossing, now_ms: int) -> list[EventData]:
        lane = self._lane_of(signal.camera)
        if isinstance(signal, InView):
            if lane is not None:
                lane.in_view(signal)
        elif lane is None:
            self._alone.gather(signal)
        elif isinstance(signal, Observation):
            return lane.saw(signal, now_ms)
        else:
            lane.crossed(signal)
        return []

    def _read(self, signal: CardRead, now_ms: int) -> list[EventData]:
        reader = self._plan.readers.get(signal.reader)
        lane = None if reader is None else self._lanes.get(reader.lane or "")
        return [] if reader is None or lane is None else lane.read(signal, reader.direction, now_ms)

    def _device(self, signal: Contact | Acted, now_ms: int) -> list[EventData]:
        if isinstance(signal, Acted):
            if signal.action == "pulse" and signal.result != "done" and signal.lane in self._lanes:
                self._lanes[signal.lane].stuck(signal, now_ms)
            return self._doors.acted(signal, now_ms)
        events: list[EventData] = []
        if self._fire.told(signal.device, active=signal.state == "active"):
            for name, lane in self._lanes.items():
                events += lane.answering.release(active=self._fire.released(name), now_ms=now_ms)
        return [*events, *self._doors.contact(signal, now_ms)]

    def _by_hand(self, signal: ByHand, now_ms: int) -> list[EventData]:
        lane = self._lanes.get(signal.lane)
        if lane is None or signal.order in self._taken:
            return []
        self._taken.append(signal.order)
        if isinstance(signal, ManualPassage):
            return lane.manual(signal, now_ms)
        if isinstance(signal, PassageTakenBack):
            # The log has the passage still, and a restart would read it again.
            self._undone = dict([*self._undone.items(), (signal.passage, signal.zone)][-REMEMBERED:])
            return lane.take_back(signal, now_ms)
        if signal.until_ms is not None and signal.until_ms <= now_ms:
            return [lane.answering.too_late(signal, now_ms)]
        if signal.state != "open_once":
            self._standing.overruled(signal.lane)
        return lane.order(signal, now_ms)

    def _told(self, signal: Signal, now_ms: int) -> list[EventData]:
        """What is only good to know; with the time, orders that a restart left without an end get it again."""
        if isinstance(signal, ClockTold):
            self._site.wall.told(signal)
            events = self._clock.step(signal, plausible=self._site.wall.at(now_ms) is not None)
            ended = self._standing.ended(now_ms)
            return events + [
                each for name, order in ended.items() for each in self._lanes[name].answering.resume(order, now_ms)
            ]
        if isinstance(signal, SiblingSeen):
            self._site.heard(signal.node, signal.at_ms)
        elif isinstance(signal, PassedElsewhere):
            # One passage does not show that there was no other: siblings are heard of by `SiblingSeen` alone.
            self._site.presence.moved(signal.person_id, signal.zone, signal.at_ms, signal.node)
        return []


def _asks_more(asked: Compare, before: Compare | None) -> bool:
    """Whether vision must be told; that a card waits no longer it need not know."""
    known, waited = ((), {}) if before is None else (before.person_ids, before.awaited)
    return asked.person_ids != known or bool(asked.awaited.items() - waited.items())
