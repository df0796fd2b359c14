"""An office's table that came through the page: looked through first, and taken only when somebody asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Literal

from ..errors import BadInput
from ..services import Services
from . import consents
from .consent import ground
from .enrolment import WhenNeeded
from .importing import Importer
from .table_importing import RowReport, TableImporter
from .table_rows import Candidate, Fault, Rules, candidates
from .tables import Row, read_table

Form = Literal["csv", "xlsx"]
#: Some ten thousand rows.
MOST: Final = 4 << 20


@dataclass(frozen=True)
class Upload:
    """A table, and on what ground and until which day its people are listed."""

    data: bytes
    form: Form
    ground: str
    until: str
    group: str | None = None


def rehearse(parts: Services, table: Upload, *, who: str) -> list[RowReport]:
    """What each row would be, as far as the table alone tells: nothing is written.

    Raises:
        BadInput, NoGround: the table cannot be read, or its ground does not hold.
    """
    rules = _rules(parts, table, who)
    with TemporaryDirectory(prefix="zhian-") as folder:
        rows = read_table(_written(Path(folder), table))
    return [_report(each) for each in candidates(rows, rules)]


def take(parts: Services, table: Upload, *, who: str) -> list[RowReport]:
    """Enrol everybody in it, each whole or not at all; pictures come by the command line alone.

    Raises:
        BadInput, NoGround: as above.
    """
    rules = _rules(parts, table, who)
    importer = Importer(parts.store, parts.registry, parts.pictures, WhenNeeded(), parts.clock)
    with TemporaryDirectory(prefix="zhian-") as folder:
        return list(TableImporter(parts, importer, rules, None).run(_written(Path(folder), table)))


def counts(reports: Sequence[RowReport]) -> tuple[int, int]:
    """How many rows are (or would be) enrolled, and how many refused."""
    refused = sum(1 for each in reports if each.outcome == "refused")
    return len(reports) - refused, refused


def _rules(parts: Services, table: Upload, who: str) -> Rules:
    if not table.data:
        raise BadInput("the table is empty")
    # On what ground is known to hold before the first row is.
    ground(text=table.ground, until=table.until, granted_by=who, now=parts.clock(), zone=parts.zone)
    with parts.store.read() as link:
        texts = consents.texts(link)
    return Rules(
        ground=table.ground,
        until=table.until,
        who=who,
        now=parts.clock(),
        zone=parts.zone,
        group=table.group,
        texts=texts,
    )


def _written(folder: Path, table: Upload) -> Path:
    path = folder / f"table.{table.form}"
    path.write_bytes(table.data)
    return path


def _report(one: Candidate | tuple[Row, list[Fault]]) -> RowReport:
    if isinstance(one, Candidate):
        return RowReport(one.row, one.id, "enrolled")
    row, faults = one
    return RowReport(row.number, str(row.cells.get("id", "")), "refused", errors=tuple(faults))
