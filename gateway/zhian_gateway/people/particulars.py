"""What an office types of somebody: name, place, days, plates and guardians; each audited and told to nodes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import Connection, Row, delete, select, update

from ..config_notices import Notices
from ..errors import BadInput, Conflict, NotFound, PlateTaken
from ..notices.naming import fault
from ..store import audit
from ..store.tables import credentials, guardians, people, schedules
from . import guardians as listing
from . import lookup
from .editing import Editor
from .files import Guardian, Plate

#: Parents, grandparents and who else is told; more is a mistake.
MOST_GUARDIANS: Final = 8
MOST_PLATES: Final = 10


class GuardianSaid(NamedTuple):
    """What is said of a guardian; `address` None: as before."""

    name: str
    language: str
    address: str | None


@dataclass(frozen=True)
class Particulars:
    """Every method works inside the caller's transaction, and refuses entries of watch lists (Conflict).

    All raise NotFound for somebody who is not enrolled.
    """

    editor: Editor
    site: str
    channels: Notices

    def rename(self, link: Connection, person_id: str, name: str, *, who: str, now: str) -> None:
        """Somebody's name; the audit does not say it, which an erasure could not take out again."""
        self._check(link, person_id)
        self.editor.change(link, person_id, "people.name", "", {"name": name}, who=who, now=now)

    def place(
        self, link: Connection, person_id: str, group: str | None, schedule: str | None, *, who: str, now: str
    ) -> None:
        """Group and schedule of their own; None leaves one as it is.

        Raises:
            BadInput: there is no such schedule, so that no gate would ever let them in.
        """
        self._check(link, person_id)
        known = select(schedules.c.id).where(schedules.c.id == schedule)
        if schedule and link.execute(known).first() is None:
            raise BadInput(f"there is no schedule {schedule!r}")
        self.editor.set_place(link, person_id, group, schedule, who=who, now=now)

    def set_plates(
        self,
        link: Connection,
        person_id: str,
        plates: Iterable[str],
        *,
        sees: frozenset[str] | None,
        who: str,
        now: str,
    ) -> None:
        """These are somebody's vehicles, and no others. `sees`: the groups that whoever asks may see (None: all).

        A plate that an import gave to two stays theirs; none is given to a second one here.

        Raises:
            BadInput: one is no plate, or there are too many.
            PlateTaken: somebody else has one.
        """
        self._check(link, person_id)
        wanted = list(dict.fromkeys(_plate(each) for each in plates))
        if len(wanted) > MOST_PLATES:
            raise BadInput(f"more than {MOST_PLATES} plates")
        theirs = (credentials.c.person_id == person_id) & (credentials.c.kind == "plate")
        held = set(link.execute(select(credentials.c.value).where(theirs)).scalars())
        for plate in wanted:
            if plate not in held:
                _check_free(link, person_id, plate, sees)
        self.editor.change(link, person_id, "people.plates", f"{len(wanted)} plates", who=who, now=now)
        link.execute(delete(credentials).where(theirs))
        for plate in wanted:
            link.execute(credentials.insert().values(person_id=person_id, kind="plate", value=plate))

    def add_guardian(self, link: Connection, person_id: str, guardian: Guardian, *, who: str, now: str) -> None:
        """Somebody more is told of the child.

        Raises:
            BadInput: nothing can be sent to that address, or there are too many.
            Conflict: that address is a guardian's already.
        """
        self._check(link, person_id)
        held = list(link.execute(select(guardians.c.address).where(guardians.c.person_id == person_id)).scalars())
        if guardian.address in held:
            raise Conflict("a guardian of this child has that address")
        if len(held) >= MOST_GUARDIANS:
            raise BadInput(f"more than {MOST_GUARDIANS} guardians")
        self._check_address(guardian.address)
        number = listing.add(link, person_id, guardian)
        self._told(link, "guardian.add", person_id, f"guardian {number}", who=who, now=now)

    def change_guardian(self, link: Connection, number: int, said: GuardianSaid, *, who: str, now: str) -> str:
        """Another name, language or address of a guardian, whose phone stays bound; whose guardian they are.

        Raises:
            NotFound: no such guardian.
            BadInput, Conflict: as `add_guardian`.
        """
        row = self._guardian(link, number)
        values = {"name": said.name, "language": said.language}
        if said.address is not None:
            self._check_address(said.address)
            taken = (guardians.c.person_id == row.person_id) & (guardians.c.address == said.address)
            if link.execute(select(guardians.c.id).where(taken, guardians.c.id != number)).first() is not None:
                raise Conflict("a guardian of this child has that address")
            values["address"] = said.address
        link.execute(update(guardians).where(guardians.c.id == number).values(values))
        what = f"guardian {number}{'' if said.address is None else ': another address'}"
        self._told(link, "guardian.address", row.person_id, what, who=who, now=now)
        return str(row.person_id)

    def remove_guardian(self, link: Connection, number: int, *, who: str, now: str) -> str:
        """They are told no more, and a phone of theirs sees the child no more; whose guardian they were.

        Raises:
            NotFound: no such guardian.
        """
        row = self._guardian(link, number)
        listing.forget(link, [number])
        self._told(link, "guardian.remove", row.person_id, f"guardian {number}", who=who, now=now)
        return str(row.person_id)

    def _guardian(self, link: Connection, number: int) -> Row[Any]:
        row = link.execute(select(guardians).where(guardians.c.id == number)).one_or_none()
        if row is None:
            raise NotFound(f"there is no guardian {number}")
        self._check(link, row.person_id)
        return row

    def _check(self, link: Connection, person_id: str) -> None:
        query = select(people.c.watch).where(people.c.id == person_id, people.c.withdrawn_at.is_(None))
        watch = link.execute(query).scalar()
        if watch is None:
            raise NotFound(f"there is nobody enrolled as {person_id!r}")
        if watch:
            raise Conflict("this is an entry of a watch list, which two people agree on")

    def _check_address(self, address: str) -> None:
        if problem := fault(address, self.channels):
            raise BadInput(problem)

    def _told(self, link: Connection, action: str, person_id: str, detail: str, *, who: str, now: str) -> None:
        audit.record(link, site=self.site, at=now, who=who, action=action, subject=person_id, detail=detail)


def _check_free(link: Connection, person_id: str, plate: str, sees: frozenset[str] | None) -> None:
    """PlateTaken; it names only whom the caller may see."""
    others = lookup.others_with(link, plate, person_id)
    if others:
        shown = [row for row in others if sees is None or (row["group"] in sees and not row["watch"])]
        raise PlateTaken(plate, f"{shown[0]['name']} ({shown[0]['id']})" if shown else "")


def _plate(text: str) -> str:
    try:
        return msgspec.convert(text.strip().upper(), Plate)
    except msgspec.ValidationError as error:
        raise BadInput(f"{text!r} is no plate, such as 京A12345") from error
