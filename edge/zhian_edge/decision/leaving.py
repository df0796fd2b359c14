"""Children who leave: in school hours, alone, or with somebody who is not listed to collect them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from zhian_wire.events import Alert, Passage
from zhian_wire.roster import Person

from .plan import Access, LanePlan
from .rules import collectors, in_lessons
from .situation import Situation

#: A passage is told at most this long after somebody went over the line.
TOLD_MS: Final = 10_000


@dataclass(frozen=True, eq=False)
class _Gone:
    """Somebody who went out. `child`: must be collected."""

    at_ms: int
    passage: Passage
    child: Person | None = None
    names: frozenset[str] = field(default_factory=frozenset)


class Leaving:
    """Remembers who went out of a lane lately, since who collects a child may walk before it or behind."""

    def __init__(self, plan: LanePlan, access: Access, site: Situation) -> None:
        self._lane, self._reach_ms, self._site = plan.id, access.collect_ms, site
        self._gone: list[_Gone] = []
        self._waiting: list[_Gone] = []

    def out(self, passage: Passage, person: Person | None, at_ms: int, now_ms: int) -> list[Alert]:
        """Somebody went out at `at_ms`; what is wrong at once."""
        child = person if person is not None and self._site.people.group(person).collected else None
        names = frozenset(name for name in (passage.person_id, passage.plate) if name is not None)
        self._gone.append(_Gone(at_ms, passage, child, names))
        if child is not None:
            self._waiting.append(self._gone[-1])
        if person is None or not in_lessons(person, self._site.people, self._site.wall.local(at_ms)):
            return []
        return self._raised("left_in_lessons", passage, person.id, now_ms)

    def tick(self, now_ms: int) -> list[Alert]:
        """Children for whom nobody came within reach."""
        settled = now_ms - self._reach_ms - TOLD_MS
        due = [gone for gone in self._waiting if gone.at_ms <= settled]
        self._waiting = [gone for gone in self._waiting if gone.at_ms > settled]
        alerts = [alert for gone in due if gone.child is not None for alert in self._alone(gone, gone.child, now_ms)]
        self._gone = [gone for gone in self._gone if gone.at_ms > settled - self._reach_ms]
        return alerts

    def _alone(self, gone: _Gone, child: Person, now_ms: int) -> list[Alert]:
        others = [o for o in self._gone if o is not gone and abs(o.at_ms - gone.at_ms) <= self._reach_ms]
        # Whoever sits in the car of somebody who is listed goes with them.
        listed = collectors(child, self._site.wall.at(gone.at_ms))
        if any(o.names & listed for o in (gone, *others)):
            return []
        adults = [o for o in others if o.child is None]
        kind = "left_with_unlisted" if adults else "left_alone"
        return self._raised(kind, gone.passage, child.id, now_ms, *(adult.passage for adult in adults))

    def _raised(self, kind: str, passage: Passage, person_id: str, now_ms: int, *others: Passage) -> list[Alert]:
        evidence = [piece for each in (passage, *others) for piece in each.evidence]
        return self._site.raises(kind, self._lane, person_id, now_ms, evidence, person_id=person_id)
