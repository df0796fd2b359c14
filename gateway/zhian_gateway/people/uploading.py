"""An office's table that came through the page: looked through first, and taken only when somebody asks for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Literal

from ..errors import BadInput
from ..services import Services
from . import bundles, consents
from .consent import ground
from .importing import Importer
from .losses import Total, total
from .table_importing import RowReport, TableImporter
from .table_rows import Rules

Form = Literal["csv", "xlsx", "zip"]
#: Some ten thousand rows; a ZIP has the pictures beside them.
MOST: Final[dict[Form, int]] = {"csv": 4 << 20, "xlsx": 4 << 20, "zip": bundles.MOST_BYTES}


@dataclass(frozen=True)
class Looked:
    """What comes of each row; `strays` are pictures of a ZIP that are nobody's of its table."""

    rows: list[RowReport]
    strays: tuple[str, ...] = ()


@dataclass(frozen=True)
class Upload:
    """A table, or a ZIP with one and its pictures, and on what ground and until which day its people are listed."""

    data: bytes
    form: Form
    ground: str
    until: str
    group: str | None = None


def rehearse(parts: Services, table: Upload, *, who: str) -> Looked:
    """What each row would be, as far as table and store tell before a picture is looked at: nothing is written.

    Raises:
        BadInput, NoGround: the table cannot be read, or its ground does not hold.
    """
    rules = _rules(parts, table, who)
    with TemporaryDirectory(prefix="zhian-") as folder:
        bundle = _written(Path(folder), table)
        importer = TableImporter(parts, _importer(parts), rules, bundle.photos if table.form == "zip" else None)
        return Looked(importer.rehearse(bundle.table), bundle.strays)


def take(parts: Services, table: Upload, *, who: str, done: Callable[[int], None]) -> Looked:
    """Enrol everybody in it, each whole or not at all, with the pictures of a ZIP; `done`: how many rows.

    Raises:
        BadInput, NoGround: as above.
    """
    rules = _rules(parts, table, who)
    with TemporaryDirectory(prefix="zhian-") as folder:
        bundle = _written(Path(folder), table)
        importer = TableImporter(parts, _importer(parts), rules, bundle.photos if table.form == "zip" else None)
        rows: list[RowReport] = []
        for row in importer.run(bundle.table):
            rows.append(row)
            done(len(rows))
        return Looked(rows, bundle.strays)


def counts(reports: Sequence[RowReport]) -> tuple[int, int]:
    """How many rows are (or would be) enrolled, and how many refused."""
    refused = sum(1 for each in reports if each.outcome == "refused")
    return len(reports) - refused, refused


def losses(reports: Sequence[RowReport]) -> Total:
    """How much the table takes away (or would) from who is enrolled."""
    return total(each.losses for each in reports)


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


def _importer(parts: Services) -> Importer:
    return Importer(parts.store, parts.registry, parts.pictures, parts.enroller, parts.clock)


def _written(folder: Path, table: Upload) -> bundles.Bundle:
    if table.form == "zip":
        return bundles.unpack(table.data, folder)
    path = folder / f"table.{table.form}"
    path.write_bytes(table.data)
    return bundles.Bundle(path, folder, 0, ())
