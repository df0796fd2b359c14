"""A school of two classes on Monday 2026-10-12, whose gates tell what a test says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Row, select
from zhian_gateway.attendance import asking, signals
from zhian_gateway.attendance.reading import PersonDay
from zhian_gateway.attendance.watching import AttendanceWatch
from zhian_gateway.cases.book import Book
from zhian_gateway.ingest.keeping import Keeper
from zhian_gateway.ingest.sorting import Message
from zhian_gateway.notices.queueing import Desk
from zhian_gateway.people import timetable
from zhian_gateway.people.timetable_files import GroupFile
from zhian_gateway.rules.follower import Follower
from zhian_gateway.services import Services
from zhian_gateway.store.tables import people
from zhian_wire import codec
from zhian_wire.calendar import Schedule, Span
from zhian_wire.events import Clock
from zhian_wire.evidence import Direction
from zhian_wire.state import NodeState

from .events import event, passage
from .people import ground, person_file, some_face
from .pipeline import admit

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = "2026-10-12"
LESSONS = Schedule(id="lessons", spans=(Span(start="08:00", end="11:30"), Span(start="13:30", end="16:00")))
CLASSES = (
    GroupFile(id="grade-1", lessons="lessons", arrive_by="07:50", closes="18:30"),
    GroupFile(id="grade-2", lessons="lessons", arrive_by="07:50"),
)


def at(clock: str, day: str = TODAY) -> datetime:
    """A moment on the site's wall."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZONE)


class School:
    """What a test does to it."""

    def __init__(self, parts: Services, clock: Any) -> None:
        self.parts = parts
        self._clock = clock
        self._seq: dict[str, count[int]] = defaultdict(lambda: count(1))
        self._told: dict[str, int] = defaultdict(int)
        admit(parts.store, parts.site, "gate-1", "gate-2")
        self._keeper = Keeper(parts.store, parts.book, site=parts.site, zone=parts.zone, clock=clock)
        lanes, rules = parts.lanes, parts.config.rules
        self._follower = Follower(
            parts.store,
            Book(parts.site),
            Desk(parts.config),
            lanes,
            site=parts.site,
            rules=rules,
            clock=clock,
            changed=parts.bell.ring,
        )
        self.watch = AttendanceWatch(parts, parts.bell.ring)

    def now(self, clock: str, day: str = TODAY, *, outboxes: Mapping[str, int] | None = None) -> None:
        """It is so late, these nodes say how many events wait at them, and the gateway looks whom to tell of what."""
        self._clock.now = at(clock, day).astimezone(UTC)
        for node, outbox in (outboxes or {}).items():
            self.beats(node, outbox=outbox)
        self.watch.step()

    def enrol(self, person: str, group: str = "grade-1", **about: Any) -> None:
        """Somebody new."""
        with self.parts.store.write() as link:
            file = person_file(name=about.pop("name", person.title()), group=group, **about)
            self.parts.registry.enrol(link, person, file, ground(), some_face(), who="t", now=self.parts.now())

    def passes(
        self,
        person: str,
        clock: str,
        direction: Direction = "in",
        *,
        node: str = "gate-1",
        day: str = TODAY,
        trust: Clock = "trusted",
        followed: bool = True,
        **about: Any,
    ) -> None:
        """A gate tells of somebody, now, whenever it says that it was; `followed`: the rules have followed it."""
        with self.parts.store.read() as link:
            opaque = link.execute(select(people.c.opaque).where(people.c.id == person)).scalar_one()
        said = {"evidence": (), "reason": "named"} | about
        data = passage(person_id=opaque, direction=direction, **said)
        self._told[node] = next(self._seq[node])
        one = event(data, seq=self._told[node], node=node, at=at(clock, day))
        told = msgspec.structs.replace(one, clock=trust)
        self._keeper.keep([Message(node, codec.encode(told))])
        if followed:
            self.follow()
            self.watch.step()

    def follow(self) -> None:
        """The rules follow all that is stored."""
        while self._follower.step():
            pass

    def starts(self) -> None:
        """The gateway starts anew; it has not looked yet."""
        self.watch = AttendanceWatch(self.parts, self.parts.bell.ring)

    def beats(self, node: str, *, outbox: int = 0) -> None:
        """A node says how it is; what waits in its `outbox` has numbers, and was not told yet."""
        seq = self._told[node] + outbox
        state = NodeState(node=node, epoch="e1", seq=seq, time=self.parts.now(), version="1", outbox=outbox)
        self.parts.presence.hear(node, state, self.parts.clock())

    def skips(self, node: str) -> None:
        """It tells what is new before what has waited: the next number comes later."""
        self._told[node] = next(self._seq[node])

    def day(self, person: str, day: str = TODAY) -> PersonDay:
        """Somebody's line."""
        with self.parts.store.read() as link:
            (line,) = asking.one(link, self.parts, person, [date.fromisoformat(day)], None)
        return line

    def told(self, after: int = 0) -> list[Row[Any]]:
        """The signals that changed after `after`."""
        with self.parts.store.read() as link:
            return list(signals.after(link, after))

    def shown(self) -> list[tuple[str, str, str | None]]:
        """Whom somebody is to be told of, what, and why it was taken back."""
        return [(row.person_id, row.kind, row.withdrawn_why) for row in self.told()]


def open_school(parts: Services, clock: Any) -> School:
    """Ming and Hong are in grade-1, Lan in grade-2, enrolled in September."""
    one = School(parts, clock)
    clock.now = datetime(2026, 9, 1, tzinfo=UTC)
    with parts.store.write() as link:
        by = {"site": parts.site, "who": "t", "now": parts.now()}
        timetable.replace_hours(link, [LESSONS], CLASSES, **by)
        timetable.replace_days(link, [timetable.Day("2026-10-10", "thu"), timetable.Day("2026-10-01", None)], **by)
    for person, group in (("ming", "grade-1"), ("hong", "grade-1"), ("lan", "grade-2")):
        one.enrol(person, group)
    # The gateway runs since then.
    one.now("05:00")
    return one
