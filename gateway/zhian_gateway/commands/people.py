"""`zhian-gateway people`: enrol on a ground, list, withdraw, look the gallery over."""

from __future__ import annotations

import dataclasses
import json
import re
import sys
from collections.abc import Collection
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import msgspec
import typer
from sqlalchemy import RowMapping
from zhian_wire.events import PLAIN_NAME

from ..errors import BadInput
from ..people import consents, details, lookup, timetable, ways
from ..people.consent import ground as read_ground
from ..people.enrolment import WhenNeeded
from ..people.files import Guardian, loose_pictures
from ..people.importing import Defaults, Importer, Report
from ..people.losses import Total, total
from ..people.table_importing import RowReport, TableImporter, as_csv, as_json
from ..people.table_rows import Rules
from ..services import Services
from .common import DEFAULT, ConfigOption, opened, operator, spoken

if TYPE_CHECKING:
    # Networks take seconds to load; most commands need none.
    from zhian_models.face.audit import Note

NO_WAY = "no way in at all: neither face, card nor plate, and no guard lets them in by hand (people set --by-hand on)"
SHOWN = ("id", "name", "group", "templates", "ground", "until", "face", "begins", "ends")


class Switch(StrEnum):
    """A state, in words."""

    ON = "on"
    OFF = "off"


app = typer.Typer(no_args_is_help=True, help="People, on what ground they are known, and what was done with them.")


@app.command("import")
def import_(
    folder: Annotated[Path, typer.Argument(help="One sub-folder per person (its name is the id), pictures inside.")],
    *,
    ground: Annotated[str, typer.Option(help="On what ground these people are enrolled; it is recorded.")],
    until: Annotated[str, typer.Option(help="Last day of the ground, YYYY-MM-DD; templates are deleted afterwards.")],
    group: Annotated[str | None, typer.Option(help="Group of everybody whose person.toml names none.")] = None,
    guardian: Annotated[
        list[str] | None, typer.Option(help="Apprise address (or inbox://NAME) for who has no guardian of their own.")
    ] = None,
    config: ConfigOption = DEFAULT,
) -> None:
    """Enrol everybody in a folder, and say per person what came of it."""
    with opened(config) as parts:
        basis = read_ground(text=ground, until=until, granted_by=operator(), now=parts.clock(), zone=parts.zone)
        defaults = Defaults(group=group, guardians=tuple(_guardian(address) for address in guardian or ()))
        # Networks take seconds to load; other commands need none.
        from ..people.networks import NetworkEnroller  # noqa: PLC0415

        importer = Importer(parts.store, parts.registry, parts.pictures, NetworkEnroller(), parts.clock)
        reports = []
        for report in importer.run(folder, basis, defaults, who=operator()):
            reports.append(report)
            _print(report)
        for name in loose_pictures(folder):
            print(
                f"{folder / name}: NOBODY'S: pictures lie in a folder per person, named by the id: {folder}/ID/{name}"
            )
        _print_audit(parts, {report.id for report in reports})
        _print_nobodies(parts, [report.id for report in reports])
        _print_stranded(parts, {report.id for report in reports})
    usable = sum(1 for report in reports if report.templates)
    print(f"{usable} of {len(reports)} people can be recognised; ground: {basis.text}; until {until}")
    if not usable:
        raise typer.Exit(1)


@app.command("import-table")
def import_table(
    file: Annotated[Path, typer.Argument(help="A table, .csv (UTF-8 or GB18030) or .xlsx, with a heading line.")],
    *,
    ground: Annotated[str, typer.Option(help="On what ground these people are listed; it is recorded.")],
    until: Annotated[str, typer.Option(help="Last day of ground and consents, YYYY-MM-DD.")],
    photos: Annotated[Path | None, typer.Option(help="Pictures: a sub-folder per id, or ID.jpg, ID-1.jpg ...")] = None,
    group: Annotated[str | None, typer.Option(help="Group of everybody whose row names none.")] = None,
    report: Annotated[Path | None, typer.Option(help="Write the report here as well, .json or .csv.")] = None,
    look: Annotated[
        bool, typer.Option("--look", help="Only say what would come of each row; nothing is written.")
    ] = False,
    config: ConfigOption = DEFAULT,
) -> None:
    """Enrol everybody in an office's table, with a report per row. Exit code 1: a row was refused, or has no way in.

    It says first how much the table takes away from who is enrolled; `--look` says whose, and leaves it at that.
    """
    if report is not None and report.suffix.lower() not in (".json", ".csv"):
        raise typer.BadParameter(f"{report}: call it .json or .csv")
    with opened(config) as parts:
        with parts.store.read() as link:
            texts = consents.texts(link)
        said = {"ground": ground, "until": until, "who": operator(), "now": parts.clock(), "zone": parts.zone}
        rules = Rules(group=group, texts=texts, **said)  # type: ignore[arg-type]
        # On what ground is known to hold before the first row is.
        read_ground(text=ground, until=until, granted_by=operator(), now=parts.clock(), zone=parts.zone)
        importer = Importer(parts.store, parts.registry, parts.pictures, WhenNeeded(), parts.clock)
        table = TableImporter(parts, importer, rules, photos)
        reports = table.rehearse(file)
        _print_losses(total(each.losses for each in reports))
        if look:
            for each in reports:
                _print_row(each)
        else:
            reports = _take_all(table, file)
        for name in table.strays():
            print(f"{photos}/{name}: NOBODY'S of this table: name it ID.jpg or ID-1.jpg, or put it into a folder ID/")
        imported = [each.id for each in reports if each.outcome == "enrolled"]
        if any(each.templates for each in reports):
            _print_audit(parts, set(imported))
        if not look:
            with parts.store.read() as link:
                print(ways.faces(link))
    if report is not None:
        report.write_bytes(as_json(reports) if report.suffix.lower() == ".json" else as_csv(reports))
    print(f"{len(imported)} of {len(reports)} rows {'can be ' if look else ''}enrolled")
    if any(each.errors for each in reports):
        raise typer.Exit(1)


