"""Children who leave: in school hours, alone, or with somebody who is not listed to collect them."""

from __future__ import annotations

from zhian_wire.events import Alert, Passage
from zhian_wire.roster import Person

from .gone import TOLD_MS, Gone
from .plan import Access, LanePlan
from .rules import collectors, in_lessons, leave
from .situation import Situation


class Leaving:
    """Children who went out of one lane wait here until whoever collects them is known, before them or behind."""

    def __init__(self, plan: LanePlan, access: Access, site: Situation) -> None:
        self._lane, self._reach_ms, self._site = plan.id, access.collect_ms, site
        # A lane that leads out of no zone that has a name is a place of its own.
        self._zone = access.inside or f"lane {plan.id}"
        self._waiting: list[Gone] = []

    def out(self, passage: Passage, person: Person | None, at_ms: int, now_ms: int) -> list[Alert]:
        """Somebody went out at `at_ms`; what is wrong at once."""
        people = self._site.people
        child = person if person is not None and people.group(person).collected else None
        # Whoever is listed by name collects by their own car, too.
        owners = people.plate_owners(passage.plate) if passage.plate is not None else ()
        names = {passage.person_id, passage.plate, *(owner.id for owner in owners)} - {None}
        gone = Gone(at_ms, passage, child, frozenset(name for name in names if name is not None))
        self._site.gone.add(self._zone, gone, now_ms)
        wall = self._site.wall
        slip = leave(person, wall.at(at_ms)) if person is not None else None
        if child is not None and not (slip and slip.alone):
            self._waiting.append(gone)
        if person is None or slip is not None or not in_lessons(person, self._site.people, wall.local(at_ms)):
            return []
        return self._raised("left_in_lessons", passage, person.id, now_ms)

    def tick(self, now_ms: int) -> list[Alert]:
        """Children for whom nobody came within reach."""
        settled = now_ms - self._reach_ms - TOLD_MS
        due = [gone for gone in self._waiting if gone.at_ms <= settled]
        self._waiting = [gone for gone in self._waiting if gone.at_ms > settled]
        return [alert for gone in due if gone.child is not None for alert in self._alone(gone, gone.child, now_ms)]

    def _alone(self, gone: Gone, child: Person, now_ms: int) -> list[Alert]:
        others = self._site.gone.beside(self._zone, gone, self._reach_ms)
        # Whoever sits in the car of somebody who is listed goes with them.
        listed = collectors(child, self._site.wall.at(gone.at_ms), self._site.wall.local(gone.at_ms))
        if any(o.names & listed for o in (gone, *others)):
            return []
        # Of strangers only those at the same lane: somebody unknown is near every gate when school ends.
        adults = [o for o in others if o.passage.lane == self._lane and not self._is_pupil(o)]
        # Nobody of that age drives.
        driven = gone.passage.plate is not None
        kind = "left_with_unlisted" if adults or driven else "left_alone"
        return self._raised(kind, gone.passage, child.id, now_ms, *(adult.passage for adult in adults))

    def _is_pupil(self, gone: Gone) -> bool:
        """Whether it is somebody of a group that has lessons or is collected: a child collects nobody."""
        person = self._site.people.person(gone.passage.person_id)
        group = None if person is None else self._site.people.group(person)
        return gone.child is not None or (group is not None and (group.collected or bool(group.lessons)))

    def _raised(self, kind: str, passage: Passage, person_id: str, now_ms: int, *others: Passage) -> list[Alert]:
        evidence = [piece for each in (passage, *others) for piece in each.evidence]
        return self._site.raises(kind, self._lane, person_id, now_ms, evidence, person_id=person_id)
