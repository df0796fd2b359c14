"""Imports an office's table with its folder of pictures: a report per row, and nobody half written."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Literal

import msgspec

from .. import spreadsheets
from ..errors import BadInput
from ..services import Services
from . import consents, details, lookup, ways
from .consent import RECOGNITION
from .dealing import Deal
from .enrolment import Complaint
from .exchanging import Exchange
from .files import Entry
from .importing import WATCHED, Defaults, Importer, stays_withdrawn
from .losses import NOTHING, Losses, losses
from .owners import Owners, PhotoFolder
from .registry import Said
from .table_rows import Candidate, Fault, Rules, candidates
from .tables import Row, read_table

#: A camera's picture has a few MiB.
MOST_PICTURE: Final = 32 << 20
MOST_PICTURES: Final = 20
NO_WAY: Final = "no way in at all: neither face, card nor plate, and no guard lets them in by hand"
NO_PICTURE: Final = Complaint("no_picture", "there is no picture: this person's face is not known")


@dataclass(frozen=True)
class RowReport:
    """What came of one row, or would. `errors` of somebody who is enrolled are what somebody must see to."""

    row: int
    id: str
    outcome: Literal["enrolled", "refused"]
    templates: int = 0
    errors: tuple[Fault, ...] = ()
    warnings: tuple[Complaint, ...] = ()
    losses: Losses = NOTHING


class TableImporter:
    """Enrols everybody in a table; each person is one transaction."""

    def __init__(self, parts: Services, importer: Importer, rules: Rules, photos: Path | None) -> None:
        self._parts = parts
        self._importer = importer
        self._rules = rules
        self._photos = photos
        self._found: PhotoFolder | None = None
        self._deal = Deal()

    def run(self, path: Path) -> Iterator[RowReport]:
        """A report per row, as they are done; the table is read whole before anything is written.

        Raises:
            BadInput: the table, or the folder of pictures, cannot be read.
        """
        rows = self._read(path)
        exchange = self._importer.exchange(self._deal, who=self._rules.who)
        for one in rows:
            yield self._take(one, exchange) if isinstance(one, Candidate) else _refused(*one)

    def strays(self) -> list[str]:
        """Pictures beside the sub-folders that are nobody's of the table that was read last."""
        return self._found.strays if self._found else []

    def rehearse(self, path: Path) -> list[RowReport]:
        """What each row would be before a picture is looked at; nothing is written.

        Raises:
            BadInput: as `run`.
        """
        return [self._look(one) if isinstance(one, Candidate) else _refused(*one) for one in self._read(path)]

    def _read(self, path: Path) -> list[Candidate | tuple[Row, list[Fault]]]:
        if self._photos is not None and not self._photos.is_dir():
            raise BadInput(f"{self._photos}: no such folder")
        rows = read_table(path)
        # Rows that are refused count too: what shows somebody of them is nobody else's picture.
        owners = Owners({str(row.cells.get("id", "")) for row in rows} - {""})
        try:
            self._found = PhotoFolder(self._photos, owners) if self._photos is not None else None
        except OSError as error:
            raise BadInput(f"{self._photos}: {error.strerror or error}") from error
        found = candidates(rows, self._rules)
        self._deal = self._importer.look_over((one.id, one.about) for one in found if isinstance(one, Candidate))
        return found

    def _look(self, one: Candidate) -> RowReport:
        """As `_take`, as far as the table and the store tell."""
        with self._parts.store.read() as link:
            faults = [Fault("", WATCHED)] if lookup.is_watched(link, one.id) else self._unheld(one)
            changes = details.card_changes(link, one.id, one.about)
            lost, gone = stays_withdrawn(link, one.id, one.about, changes), losses(link, one.id, one.about, changes)
        if faults:
            return RowReport(one.row, one.id, "refused", errors=tuple(faults))
        _, warnings = self._settled(one)
        warnings = (*lost, *gone.complaints(), *self._deal.shared.get(one.id, ()), *warnings)
        count = len(self._pictures(one.id))
        if self._photos is not None and one.recognition and not count:
            warnings = (*warnings, NO_PICTURE)
        if count and not one.recognition:
            warnings = (*warnings, Complaint("not_looked", "no consent to face recognition: its pictures stay unseen"))
        return RowReport(one.row, one.id, "enrolled", warnings=warnings, losses=gone)

    def _unheld(self, one: Candidate) -> list[Fault]:
        """Why they cannot have the cards of their row."""
        why = self._deal.refused.get(one.id)
        return [Fault("cards", why)] if why else []

    def _take(self, one: Candidate, exchange: Exchange) -> RowReport:
        if faults := self._unheld(one):
            return RowReport(one.row, one.id, "refused", errors=tuple(faults))
        one, warnings = self._settled(one)
        with TemporaryDirectory(prefix="zhian-") as folder:
            try:
                count = self._bring(one.id, Path(folder))
            except OSError as error:
                exchange.refuse(one.id)
                return _refused_late(one, Fault("", f"its pictures: {error}"), exchange)
            if not count and one.about.face is not False:
                warnings = (*warnings, NO_PICTURE)
                one = replace(one, about=msgspec.structs.replace(one.about, face=None))
            entry = Entry(one.id, Path(folder), one.about)
            by = {"who": self._rules.who, "said": one.said, "looked": count > 0}
            report = self._importer.take(entry, one.basis, Defaults(), exchange, **by)  # type: ignore[arg-type]
        if report.failed:
            column = "cards" if report.failed.startswith("card ") else ""
            return _refused_late(one, Fault(column, report.failed), exchange)
        warnings = (*report.complaints, *self._deal.shared.get(one.id, ()), *warnings)
        return RowReport(
            one.row, one.id, "enrolled", report.templates, self._lost(one.id), warnings, losses=report.losses
        )

    def _settled(self, one: Candidate) -> tuple[Candidate, tuple[Complaint, ...]]:
        """With what the store knows: an older table gives nobody's consent back that was taken back since."""
        day = {ground.purpose: ground.given_on for ground in one.said.given}
        with self._parts.store.read() as link:
            stands = consents.standings(link, self._parts.now(), [one.id])[one.id]
            back = {purpose: consents.taken_back(link, one.id, purpose, self._parts.zone) for purpose in day}
        old = {purpose for purpose, taken in back.items() if taken and day[purpose] <= taken}
        given = tuple(ground for ground in one.said.given if ground.purpose not in old)
        warnings = tuple(
            Complaint("taken_back", f"{purpose} was taken back on {back[purpose]}; only a later consent counts")
            for purpose in sorted(old)
        )
        if one.unreached:
            said = f"guardian {one.unreached} has no address: nobody will be told"
            warnings = (*warnings, Complaint("unreached", said))
        holds = stands[RECOGNITION].holds
        asked = one.recognition and RECOGNITION not in old
        # What somebody switched off here stays off while the consent is the same one.
        face = (None if holds else True) if asked else None if one.recognition is None and holds else False
        about = msgspec.structs.replace(one.about, face=face)
        return replace(one, about=about, said=Said(given, one.said.refused)), warnings

    def _bring(self, person_id: str, target: Path) -> int:
        """Copy somebody's pictures to a folder of their own: of a sub-folder, or `ID.jpg`, `ID-1.jpg`, `ID_2.png`."""
        for path in self._pictures(person_id)[:MOST_PICTURES]:
            if path.stat().st_size <= MOST_PICTURE:
                shutil.copyfile(path, target / path.name)
        return len(list(target.iterdir()))

    def _pictures(self, person_id: str) -> list[Path]:
        return self._found.of(person_id) if self._found else []

    def _lost(self, person_id: str) -> tuple[Fault, ...]:
        with self._parts.store.read() as link:
            lost = ways.is_stranded(link, person_id, self._parts.now())
        return (Fault("", NO_WAY),) if lost else ()


def _refused(row: Row, faults: Sequence[Fault]) -> RowReport:
    return RowReport(row.number, str(row.cells.get("id", "")), "refused", errors=tuple(faults))


def _refused_late(one: Candidate, fault: Fault, exchange: Exchange) -> RowReport:
    """A row that is refused although nothing was wrong with it before it was taken."""
    told, lost = exchange.all_the_same(one.id), exchange.losses(one.id)
    return RowReport(one.row, one.id, "refused", errors=(fault,), warnings=told, losses=lost)


def as_csv(reports: Sequence[RowReport]) -> bytes:
    """The reports for a spreadsheet."""
    head = ("row", "id", "outcome", "templates", "errors", "warnings")
    return spreadsheets.as_csv(head, [_line(each) for each in reports])


def _line(report: RowReport) -> list[spreadsheets.Cell]:
    errors = "; ".join(f"{each.column}: {each.reason}" if each.column else each.reason for each in report.errors)
    warnings = "; ".join(map(str, report.warnings))
    return [report.row, report.id, report.outcome, report.templates, errors, warnings]


def as_json(reports: Sequence[RowReport]) -> bytes:
    """The reports for programs."""
    return msgspec.json.format(msgspec.json.encode(list(reports)), indent=2) + b"\n"
