"""What an import takes away from somebody enrolled: told before it is done, and counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sqlalchemy import Connection, select

from ..store.tables import credentials, people
from . import details, guardians
from .enrolment import Complaint
from .files import PersonFile


class Losses(NamedTuple):
    """What somebody will not have any more; `renamed`: the former name and the new one."""

    cards: tuple[str, ...] = ()
    plates: tuple[str, ...] = ()
    guardians: tuple[str, ...] = ()
    renamed: tuple[str, str] | None = None

    def complaints(self) -> Iterator[Complaint]:
        """In words, for somebody to look at."""
        for card in self.cards:
            yield Complaint("takes_card", f"takes away card {card}")
        for plate in self.plates:
            yield Complaint("takes_plate", f"takes away plate {plate}")
        for guardian in self.guardians:
            yield Complaint("takes_guardian", f"takes away guardian {guardian}")
        if self.renamed is not None:
            yield Complaint("renames", f"renames {self.renamed[0]} to {self.renamed[1]}")


class Total(NamedTuple):
    """How much a whole import takes away; `names`: how many people are called otherwise."""

    cards: int
    plates: int
    guardians: int
    names: int


NOTHING = Losses()


def losses(link: Connection, person_id: str, about: PersonFile, changes: details.CardChanges) -> Losses:
    """What `about` takes away from somebody; nothing is written. What it says to be lost is not counted.

    Args:
        changes: what it makes of their cards.
    """
    query = select(people.c.name).where(people.c.id == person_id, people.c.withdrawn_at.is_(None))
    name = link.execute(query).scalars().first()
    if name is None:
        return NOTHING
    plates = select(credentials.c.value).where(credentials.c.person_id == person_id, credentials.c.kind == "plate")
    gone = set() if about.plates is None else set(link.execute(plates).scalars()) - set(about.plates)
    removed = [] if about.guardians is None else guardians.removed(link, person_id, about.guardians)
    # Who was called by the id had no name.
    is_renamed = about.name and name not in (about.name, person_id)
    return Losses(
        cards=tuple(sorted(changes.dropped)),
        plates=tuple(sorted(gone)),
        guardians=tuple(removed),
        renamed=(name, about.name) if is_renamed else None,
    )


def total(found: Iterable[Losses]) -> Total:
    """Everybody's together."""
    each = list(found)
    return Total(
        sum(len(one.cards) for one in each),
        sum(len(one.plates) for one in each),
        sum(len(one.guardians) for one in each),
        sum(one.renamed is not None for one in each),
    )
