"""A lane with its people, readers and cameras, and what happens at it, for the tests of decisions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from zhian_edge.decision.actions import Act, Action
from zhian_edge.decision.decider import Decider
from zhian_edge.decision.plan import (
    Access,
    BarrierPlan,
    CameraPlan,
    InputPlan,
    LanePlan,
    Plan,
    ReaderPlan,
    SitePlan,
)
from zhian_edge.signals import CardRead, Check, ClockTold, Crossing, InView, Observation, Signal
from zhian_wire.calendar import Calendar, Group, Schedule, Span
from zhian_wire.events import Alert, Decision, EventData, Passage
from zhian_wire.evidence import Evidence
from zhian_wire.roster import Person, Roster, Template

#: A Monday, 7:30 in Shanghai.
MONDAY = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
FACE = (Template(key="k", vector=b""),)
ANN = Person(id="ann", group="pupil", cards=("A1", "A2"), templates=FACE)
BOB = Person(id="bob", group="pupil", cards=("B1",), templates=FACE, withdrawn=("B0",))
EVE = Person(id="eve", group="staff", cards=("E1",), plates=("京A12345",), templates=FACE)
PEOPLE = (ANN, BOB, EVE)
SCHOOL = Schedule(id="school", spans=(Span(start="07:00", end="18:00"),))
LESSONS = Schedule(id="lessons", spans=(Span(start="08:00", end="16:00"),))

ANY = Access("any_of", ("card", "face"), inside="school")
CARD = Access("card", ("card",), inside="school")
BOTH = Access("card_and_face", ("card_and_face",), inside="school")
PLATE = Access("plate", ("plate",), vehicles=True)


def site(**more: Any) -> SitePlan:
    schedules = {schedule.id: schedule for schedule in (SCHOOL, LESSONS)}
    base = SitePlan(zone="Asia/Shanghai", schedules=schedules, calendar=Calendar())
    return replace(base, **more)


def groups(*each: Group) -> dict[str, Group]:
    return {group.id: group for group in each}


def plan(access: Access = ANY, *, line: bool = True, **more: Any) -> Plan:
    """One lane `main` with a reader each way, a camera, a barrier and inputs."""
    lanes = {"main": LanePlan("main", access=access), "other": LanePlan("other", access=access)}
    return Plan(
        cameras={"cam": CameraPlan("cam", "main", line)},
        lanes=lanes,
        run="boot",
        readers={
            "r-in": ReaderPlan("r-in", "main", "in"),
            "r-out": ReaderPlan("r-out", "main", "out"),
            "r-other": ReaderPlan("r-other", "other", "in"),
        },
        inputs={
            "bar": InputPlan("bar", "door", "main"),
            "help": InputPlan("help", "help", "main"),
            "fire": InputPlan("fire", "fire"),
        },
        barriers={"bar": BarrierPlan("bar", "main", 1000, opens_within_ms=3000, held_ms=15_000)},
        site=more.pop("site", site()),
        **more,
    )


class Node:
    """A decider with its roster and a clock that is right; `events` are all that were decided."""

    def __init__(
        self, planned: Plan | None = None, people: Iterable[Person] = PEOPLE, wall: datetime | None = MONDAY
    ) -> None:
        self.decider = Decider(planned or plan())
        self.decider.use_roster(Roster(version=1, persons=tuple(people)))
        self.events: list[EventData] = []
        self.acts: list[Action] = []
        self.now = 0
        if wall is not None:
            self.at(ClockTold(at_ms=0, wall_ms=round(wall.timestamp() * 1000), clock="trusted"), 0)

    def at(self, signal: Signal, now_ms: int | None = None) -> list[EventData]:
        """The signal, as it comes when it was or later; time goes on until then."""
        moment = getattr(signal, "at_ms", 0) if now_ms is None else now_ms
        self.until(moment)
        return self._keep(self.decider.step(signal, self.now))

    def until(self, now_ms: int) -> list[EventData]:
        """Ticks, as the gate gives them."""
        events: list[EventData] = []
        while self.now < now_ms:
            self.now = min(self.now + 100, now_ms)
            events += self._keep(self.decider.tick(self.now))
        return events

    def _keep(self, events: Sequence[EventData]) -> list[EventData]:
        self.events += events
        self.acts += self.decider.actions()
        return list(events)

    @property
    def passages(self) -> list[Passage]:
        return [event for event in self.events if isinstance(event, Passage)]

    @property
    def decisions(self) -> list[Decision]:
        return [event for event in self.events if isinstance(event, Decision)]

    @property
    def alerts(self) -> list[str]:
        return [event.kind for event in self.events if isinstance(event, Alert)]

    @property
    def moves(self) -> list[str]:
        return [act.action for act in self.acts if isinstance(act, Act)]


def read(card: str, at_ms: int, reader: str = "r-in") -> CardRead:
    return CardRead(reader=reader, at_ms=at_ms, card=card)


def face(track: int, at_ms: int, person_id: str | None = None, *checks: Check, **more: Any) -> Observation:
    """A face's word; its subject is the track's tens, so 11 and 12 are one subject."""
    return _seen("face", track, at_ms, person_id=person_id, checks=checks, **more)


def body(track: int, at_ms: int, **more: Any) -> Observation:
    return _seen("body", track, at_ms, body="person", **more)


def plate(track: int, at_ms: int, text: str, **more: Any) -> Observation:
    return _seen("plate", track, at_ms, plate=text, body="car", **more)


def _seen(kind: Any, track: int, at_ms: int, **more: Any) -> Observation:
    evidence = Evidence(
        kind=kind, device="cam", at_ms=at_ms, score=0.8, person_id=more.get("person_id"), plate=more.get("plate")
    )
    base: dict[str, Any] = {
        "camera": "cam", "source": "cam", "track": track, "subject": track // 10, "kind": kind, "at_ms": at_ms,
        "media_time_s": at_ms / 1000, "first_s": at_ms / 1000 - 1.0, "last_s": at_ms / 1000, "final": True,
        "direction": "in", "evidence": evidence,
    }  # fmt: skip
    return Observation(**{**base, **more})


def crossed(track: int, at_ms: int, direction: Any = "in", kind: Any = "body") -> Crossing:
    return Crossing(
        camera="cam", source="cam", track=track, subject=track // 10, kind=kind, at_ms=at_ms,
        media_time_s=at_ms / 1000, direction=direction, box=(float(track), 0, 1, 1),
    )  # fmt: skip


def in_view(track: int, at_ms: int, since_ms: int, *, over: bool = False) -> InView:
    """A body that is seen, of which nothing else is known yet."""
    return InView(
        camera="cam", source="cam", track=track, subject=track // 10, kind="body", at_ms=at_ms,
        media_time_s=at_ms / 1000, first_s=since_ms / 1000, over=over,
    )  # fmt: skip


def same(person_id: str, score: float = 0.6) -> Check:
    return Check(person_id=person_id, score=score, verdict="same")


def other(person_id: str) -> Check:
    return Check(person_id=person_id, score=0.02, verdict="other")
