"""Who is listed, by card, plate and id: the roster as the decision looks it up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from zhian_wire.calendar import Calendar, Group, Schedule
from zhian_wire.cards import Holders
from zhian_wire.roster import Person, Roster

from .plan import SitePlan


class Known(NamedTuple):
    """Whose card it is; `withdrawn`: it was, and must not open any more."""

    person: Person
    withdrawn: bool = False


class People:
    """A roster, and what the configuration says of groups and schedules where the roster says nothing."""

    def __init__(self, roster: Roster, site: SitePlan) -> None:
        self._by_id = {person.id: person for person in roster.persons}
        self._held = Holders((person.id, person.cards) for person in roster.persons)
        self._lost = Holders((person.id, person.withdrawn) for person in roster.persons)
        self._by_plate: dict[str, list[Person]] = {}
        # A vehicle that is looked for is nobody's way in; whoever else has that plate has it still.
        for person in (each for each in roster.persons if not each.watch):
            for plate in person.plates:
                self._by_plate.setdefault(plate, []).append(person)
        self._groups = {**site.groups, **{group.id: group for group in roster.groups}}
        self._schedules = {**site.schedules, **{schedule.id: schedule for schedule in roster.schedules}}
        self.calendar: Calendar = site.calendar if roster.calendar is None else roster.calendar

    def person(self, person_id: str | None) -> Person | None:
        return None if person_id is None else self._by_id.get(person_id)

    def card(self, card: str) -> Known | None:
        """Whose card was read, in whatever width its reader tells it; who has it whole comes before a likeness."""
        read = card.strip()
        claims = [(self._held.who(read), False), (self._lost.who(read), True)]
        for how in ("whole", "cut"):
            for claim, withdrawn in claims:
                if claim.how == how and claim.person is not None:
                    return Known(self._by_id[claim.person], withdrawn)
        return None

    def plate(self, plate: str) -> Person | None:
        """Whose vehicle it is; of several owners the first listed."""
        return next(iter(self.plate_owners(plate)), None)

    def plate_owners(self, plate: str) -> Iterable[Person]:
        return tuple(self._by_plate.get(plate, ()))

    def group(self, person: Person) -> Group:
        """The person's group; one that nobody described asks for nothing."""
        return self._groups.get(person.group) or Group(id=person.group)

    def schedule(self, name: str) -> Schedule | None:
        return self._schedules.get(name)
