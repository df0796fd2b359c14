"""Who is listed, by card, plate and id: the roster as the decision looks it up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from zhian_wire.calendar import Calendar, Group, Schedule
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
        lost = {_plain(card): Known(person, True) for person in roster.persons for card in person.withdrawn}
        held = {_plain(card): Known(person) for person in roster.persons for card in person.cards}
        self._by_card = lost | held
        self._by_plate: dict[str, list[Person]] = {}
        for person in roster.persons:
            for plate in person.plates:
                self._by_plate.setdefault(plate, []).append(person)
        self._groups = {**site.groups, **{group.id: group for group in roster.groups}}
        self._schedules = {**site.schedules, **{schedule.id: schedule for schedule in roster.schedules}}
        self.calendar: Calendar = site.calendar if roster.calendar is None else roster.calendar

    def person(self, person_id: str | None) -> Person | None:
        return None if person_id is None else self._by_id.get(person_id)

    def card(self, card: str) -> Known | None:
        return self._by_card.get(_plain(card))

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


def _plain(card: str) -> str:
    return card.strip().upper()