def _take_all(table: TableImporter, file: Path) -> list[RowReport]:
    """Each row's report, shown as soon as it is done."""
    reports = []
    for each in table.run(file):
        reports.append(each)
        _print_row(each)
    return reports


def _print_losses(taken: Total) -> None:
    """Before anything is done: what a table with a column too few, or of another year, would undo."""
    if any(taken):
        gone = f"{taken.cards} cards, {taken.plates} plates, {taken.guardians} guardians"
        print(f"takes away {gone}; renames {taken.names}", flush=True)


def _print_row(report: RowReport) -> None:
    print(f"{report.row}: {report.id}: {report.outcome}, {_counted(report.templates)}")
    for fault in report.errors:
        print(f"  ERROR {fault.column + ': ' if fault.column else ''}{fault.reason}")
    for warning in report.warnings:
        print(f"  {warning}")


def _print_audit(parts: Services, imported: Collection[str]) -> None:
    """What only a look at everybody together shows of those who were just imported."""
    from ..people.gallery import AMONG_ALL, look_over  # noqa: PLC0415

    with parts.store.read() as link:
        notes = look_over(link)
    for note in notes:
        if note.finding in AMONG_ALL and {note.person_id, note.other_id} & set(imported):
            print(_line(note))


def _print_nobodies(parts: Services, imported: Collection[str]) -> None:
    with parts.store.read() as link:
        for child, who in details.nobodies(link, imported):
            print(f"{child}: {who} is to collect them, and is not enrolled: no node would know them")


def _print_stranded(parts: Services, imported: Collection[str]) -> None:
    """Who has no way in; and how many faces there are by now."""
    with parts.store.read() as link:
        for person in ways.stranded(link, parts.now()):
            if person in imported:
                print(f"{person}: ERROR: {NO_WAY}")
        print(ways.faces(link))


def _line(note: Note) -> str:
    picture = f" {note.picture}:" if note.picture else ""
    return f"{note.person_id}:{picture} {note.finding}: {note.text}"


def _counted(templates: int) -> str:
    return f"{templates} template" if templates == 1 else f"{templates} templates"


def _guardian(address: str) -> Guardian:
    try:
        return msgspec.convert({"address": address}, Guardian)
    except msgspec.ValidationError as error:
        raise BadInput(f"guardian {address!r} is no address such as inbox://parents or an apprise URL") from error


def _print(report: Report) -> None:
    if report.failed:
        print(f"{report.id}: not enrolled: {report.failed}")
    else:
        print(f"{report.id}: {_counted(report.templates)}")
    for complaint in report.complaints:
        print(f"  {complaint}")


@app.command("list")
def list_(
    config: ConfigOption = DEFAULT, as_json: Annotated[bool, typer.Option("--json", help="One JSON line each.")] = False
) -> None:
    """Everybody enrolled, with the ground, how many templates there are, and by what they come in."""
    with opened(config) as parts, parts.store.read() as link:
        rows = lookup.enrolled(link)
        by = ways.ways(link, rows, parts.now())
        for row in rows:
            if as_json:
                said = {name: row[name] for name in SHOWN} | {"ways": by[row["id"]]}
                print(json.dumps(said, ensure_ascii=False))
            else:
                lost = "" if by[row["id"]] or row["watch"] else "  NO WAY IN"
                print(
                    f"{row['id']}  {row['name']}  {row['group']}  {_counted(row['templates'])}  "
                    f"until {row['until'][:10]}  {row['ground']}{_limits(row, parts.zone)}{lost}"
                )


