"""Imports an office's table with its folder of pictures: a report per row, and nobody half written."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Literal

import msgspec
from sqlalchemy import Connection

from .. import spreadsheets
from ..errors import BadInput
from ..services import Services
from . import consents, details, lookup, ways
from .consent import RECOGNITION
from .enrolment import Complaint
from .files import SUFFIXES, Entry, loose_pictures
from .importing import WATCHED, Defaults, Importer
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
    """What came of one row. `errors` of somebody who is enrolled are what somebody must see to."""

    row: int
    id: str
    outcome: Literal["enrolled", "refused"]
    templates: int = 0
    errors: tuple[Fault, ...] = ()
    warnings: tuple[Complaint, ...] = ()


class TableImporter:
    """Enrols everybody in a table; each person is one transaction."""

    def __init__(self, parts: Services, importer: Importer, rules: Rules, photos: Path | None) -> None:
        self._parts = parts
        self._importer = importer
        self._rules = rules
        self._photos = photos
        self._ids: frozenset[str] = frozenset()

    def run(self, path: Path) -> Iterator[RowReport]:
        """A report per row, as they are done; the table is read whole before anything is written.

        Raises:
            BadInput: the table, or the folder of pictures, cannot be read.
        """
        for one in self._read(path):
            yield self._take(one) if isinstance(one, Candidate) else _refused(*one)

    def strays(self) -> list[str]:
        """Pictures beside the sub-folders that are nobody's of the table that was read last."""
        if self._photos is None:
            return []
        return [name for name in loose_pictures(self._photos) if owner(Path(name).stem, self._ids) is None]

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
        self._ids = frozenset(str(row.cells.get("id", "")) for row in rows) - {""}
        return candidates(rows, self._rules)

    def _look(self, one: Candidate) -> RowReport:
        """As `_take`, as far as the table and the store tell."""
        with self._parts.store.read() as link:
            faults = [Fault("", WATCHED)] if lookup.is_watched(link, one.id) else []
            faults += [Fault("cards", said) for card in one.about.cards if (said := _taken(link, one.id, card))]
        if faults:
            return RowReport(one.row, one.id, "refused", errors=tuple(faults))
        _, warnings = self._settled(one)
        count = len(self._pictures(one.id))
        if self._photos is not None and one.recognition and not count:
            warnings = (*warnings, NO_PICTURE)
        if count and not one.recognition:
            warnings = (*warnings, Complaint("not_looked", "no consent to face recognition: its pictures stay unseen"))
        return RowReport(one.row, one.id, "enrolled", warnings=warnings)

    def _take(self, one: Candidate) -> RowReport:
        one, warnings = self._settled(one)
        with TemporaryDirectory(prefix="zhian-") as folder:
            try:
                count = self._bring(one.id, Path(folder))
            except OSError as error:
                return RowReport(one.row, one.id, "refused", errors=(Fault("", f"its pictures: {error}"),))
            if not count and one.about.face is not False:
                warnings = (*warnings, NO_PICTURE)
                one = replace(one, about=msgspec.structs.replace(one.about, face=None))
            entry = Entry(one.id, Path(folder), one.about)
            by = {"who": self._rules.who, "said": one.said, "looked": count > 0}
            report = self._importer.take(entry, one.basis, Defaults(), **by)  # type: ignore[arg-type]
        if report.failed:
            column = "cards" if report.failed.startswith("card ") else ""
            return RowReport(one.row, one.id, "refused", errors=(Fault(column, report.failed),))
        warnings = (*report.complaints, *warnings)
        return RowReport(one.row, one.id, "enrolled", report.templates, self._lost(one.id), warnings)

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
        if self._photos is None:
            return []
        return [path for path in self._candidates(person_id) if path.suffix.lower() in SUFFIXES and path.is_file()]

    def _candidates(self, person_id: str) -> list[Path]:
        assert self._photos is not None
        own = self._photos / person_id
        if own.is_dir():
            return sorted(own.iterdir())
        return sorted(path for path in self._names() if owner(path.stem, self._ids) == person_id)

    def _names(self) -> list[Path]:
        assert self._photos is not None
        return list(self._photos.iterdir())

    def _lost(self, person_id: str) -> tuple[Fault, ...]:
        with self._parts.store.read() as link:
            lost = ways.is_stranded(link, person_id, self._parts.now())
        return (Fault("", NO_WAY),) if lost else ()


def _taken(link: Connection, person_id: str, card: str) -> str:
    """Whose card it is already; "" where it is free, or theirs."""
    held = details.holder(link, card)
    return "" if held in (None, person_id) else f"card {card} is {held}'s: withdraw it there first"


def owner(stem: str, ids: Collection[str]) -> str | None:
    """Whose picture `ID.jpg`, `ID-1.jpg` or `ID (2).png` is: of several ids that fit the longest one's only.

    `12-1.jpg` is the picture of `12-1` where there is somebody of that id, and otherwise one of `12`.
    """
    return max((each for each in ids if _is_of(stem, each)), key=len, default=None)


def _is_of(stem: str, person_id: str) -> bool:
    rest = stem.removeprefix(person_id)
    return stem.startswith(person_id) and (not rest or (rest[0] in "-_ (" and rest.strip("-_ ()").isdigit()))


def _refused(row: Row, faults: Sequence[Fault]) -> RowReport:
    return RowReport(row.number, str(row.cells.get("id", "")), "refused", errors=tuple(faults))


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
