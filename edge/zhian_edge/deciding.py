"""The decision thread: everything that was sensed goes through one queue into one decider and one commit."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final, NamedTuple, TypeAlias

import structlog
from zhian_models.systemd import notify
from zhian_wire.events import EventData
from zhian_wire.roster import Roster

from zhian_edge.decision.actions import Act, Action
from zhian_edge.decision.decider import Decider
from zhian_edge.desk import Desk
from zhian_edge.errors import EdgeError, NotWritten
from zhian_edge.process.clock import ClockTie, Reading, mono_ms, read_clock
from zhian_edge.sight import Sight
from zhian_edge.signals import ClockTold, Signal, VisionBeat
from zhian_edge.vision_child import VisionLost

log = structlog.get_logger(__name__)

#: Signals wait here for the decision; when it is full their senders wait, and nothing is dropped.
QUEUE: Final = 1000
_TICK_S: Final = 0.1
_SECOND_MS: Final = 1000


class Announcement(NamedTuple):
    """Events that another part of the gate found; they are committed as they are."""

    events: Sequence[EventData]


class NewRoster(NamedTuple):
    """Decide by this roster from now on."""

    roster: Roster


class _Asked(NamedTuple):
    """A signal whose sender waits until what was decided about it is on the disk."""

    signal: Signal
    committed: threading.Event


class _End(NamedTuple):
    """No more will come."""


_Item: TypeAlias = Signal | VisionLost | Announcement | NewRoster | _End
Input: TypeAlias = _Item | _Asked


def _nobody_acts(_actions: Sequence[Action]) -> None:
    """A node without devices."""


class Deciding:
    """The single writer of lane state and of events.

    Args:
        act: is handed what devices must do, in order, after the events of the decision are on the disk. It must not
            wait for any device; what becomes of an order comes back as a signal (`Acted`).
        now: the monotonic clock in milliseconds; read: both clocks.
    """

    def __init__(
        self,
        decider: Decider,
        desk: Desk,
        tie: ClockTie,
        sight: Sight,
        *,
        short_of_space: Callable[[], None],
        act: Callable[[Sequence[Action]], None] = _nobody_acts,
        now: Callable[[], int] = mono_ms,
        read: Callable[[], Reading] = read_clock,
    ) -> None:
        self._decider = decider
        self._desk = desk
        self._tie = tie
        self._sight = sight
        self._short_of_space = short_of_space
        self._act = act
        self._now = now
        self._read = read
        self._undone: list[Action] = []
        self._asked: list[threading.Event] = []
        self._queue: queue.Queue[Input] = queue.Queue(QUEUE)
        self._thread = threading.Thread(target=self._run, name="decision")
        self._second_ms = 0
        self._ended = False
        self.failed = threading.Event()

    def start(self) -> None:
        self._thread.start()

    def put(self, item: Input) -> None:
        """Hand in what was sensed; waits while too much waits already."""
        while not self.failed.is_set():
            try:
                self._queue.put(item, timeout=0.5)
            except queue.Full:
                if self._ended:
                    return
                continue
            return

    def carry(self, signal: Signal, within_s: float) -> None:
        """Hand in what must not be answered before it is decided and on the disk; waits for that.

        Raises:
            NotWritten: it is not within `within_s`; it may be yet.
        """
        committed = threading.Event()
        self.put(_Asked(signal, committed))
        if not committed.wait(within_s):
            raise NotWritten(f"not on the disk within {within_s:g} s")

    def stop(self) -> None:
        """Close what is open, commit it, and end."""
        self.put(_End())
        self._thread.join()
        self._ended = True

    def commit_rest(self) -> None:
        """Commit what was announced after `stop`, by links that were still up; the caller has ended them."""
        items: list[Input] = []
        with suppress(queue.Empty):
            while True:
                items.append(self._queue.get_nowait())
        rest = [event for item in items if isinstance(item, Announcement) for event in item.events]
        if rest and not self.failed.is_set():
            self._desk.commit(rest, self._now())

    def _run(self) -> None:
        try:
            while self.round():
                pass
        except EdgeError as error:
            # Without a place for its decisions a gate must not go on; it is started again and repairs what it finds.
            log.critical("the gate cannot decide any more", error=str(error))
            self.failed.set()
        except BaseException:
            self.failed.set()
            raise

    def round(self, wait_s: float = _TICK_S) -> bool:
        """Everything that waits now is decided and committed together; False after the end.

        The thread does nothing but this; whoever has not started it may call it instead.
        """
        items = self._gather(wait_s)
        now = self._now()
        events: list[EventData] = []
        ending = False
        for item in items:
            ending = ending or isinstance(item, _End)
            if isinstance(item, _Asked):
                self._asked.append(item.committed)
            events += self._decided(item.signal if isinstance(item, _Asked) else item, now)
        events += self._decider.finish() if ending else self._decider.tick(now)
        events += self._each_second(now)
        committed = self._desk.commit(events, now, self._decider.changes())
        if committed:
            for asked in self._asked:
                asked.set()
            self._asked = []
        else:
            self._short_of_space()
        self._hand_out(committed=committed)
        return not ending

    def _hand_out(self, *, committed: bool) -> None:
        """What was decided while nothing could be written waits for its commit, unless somebody must get out."""
        self._undone += self._decider.actions()
        ready = [action for action in self._undone if committed or (isinstance(action, Act) and action.vital)]
        if ready:
            self._undone = _after([] if committed else self._undone, ready)
            self._act(ready)

    def _gather(self, wait_s: float) -> list[Input]:
        try:
            items = [self._queue.get(block=wait_s > 0, timeout=wait_s or None)]
        except queue.Empty:
            return []
        while len(items) < QUEUE:
            try:
                items.append(self._queue.get_nowait())
            except queue.Empty:
                break
        return items

    def _decided(self, item: _Item, now: int) -> Sequence[EventData]:
        if isinstance(item, _End):
            return []
        if isinstance(item, Announcement):
            return item.events
        if isinstance(item, VisionLost):
            # Its subjects will never say their last word.
            return [*self._decider.blinded(now), *self._sight.lost(item.cause, item.detail, item.at_ms)]
        if isinstance(item, NewRoster):
            return self._decider.use_roster(item.roster)
        if isinstance(item, VisionBeat):
            return self._sight.seen(item.at_ms)
        return self._decider.step(item, now)

    def _each_second(self, now: int) -> Sequence[EventData]:
        if now < self._second_ms:
            return []
        self._second_ms = now + _SECOND_MS
        notify("WATCHDOG=1")
        events = self._tie.step(self._read())
        told = ClockTold(at_ms=now, wall_ms=self._tie.wall_ms(now), clock=self._tie.clock)
        return [*events, *self._decider.step(told, now)]


def _after(undone: Sequence[Action], ready: Sequence[Action]) -> list[Action]:
    """What still waits when `ready`, vital all of it, goes first: nothing from before a release may end that later."""
    left: list[Action] = []
    for action in undone:
        if action not in ready:
            left.append(action)
        elif isinstance(action, Act) and action.action == "hold":
            left = [each for each in left if not (isinstance(each, Act) and each.lane == action.lane)]
    return left
