"""Imports a folder of people, and says per person what came of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import msgspec
from sqlalchemy import Connection

from .. import moments
from ..errors import BadInput, PeopleError
from ..pictures import PictureStore
from ..store import Store, counters
from . import details, lookup
from .consent import Ground
from .dealing import Deal, Dealer
from .enrolment import Complaint, Enrolled, Enroller
from .exchanging import Exchange
from .files import Entry, Guardian, PersonFile, Unreadable, read_folder
from .losses import NOTHING, Losses, losses
from .registry import NOTHING_SAID, Registry, Said

WATCH: Final = (
    "watch = true is no import's to say: propose the entry on the Watch lists page, where another approves it"
)
WATCHED: Final = "this is an entry of a watch list: an import changes none"


@dataclass(frozen=True)
class Report:
    """What came of one person; without templates nobody recognises them, and another way in is needed."""

    id: str
    templates: int
    complaints: tuple[Complaint, ...] = ()
    failed: str = ""
    losses: Losses = NOTHING


@dataclass(frozen=True, kw_only=True)
class Defaults:
    """For people whose `person.toml` says nothing else."""

    group: str | None = None
    guardians: tuple[Guardian, ...] = ()

    def filled(self, about: PersonFile) -> PersonFile:
        """`about`, and these where it says nothing."""
        guardians = about.guardians or self.guardians or about.guardians
        return msgspec.structs.replace(about, group=about.group or self.group, guardians=guardians)


class Importer:
    """Enrols everybody in a folder on one ground; each person is one transaction."""

    def __init__(
        self, store: Store, registry: Registry, pictures: PictureStore, enroller: Enroller, clock: moments.Clock
    ) -> None:
        self._store = store
        self._registry = registry
        self._pictures = pictures
        self._enroller = enroller
        self._clock = clock

    def run(self, folder: Path, basis: Ground, defaults: Defaults, *, who: str) -> Iterator[Report]:
        """A report per person, as they are done; the folder is read whole before anything is written.

        Raises:
            PeopleError: the folder cannot be read as people.
        """
        entries = read_folder(folder)
        deal = self.look_over((each.id, each.about) for each in entries if isinstance(each, Entry))
        exchange = self.exchange(deal, who=who)
        for entry in entries:
            if isinstance(entry, Unreadable):
                yield Report(entry.id, 0, failed=entry.reason)
                continue
            place = f"{entry.folder / 'person.toml'}: "
            if why := deal.refused.get(entry.id):
                yield Report(entry.id, 0, failed=place + why)
            else:
                report = self.take(entry, basis, defaults, exchange, who=who, place=place)
                yield replace(report, complaints=(*report.complaints, *deal.shared.get(entry.id, ())))

    def look_over(self, listed: Iterable[tuple[str, PersonFile]]) -> Deal:
        """What comes of the cards of a whole import; nothing is written. `listed`: each person once."""
        with self._store.read() as link:
            # Of a watch list an import changes none: nobody gets a card that such an entry has.
            taken = [each for each in listed if not each[1].watch and not lookup.is_watched(link, each[0])]
            return Dealer(link).deal(taken)

    def exchange(self, deal: Deal, *, who: str) -> Exchange:
        """Hand over first what somebody enrolled gives up and somebody else enrolled gets: two can swap their cards.

        It holds also where somebody's own row fails afterwards, for a picture, say: the cards are in others' hands.
        """
        exchange = Exchange(self._store, deal, self._registry.site, self._clock, who)
        exchange.run()
        return exchange

    def take(
        self,
        entry: Entry,
        basis: Ground,
        defaults: Defaults,
        exchange: Exchange,
        *,
        who: str,
        place: str = "",
        said: Said = NOTHING_SAID,
        looked: bool = True,
    ) -> Report:
        """One person, whole or not at all.

        Args:
            exchange: the cards that change hands in this import.
            place: said before what was wrong with what is known of them.
            looked: False: there is no picture to look at; what is known of their face stays.
        """
        if watched := self._watched(entry):
            return _refused(entry.id, f"{place}{watched}", exchange)
        try:
            found = self._look(entry, looked=looked)
        except PeopleError as error:
            return _refused(entry.id, str(error), exchange)
        about = defaults.filled(entry.about)
        for picture in found.kept if found else ():
            self._pictures.keep_portrait(picture)
        now, held = moments.text(self._clock()), exchange.held
        try:
            with held.trying(), self._store.write() as link:
                held.refresh(link)
                gifts = exchange.take(link, (entry.id,))
                changes = details.card_changes(link, entry.id, about)
                held.check(entry.id, changes.issued)
                gone, lost = losses(link, entry.id, about, changes), stays_withdrawn(link, entry.id, about, changes)
                orphans = self._registry.enrol(link, entry.id, about, basis, found, who=who, now=now, said=said)
                kept = lookup.template_count(link, entry.id)
                held.put(entry.id, changes.after, counters.current(link, "roster"))
        except (PeopleError, BadInput) as error:
            if found is not None:
                self._forget(found)
            return _refused(entry.id, f"{place}{error}", exchange)
        self._pictures.delete(orphans)
        exchange.note(gifts)
        gone = gone._replace(cards=tuple(sorted({*gone.cards, *exchange.losses(entry.id).cards})))
        lost = (*lost, *gone.complaints())
        if found is None:
            return Report(entry.id, kept, lost, losses=gone)
        return Report(entry.id, len(found.templates), (*found.complaints, *lost), losses=gone)

    def _watched(self, entry: Entry) -> str:
        """Why an import may not: who is looked for is proposed by one person and approved by another, never listed."""
        if entry.about.watch:
            return WATCH
        with self._store.read() as link:
            return WATCHED if lookup.is_watched(link, entry.id) else ""

    def _looks(self, entry: Entry) -> bool:
        """Whether somebody's face may be looked at: not against what was said last, here or in the file."""
        if entry.about.face is not None:
            return entry.about.face
        with self._store.read() as link:
            return lookup.face_is_on(link, entry.id)

    def _forget(self, found: Enrolled) -> None:
        """Nobody was enrolled, so no picture of them may stay."""
        kept = {hashlib.sha256(picture).hexdigest() for picture in found.kept}
        with self._store.read() as link:
            unused = self._registry.unused(link, kept)
        self._pictures.delete(unused)

    def _look(self, entry: Entry, *, looked: bool) -> Enrolled | None:
        """What the pictures give. Of somebody who wants no face recognition none is looked at, and none is kept."""
        if not self._looks(entry):
            said = Complaint("face_off", "face recognition is switched off: by card and plate alone")
            return Enrolled("", (), (), (said,))
        return self._enroller.enrol(entry.id, entry.folder) if looked else None


def _refused(person: str, why: str, exchange: Exchange) -> Report:
    exchange.refuse(person)
    return Report(person, 0, exchange.all_the_same(person), why, exchange.losses(person))


def stays_withdrawn(
    link: Connection, person_id: str, about: PersonFile, changes: details.CardChanges
) -> tuple[Complaint, ...]:
    """Cards that the file still lists, and that stay withdrawn all the same; `changes`: what it makes of them."""
    listed = {card.upper() for card in about.cards or ()} - {card.upper() for card in about.withdrawn}
    listed -= changes.issued
    return tuple(
        Complaint(
            "card_withdrawn", f"card {row['value']} stays withdrawn ({row['reason']}); `cards issue` gives it back"
        )
        for row in details.cards_of(link, person_id)
        if row["value"] in listed and row["withdrawn_at"] is not None
    )