@app.command()
def count(config: ConfigOption = DEFAULT) -> None:
    """How many people's faces are kept, towards the number that must be filed; and who has no way in (exit code 1)."""
    with opened(config) as parts, parts.store.read() as link:
        print(ways.faces(link))
        lost = ways.stranded(link, parts.now())
    for person in lost:
        print(f"{person}: ERROR: {NO_WAY}")
    if lost:
        raise typer.Exit(1)


def _limits(row: RowMapping, zone: ZoneInfo) -> str:
    """What holds for somebody besides."""
    return "".join(f"  {each}" for each in ([] if row["face"] else ["face off"]) + spoken(row, zone))


@app.command()
def withdraw(
    person: Annotated[str, typer.Argument(help="The person's id.")],
    why: Annotated[str, typer.Option(help="Recorded.")] = "withdrawn",
    config: ConfigOption = DEFAULT,
) -> None:
    """Delete whatever shows or names somebody, here and on every node; the record of it stays."""
    with opened(config) as parts:
        with parts.store.write() as link:
            orphans = parts.registry.withdraw(link, person, who=operator(), now=parts.now(), why=why)
        parts.pictures.delete(orphans)
    print(f"{person}: withdrawn; nodes delete the templates with their next roster")


@app.command("set")
def set_(
    person: Annotated[str, typer.Argument(help="The person's id.")],
    *,
    face: Annotated[Switch | None, typer.Option(help="off: no face recognition; cards and plates do alone.")] = None,
    by_hand: Annotated[Switch | None, typer.Option(help="on: guards know them and let them in.")] = None,
    begins: Annotated[str | None, typer.Option(help="May come from this day (or moment) on; '': always.")] = None,
    ends: Annotated[str | None, typer.Option(help="May come until the end of this day; '': always.")] = None,
    group: Annotated[str | None, typer.Option(help="Group.")] = None,
    schedule: Annotated[str | None, typer.Option(help="A schedule of their own; '': their group's.")] = None,
    why: Annotated[str, typer.Option(help="Recorded.")] = "",
    config: ConfigOption = DEFAULT,
) -> None:
    """Change what holds for somebody enrolled; nodes have it with their next roster, within seconds."""
    if all(said is None for said in (face, by_hand, begins, ends, group, schedule)):
        raise typer.BadParameter("say what to change: --face, --by-hand, --begins, --ends, --group or --schedule")
    for name, said in (("group", group), ("schedule", schedule or None)):
        if said is not None and not re.fullmatch(PLAIN_NAME, said):
            raise typer.BadParameter(f"{name} {said!r} has other characters than letters, digits, '.', '_' and '-'")
    with opened(config) as parts, parts.store.write() as link:
        who, now = operator(), parts.now()
        if face is not None:
            parts.editor.switch_face(link, person, face.value, why=why, who=who, now=now)
        if by_hand is not None:
            parts.editor.set_by_hand(link, person, by_hand.value, why=why, who=who, now=now)
        if begins is not None or ends is not None:
            parts.editor.set_validity(link, person, begins, ends, who=who, now=now)
        if group is not None or schedule is not None:
            parts.editor.set_place(link, person, group, schedule, who=who, now=now)
        lost = schedule if schedule in {name for _, name in timetable.unknown_schedules(link)} else None
    print(f"{person}: changed")
    if lost:
        print(
            f"no schedule {lost!r} is kept here: a node whose own configuration has none either lets {person} in never",
            file=sys.stderr,
        )


@app.command()
def renew(config: ConfigOption = DEFAULT) -> None:
    """Make templates anew of the pictures that are kept, after another network has taken over."""
    with opened(config) as parts:
        from ..people.networks import NetworkEnroller  # noqa: PLC0415
        from ..people.renewing import Renewer  # noqa: PLC0415

        renewer = Renewer(parts.store, parts.registry, parts.pictures, NetworkEnroller(), parts.clock)
        reports = []
        for report in renewer.run(who=operator()):
            reports.append(report)
            _print(report)
    failed = sum(1 for report in reports if report.failed)
    print(f"{len(reports) - failed} people renewed, {failed} not")
    if failed:
        raise typer.Exit(1)


@app.command("audit")
def audit(
    person: Annotated[str | None, typer.Argument(help="Only what concerns this person.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line per finding.")] = False,
    config: ConfigOption = DEFAULT,
) -> None:
    """Look the gallery over: near-duplicates, pictures that attract strangers or are no good, too few pictures.

    It changes nothing; exit code 1 says that somebody has to look.
    """
    from ..people.gallery import look_over  # noqa: PLC0415

    with opened(config) as parts, parts.store.read() as link:
        notes = [note for note in look_over(link) if person in (None, note.person_id, note.other_id)]
        enrolled = len(lookup.enrolled(link))
    for note in notes:
        print(json.dumps(dataclasses.asdict(note), ensure_ascii=False) if as_json else _line(note))
    if not as_json:
        print(f"{len(notes)} findings among {enrolled} people")
    if notes:
        raise typer.Exit(1)
